"""Secrets that a run comes across are in nothing that it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from edgeboot.report.github import SUMMARY_VARIABLE
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

TOKEN: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJlZGdlIn0.cGxhbnRlZA"  # noqa: S105 - made up
PASSWORD: Final = "planted-password"  # noqa: S105
KEY: Final = "UExBTlRFRCBLRVk="
KUBECONFIG: Final = f"users:\n- user:\n    token: {TOKEN}\n    client-key-data: {KEY}\n"


@pytest.fixture
def planted(environment: dict[str, str], tmp_path: Path, changed_config: ConfigChanger) -> Path:
    """A configuration with secrets around the wrong line; more are in the environment and a kubeconfig."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(KUBECONFIG)
    environment |= {"KUBECONFIG": str(kubeconfig), "SITE_TOKEN": TOKEN, "SITE_PASSWORD": PASSWORD}
    comments = f"# password: {PASSWORD}\n# client-key-data: {KEY}\ndhcp-option=224,{TOKEN}\n"
    return changed_config(",12h\n", f",11h # token: {TOKEN}\n{comments}")


def test_nothing_that_a_run_leaves_has_a_secret(
    tmp_path: Path, environment: dict[str, str], planted: Path, run_suite: RunSuite
) -> None:
    """Who is given a report, or CI's artefacts, is not given the cluster."""
    left = tmp_path / "left"
    environment[SUMMARY_VARIABLE] = str(left / "summary.md")
    files = [f"--{name}={left / name}" for name in ("junit-xml", "result", "report", "metrics")]
    run = run_suite(
        f"--dhcp-config={planted}",
        f"--evidence={left}",
        "--evidence-all",
        *files,
        "tests/e2e/test_lease_time.py",
    )
    assert f"{planted}:4" in run.output
    assert not any(each in run.output for each in (TOKEN, PASSWORD, KEY)), run.output
    texts = {path: path.read_bytes() for path in left.rglob("*") if path.is_file() and path.suffix != ".pcap"}
    assert len(texts) > 10
    assert left / "summary.md" in texts
    found = {
        path.name for path, text in texts.items() for each in (TOKEN, PASSWORD, KEY) if each.encode() in text
    }
    assert found == set()
