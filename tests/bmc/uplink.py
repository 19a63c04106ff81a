"""Joins the lab's segment with a bridge of a libvirt outside it (pytest -p tests.bmc.uplink)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.labs.segment_lab import SegmentLab

NAMESPACE: Final = "EDGEBOOT_FAULT_UPLINK"
"""The variable with the network namespace of that bridge."""
BRIDGE: Final = "edge0"
_MAC: Final = MacAddress.parse("02:00:00:00:00:b1")


@pytest.fixture(scope="session", autouse=True)
def uplink(lab: SegmentLab) -> Iterator[None]:
    """As a cable between two switches."""
    end = LinkEnd(os.environ[NAMESPACE], "uplink")
    unplug = lab._plug_in(end, _MAC)  # noqa: SLF001 - a lab has no verb for a switch of somebody else's
    links.join(end, BRIDGE)
    yield
    unplug()
