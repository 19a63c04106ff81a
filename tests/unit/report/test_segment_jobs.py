"""Where each segment of a Job stands, by the status of the Job and its Pods."""

from __future__ import annotations

from typing import Any, Final

import pytest

from edgeboot.report.segment_jobs.job_standing import job_standing
from edgeboot.report.segment_jobs.standing import JobStanding, Standing, State
from edgeboot.report.segment_jobs.told import summary, told
from edgeboot.report.termination_message import TerminationMessage, ToldCause

INDEX: Final = "batch.kubernetes.io/job-completion-index"
AT: Final = "2026-03-01T02:0{}:00Z"
EITHER: Final = "it had not begun, or was ended with its Job"
CAUSE: Final = "dnsmasq.conf:7 dhcp-boot=other.efi"
RED: Final = TerminationMessage(
    "failed tests", "Not booted.", would_boot=False, causes=(ToldCause(CAUSE, "", 1),)
)
LOST: Final = TerminationMessage("lab could not come up", "Nothing is verified.", error="br0 is lost")


def pod(index: int, at: int = 0, **status: Any) -> dict[str, Any]:
    """A Pod of an index, made so many minutes after two."""
    metadata = {"name": f"p{index}-{at}", "labels": {INDEX: str(index)}, "creationTimestamp": AT.format(at)}
    return {"metadata": metadata, "spec": {"nodeName": f"n{index}"}, "status": status}


def ended(index: int, status: int, words: str = "", at: int = 0, reason: str = "Error") -> dict[str, Any]:
    """A Pod whose container has ended."""
    end = {"exitCode": status, "reason": reason, "message": words, "finishedAt": AT.format(at + 1)}
    container = {"name": "verify", "state": {"terminated": end}}
    return pod(index, at, phase="Failed" if status else "Succeeded", containerStatuses=[container])


def standing(*pods: dict[str, Any], names: int = 3, **status: Any) -> JobStanding:
    """Of a Job with these Pods."""
    metadata = {"name": "nightly", "namespace": "orch-infra"}
    job = {"metadata": metadata, "spec": {"completions": names}, "status": status}
    return job_standing(job, pods, [f"site-{each}" for each in range(names)])


def first(*pods: dict[str, Any], **status: Any) -> Standing:
    """The segment of index 0."""
    return standing(*pods, **status).segments[0]


@pytest.mark.parametrize(
    "status, words, reason, cause",
    [
        (1, RED.encode(), "Error", CAUSE),
        (
            3,
            "log\nedgeboot: br0: is not there",
            "Error",
            "status 3: the lab could not come up, or broke: edgeboot:",
        ),
        (
            1,
            "Traceback\nModuleNotFoundError: No module",
            "Error",
            "status 1 without a verdict: ModuleNotFound",
        ),
        (1, LOST.encode(), "Error", "status 1 without a verdict: br0"),
        (137, "", "OOMKilled", "it was killed for its memory (OOMKilled); status 137"),
        (137, RED.encode(), "Error", "it was killed (SIGKILL); status 137"),
        (139, "", "Error", "status 139"),
    ],
)
def test_failed_segment_says_why(status: int, words: str, reason: str, cause: str) -> None:
    """A verdict by its cause; a killed run by what is known, not by what it had written at its start."""
    found = first(ended(0, status, words, reason=reason), failedIndexes="0")
    assert found.state is (State.RED if words == RED.encode() and status == 1 else State.NOT_VERIFIED)
    assert found.cause.startswith(cause)


@pytest.mark.parametrize(
    "changed, wait",
    [
        (
            {"spec": {"schedulingGates": [{"name": "edgeboot.openedgeplatform.org/segment"}]}},
            "for its node: edgeboot",
        ),
        ({"spec": {"schedulingGates": [{"name": "kueue.x-k8s.io/topology"}]}}, "for its gates kueue"),
        (
            {"conditions": {"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"}},
            "for a node: 0/3 nodes are available",
        ),
        ({"waiting": {"reason": "ErrImagePull", "message": "not found"}}, "for ErrImagePull: not found"),
    ],
)
def test_waiting_segment_says_for_what(changed: dict[str, Any], wait: str) -> None:
    """For whoever places, for a node, or for what the kubelet says."""
    its = pod(0, phase="Pending")
    its["spec"] |= changed.get("spec", {})
    if "conditions" in changed:
        its["status"]["conditions"] = [changed["conditions"]]
    if "waiting" in changed:
        its["status"]["containerStatuses"] = [{"name": "verify", "state": {"waiting": changed["waiting"]}}]
    found = first(its)
    assert found.state is State.WAITING
    assert found.cause.startswith(wait)


def test_segment_that_is_tried_again_is_not_yet_failed() -> None:
    """The last try's words stay beside it."""
    running = pod(0, 3, phase="Running", containerStatuses=[{"name": "verify", "state": {"running": {}}}])
    found = first(ended(0, 3, "br0: is not there"), running)
    assert (found.state, found.attempts) == (State.RUNNING, 2)
    assert found.cause == "again after status 3: the lab could not come up, or broke: br0: is not there"


def test_segment_without_a_pod_at_the_job_s_end_is_said_to_be_either() -> None:
    """At a deadline the Job removes the Pods that run: nothing tells them from those that had not begun."""
    assert first().state is State.NOT_BEGUN
    deadline = {"type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": "was too long"}
    found = first(conditions=[deadline])
    assert (found.state, found.cause) == (State.NOT_IN_TIME, f"{EITHER} (DeadlineExceeded: was too long)")


def test_suspended_job_says_that_somebody_holds_it() -> None:
    """Such as Kueue, until its quota has room."""
    metadata = {"name": "nightly", "namespace": "orch-infra"}
    job = {"metadata": metadata, "spec": {"completions": 1, "suspend": True}, "status": {}}
    assert "is suspended" in job_standing(job, [], ["site-0"]).segments[0].cause


def test_pod_that_is_gone_leaves_what_the_job_counted() -> None:
    """Nothing is said of why."""
    states = [each.state for each in standing(completedIndexes="0-1", failedIndexes="2").segments]
    assert states == [State.AS_STATED, State.AS_STATED, State.NOT_VERIFIED]


def test_same_cause_of_many_is_told_once_above_the_rows() -> None:
    """Summary, causes, then a row for each that is not as stated."""
    many = 300
    pods = [ended(each, 1, RED.encode()) for each in range(212)]
    job = standing(*pods, names=many, failedIndexes="0-211", completedIndexes="212-299")
    lines = told([job], 120, every=False).splitlines()
    assert summary(job).endswith("300 segments: 88 as stated, 212 red")
    assert f"  red, 212 of 300: {CAUSE} (site-0, site-1, site-2 and 209 more)" == lines[1]
    assert not any("site-250" in line for line in lines)
    assert "site-250" in told([job], 120, every=True)
