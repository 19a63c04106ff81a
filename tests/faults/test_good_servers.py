"""Servers that are known to be good pass: their differences are terms of their contracts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from edgeboot.base.paths import PROJECT
from tests.faults.checks import collected
from tests.faults.good_server import GOOD_SERVERS, GoodServer, run_suite

BASELINE = ("--lab=netns", "--profile=poc-fixed")
pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture(scope="module", autouse=True)
def programs_unpacked() -> None:
    """Unpacks every server's program into the cache."""
    unpacking = subprocess.run(
        [PROJECT / "tools" / "good-servers"], capture_output=True, text=True, check=False
    )
    assert unpacking.returncode == 0, unpacking.stderr


@pytest.mark.parametrize("server", GOOD_SERVERS, ids=lambda server: server.name)
def test_good_server_passes(server: GoodServer, tmp_path: Path) -> None:
    """No test fails, no fewer pass than stated, and the header names the abilities that were not tested."""
    run = run_suite(*server.options, "--numprocesses=2", f"--evidence={tmp_path}")
    passed = re.search(r"\b(\d+) passed", run.stdout)
    assert run.returncode == 0, run.stdout
    assert passed is not None, run.stdout
    assert int(passed[1]) >= server.passes, run.stdout
    lacking = sorted(ability.value for ability in server.contract.server.lacking)
    assert f"the server has no {', '.join(lacking)}: their tests are deselected" in run.stdout


@pytest.mark.parametrize("server", GOOD_SERVERS, ids=lambda server: server.name)
def test_nothing_but_what_its_contract_denies_is_deselected(server: GoodServer) -> None:
    """Every test that is left out carries the marker of a thing that this server has not."""
    left_out = collected(BASELINE) - collected((*BASELINE, *server.options))
    assert left_out
    assert left_out <= collected((*BASELINE, "-m", "e2e and ability"))
