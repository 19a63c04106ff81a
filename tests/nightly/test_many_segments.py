"""Two of the segments in one Indexed Job: each on its node, with its verdict and cause."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

from edgeboot.base.deadline import eventually
from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.nightly.nightly import A_RUN, Nightly
from tests.nightly.segments import NO_INTERFACE, PROFILE, WRONG_FILE, Segment

pytestmark = [pytest.mark.nightly_rehearsal, pytest.mark.timeout(600)]
OVERLAY: Final = MANIFESTS / "nightly" / "overlays" / "many-segments"
JOB: Final = "many"
LABEL: Final = f"edgeboot.openedgeplatform.org/segments={JOB}"


def row(segment: Segment) -> str:
    """Its row: the server is there."""
    return (
        f'[[segment]]\nname = "{segment.name}"\ninterface = "{segment.interface}"\n'
        f'contract = "{segment.name}.toml"\noptions = {{ deploy = "no", server = "{segment.server}" }}\n'
    )


def edgeboot(*arguments: str) -> str:
    """What ``edgeboot segments`` prints."""
    command = [sys.executable, "-m", "edgeboot.cli.main", "segments", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def standing(nightly: Nightly) -> Iterator[dict[str, Any]]:
    """Where each segment stands when the Job has ended, by its name; everything is removed afterwards."""
    directory, kubectl = nightly.site.directory, nightly.kubectl
    segments = (WRONG_FILE, NO_INTERFACE)
    head = (
        f'[job]\nname = "{JOB}"\nclaim = "edgeboot-{WRONG_FILE.name}"\n'
        f'service_account = "edgeboot-{WRONG_FILE.name}"\n[defaults]\nprofile = "{PROFILE}"\n'
    )
    for each in segments:
        (directory / f"{each.name}.toml").write_text(each.contract, encoding="utf-8")
    file = directory / "segments.toml"
    file.write_text(head + "".join(map(row, segments)), encoding="utf-8")
    kubectl("apply", f"--kustomize={OVERLAY}")
    kubectl("apply", "--filename=-", given=edgeboot("render", str(file)))
    cluster = (f"--kubeconfig={kubectl.kubeconfig}", "--namespace=orch-infra")

    def ended() -> dict[str, Any] | None:
        [job] = json.loads(edgeboot("status", JOB, "--json", *cluster))
        return {each["segment"]: each for each in job["segments"]} if job["ended"] else None

    yield eventually("the end of the Job", ended, A_RUN, "see kubectl describe job many")
    kubectl("delete", "job,configmap", f"--selector={LABEL}", "--wait")
    kubectl("delete", f"--kustomize={OVERLAY}", "--wait")


def test_each_segment_is_verified_on_its_node_and_says_why_it_is_not_good(
    standing: dict[str, Any],
) -> None:
    """A verdict with its cause, perhaps at a second try on a busy machine, and a row that must be mended."""
    wrong, missing = standing[WRONG_FILE.name], standing[NO_INTERFACE.name]
    assert (wrong["state"], wrong["status"]) == ("red", 1), wrong
    assert "bootfile: expected signed_ipxe.efi, received ipxe.efi" in wrong["cause"]
    assert wrong["node"] == WRONG_FILE.worker
    assert (missing["state"], missing["status"], missing["attempts"]) == ("not verified", 4, 1), missing
    assert "br-lab: no such interface" in missing["cause"]
    assert missing["node"] == NO_INTERFACE.worker
