"""Contract terms decide: a server with different behaviour passes with a contract that states it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness


def test_authoritative_server_fulfils_an_authoritative_contract(
    changed_config: ConfigChanger, run_suite: RunSuite, tmp_path: Path
) -> None:
    """How a server treats unknown clients is a term of the contract, not a fault."""
    contract = tmp_path / "authoritative.toml"
    terms = (CONTRACTS / "poc-fixed.toml").read_text()
    contract.write_text(terms.replace("authoritative = false", "authoritative = true"))
    candidate = changed_config("port=0", "port=0\ndhcp-authoritative")
    files = [f"tests/e2e/test_{name}.py" for name in ("renewal", "init_reboot")]
    run = run_suite("--dhcp-config", str(candidate), "--contract", str(contract), *files)
    assert run.status == 0, run.output
