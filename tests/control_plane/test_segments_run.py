"""A Pod of the Job becomes ``edgeboot verify`` with its row and the kubeconfig of its Secret."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from kubernetes import client

from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.report.termination_message import TerminationMessage
from tests.control_plane.segments import Ran, Site

pytestmark = pytest.mark.control_plane

TWO = """
[defaults]
interface = "no-such-link"
options = { deploy = "no" }

[[segment]]
name = "oslo-1"

[[segment]]
name = "oslo-2"
kubeconfig_secret = "oslo-kubeconfig"
"""


@pytest.fixture
def mounted(site: Site, core: client.CoreV1Api) -> Path:
    """The directory of the rows, as the Pod has it."""
    site.apply(TWO)
    [maps] = core.list_namespaced_config_map(
        site.namespace, label_selector="app.kubernetes.io/component=segments"
    ).items
    directory = site.directory / "rows"
    directory.mkdir()
    for name, text in maps.data.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def run(site: Site, rows: Path, index: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Ran, str]:
    """How the Pod of an index ends, and its last words."""
    words = site.directory / "termination-log"
    words.touch()
    for name in [each for each in os.environ if each.startswith(("EDGEBOOT_", "PYTEST_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
    monkeypatch.setenv("XDG_CACHE_HOME", str(site.directory / "cache"))
    places = (f"--rows={rows}", f"--volume={site.directory}", f"--termination-message={words}")
    ran = site.in_cluster("run", *places, f"--memory={site.directory}")
    message = TerminationMessage.decode(words.read_text())
    assert message is not None, ran.error
    return ran, f"{message.segment}: {message.error}"


def test_pod_verifies_the_segment_of_its_index(
    site: Site, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its interface is looked for, which no test machine has: the words of the run itself."""
    ran, words = run(site, mounted, 0, monkeypatch)
    assert ran.status == 4, ran.error
    assert f"--contract={site.directory}/contract/poc.toml " in ran.output
    assert words.startswith("oslo-1: ")
    assert "--interface no-such-link" in words


def test_secret_that_is_not_there_fails_the_index_with_its_words(
    site: Site, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 4: nobody need wait for two more tries."""
    ran, words = run(site, mounted, 1, monkeypatch)
    assert ran.status == 4
    assert f"secret oslo-kubeconfig: is not in namespace {site.namespace}; kubectl create secret" in words


def test_what_a_killed_run_left_is_given_back_also_where_the_next_cannot_begin(
    site: Site, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Secret is gone meanwhile; nobody else knows of the journal."""
    left = site.directory / "left"
    left.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(site.directory / "state/oslo-2"))
    journal = Journal("abc123")
    journal.about_to_make(Directory(left))
    journal._file.close()  # noqa: SLF001 - as the kernel does when its process is killed
    ran, words = run(site, mounted, 1, monkeypatch)
    assert "secret oslo-kubeconfig: is not in namespace" in words
    assert not left.exists(), ran.error


def test_kubeconfig_of_the_secret_is_the_run_s(
    site: Site, core: client.CoreV1Api, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that only its user reads; the run comes as far as its interface."""
    content = {"config": base64.b64encode(site.plane.kubeconfig.read_bytes()).decode()}
    core.create_namespaced_secret(site.namespace, {"metadata": {"name": "oslo-kubeconfig"}, "data": content})
    own = site.directory / "tmp"
    own.mkdir()
    monkeypatch.setenv("TMPDIR", str(own))
    _, words = run(site, mounted, 1, monkeypatch)
    assert words.startswith("oslo-2: ")
    assert "--interface no-such-link" in words
    assert not [each for each in own.rglob("tmp*") if each.is_file()], "of the client: certificates, keys"
    assert (site.directory / "edgeboot-kubeconfig").stat().st_mode & 0o777 == 0o600


def test_index_without_a_row_says_so(site: Site, mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where ConfigMaps are of another segments.toml than the Job."""
    ran, words = run(site, mounted, 7, monkeypatch)
    assert ran.status == 4
    assert "the rows in" in words
    assert "have no such index" in words


@pytest.mark.parametrize("content, problem", [(b"\xff", "not UTF-8 text"), (None, "Is a directory")])
def test_rows_that_cannot_be_read_are_no_verdict(
    site: Site, mounted: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, problem: str
) -> None:
    """Status 4 with words: a traceback's status 1 would be that of a failed test."""
    [rows] = mounted.glob("rows-*.jsonl")
    rows.unlink()
    rows.mkdir() if content is None else rows.write_bytes(content)
    ran, words = run(site, mounted, 0, monkeypatch)
    assert ran.status == 4, ran.error
    assert words == f"None: --rows: cannot read {rows} ({problem}); name a readable text file"
