"""A run's contract decides which role's tests it has."""

from __future__ import annotations

import subprocess
import sys

import pytest

from edgeboot.paths import PROJECT


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
