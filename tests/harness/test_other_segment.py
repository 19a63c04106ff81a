"""The suite has no built-in addresses: it passes on another segment, too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS, MANIFESTS
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness

DOCUMENTED, OTHER = "192.168.99.", "10.20.30."


@pytest.fixture
def other_segment(tmp_path: Path, environment: dict[str, str]) -> Path:
    """Copies contracts and manifests with the addresses of another network; the contracts' directory."""
    for source in (MANIFESTS, CONTRACTS):
        for path in sorted(shutil.copytree(source, tmp_path / source.name).rglob("*.*")):
            path.write_text(path.read_text().replace(DOCUMENTED, OTHER))
    environment["EDGEBOOT_MANIFESTS"] = str(tmp_path / MANIFESTS.name)
    return tmp_path / CONTRACTS.name


@pytest.mark.timeout(400)
@pytest.mark.parametrize("profile", ["poc", "proxydhcp"])
def test_suite_passes_on_another_segment(profile: str, other_segment: Path, run_suite: RunSuite) -> None:
    """Every address comes from the contract, the manifests or a node's lease."""
    contract = other_segment / f"{profile}.toml"
    run = run_suite(f"--profile={profile}", f"--contract={contract}", "tests/e2e", workers=4, timeout=300)
    assert run.status == 0, run.output
    assert DOCUMENTED not in run.output
