"""``--termination-message`` has the verdict, however a run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.report.termination_message import TerminationMessage
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness


@pytest.mark.parametrize(
    "arguments, status, words",
    [
        (("tests/e2e/test_lease_time.py",), 0, "What was tested is as stated"),
        (("tests/e2e/test_lease_time.py", "--contract=absent.toml"), 4, "no such file"),
        (("tests/e2e/test_lease_time.py", "-k", "nothing"), 5, "no test was run"),
    ],
)
def test_last_words_say_what_the_status_means(
    run_suite: RunSuite, tmp_path: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    """A Pod's status has them when its log is gone."""
    file = tmp_path / "termination-log"
    run = run_suite(f"--termination-message={file}", "--segment=berlin-1", *arguments, workers=0)
    message = TerminationMessage.decode(file.read_text())
    assert run.status == status, run.output
    assert message is not None
    assert message.segment == "berlin-1"
    assert words in message.sentence


def test_log_ends_with_the_last_words_too(run_suite: RunSuite, tmp_path: Path) -> None:
    """A collector of logs has them when the Pod is gone."""
    file = tmp_path / "termination-log"
    run = run_suite(f"--termination-message={file}", "tests/e2e/test_lease_time.py", workers=0)
    assert f"result: {file.read_text()}" in run.output.splitlines()
