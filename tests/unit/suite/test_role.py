"""A run's contract decides which role's tests it has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS, PROJECT


@pytest.mark.parametrize(
    "profile,has,has_not",
    [
        ("poc", "test_addresses.py", "test_proxy_offer.py"),
        ("proxydhcp", "test_proxy_offer.py", "test_addresses.py"),
    ],
)
def test_tests_of_the_other_role_are_deselected(profile: str, has: str, has_not: str) -> None:
    """They are neither skipped nor run; what both roles owe stays."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "-q", "--collect-only", "--lab=netns"]
    finished = subprocess.run(
        [*command, f"--profile={profile}", "tests/e2e"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"tests/e2e/{has}::" in finished.stdout or f"tests/e2e/{has}:" in finished.stdout, finished.stdout
    assert has_not not in finished.stdout
    assert "test_who_answers.py" in finished.stdout
    assert "deselected" in finished.stdout


def test_tests_of_what_the_server_lacks_are_deselected(tmp_path: Path) -> None:
    """Those of its ping check, and no others."""
    contract = tmp_path / "no-ping.toml"
    base = CONTRACTS / "poc-fixed.toml"
    contract.write_text(f'based_on = "{base}"\n[server]\nping_check = false\n', encoding="utf-8")
    whole, run = collected("--profile=poc-fixed"), collected("--profile=poc-fixed", f"--contract={contract}")
    assert {name.partition("::")[2] for name in named_in(whole) - named_in(run)} == {
        "test_address_of_a_live_host_is_not_offered",
        "test_faster_rogue_is_reported_with_its_lead",
        "test_faster_rogue_decides_what_a_node_boots",
    }


def collected(*options: str) -> str:
    """What pytest says of the suite that it would run with these options."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--collect-only", "--lab=netns", "-n0", "-q"]
    finished = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, "tests/e2e"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stdout


def named_in(output: str) -> set[str]:
    """Their files and names."""
    return set(re.findall(r"^tests/e2e/(\S+?::\w+)", output, re.MULTILINE))
