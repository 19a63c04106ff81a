"""Findings that break no term of the contract but will hurt the node after its DHCP."""

from __future__ import annotations

import pytest

from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.advisories import ADVISORIES, Advisory
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.advisories import Advise

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers("iPXE-name-server", "iPXE-router", "PXE-2.1-bootfile-served")
@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: advisory.name)
def test_lease_has_no_advisory(
    advisory: Advisory, booted_node: EdgeNode, contract: Contract, advise: Advise, check: Check
) -> None:
    """A finding is listed at the end of the run, or fails it where the contract says "error"."""
    advice = advisory.look(booted_node, booted_node.held, contract)
    if advice is not None:
        advise(advice)
        check.advises_only(advice, booted_node.held)
