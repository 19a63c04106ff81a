"""A term of the contract is what it says: a server that fulfils another one passes by that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS
from tests.harness.suite import Changed, RunSuite

pytestmark = pytest.mark.harness


def test_authoritative_server_fulfils_an_authoritative_contract(
    changed: Changed, run_suite: RunSuite, tmp_path: Path
) -> None:
    """What it does for clients that it does not know is a term, not a fault."""
    contract = tmp_path / "authoritative.toml"
    terms = (CONTRACTS / "poc-fixed.toml").read_text()
    contract.write_text(terms.replace("authoritative = false", "authoritative = true"))
    candidate = changed("port=0", "port=0\ndhcp-authoritative")
    files = [f"tests/e2e/test_{name}.py" for name in ("renewal", "init_reboot")]
    run = run_suite("--dhcp-config", str(candidate), "--contract", str(contract), *files)
    assert run.status == 0, run.output
