"""What a command line asks for, before anything is collected."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edgeboot.base.paths import PROJECT
from fixtures.collection import asks_for, asks_only_for


@pytest.mark.parametrize(
    "expression,only",
    [
        ("e2e", True),
        ("e2e and slow", True),
        ("(e2e) and triage", True),
        ("e2e and (slow or triage)", True),
        ("e2e and not slow", True),
        ("e2e or harness", False),
        ("not e2e", False),
        ("harness", False),
        ("", False),
        ("e2e and", False),
    ],
)
def test_expression_asks_for_one_marker_only(expression: str, only: bool) -> None:
    """Then only the tests of that kind are read."""
    assert asks_only_for("e2e", expression) is only


@pytest.mark.parametrize(
    "expression,asked",
    [
        ("slow", True),
        ("e2e and slow", True),
        ("e2e or (slow and not triage)", True),
        ("e2e and not slow", False),
        ("e2e and not (slow or triage)", False),
        ("slower", False),
        ("e2e and", False),
    ],
)
def test_expression_names_a_marker_to_have_its_tests(expression: str, asked: bool) -> None:
    """A run without slow tests has its limit of time, also where it is said that it has none."""
    assert asks_for("slow", expression) is asked


def workers_of(*arguments: str) -> str:
    """The number of workers that a run would have, as pytest has it."""
    probe = "def pytest_sessionstart(session):\n    print('WORKERS', session.config.option.numprocesses)\n"
    command = [
        sys.executable,
        "-c",
        f"import sys, types\nm = types.ModuleType('probe')\nexec({probe!r}, vars(m))\n",
    ]
    command[-1] += f"import pytest\nsys.exit(pytest.main({list(arguments)!r}, plugins=[m]))"
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return finished.stdout.partition("WORKERS ")[2].partition("\n")[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "e2e and triage"),
        ("-m", "e2e", "tests/e2e/test_boot.py::test_reply_names_the_boot_file"),
    ],
    ids=["triage", "one test"],
)
def test_few_tests_run_in_one_process(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """A lab for each of a few tests takes longer than they do."""
    assert workers_of("--lab=netns", "--collect-only", "-q", f"--evidence={tmp_path}", *arguments) == "0"


def test_last_failures_run_in_one_process(tmp_path: Path) -> None:
    """As many as pytest's cache names."""
    cache = tmp_path / "cache" / "v" / "cache"
    cache.mkdir(parents=True)
    (cache / "lastfailed").write_text(json.dumps({"tests/e2e/test_boot.py::test_a": True}))
    options = ("--lab=netns", "--collect-only", "-q", "-m", "e2e", "--lf", f"--evidence={tmp_path}")
    assert workers_of(*options, "-o", f"cache_dir={tmp_path / 'cache'}") == "0"
