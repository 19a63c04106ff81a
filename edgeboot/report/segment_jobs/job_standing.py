"""A Job and its Pods, as the API has them, read as the standing of each segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from edgeboot.labs.many_segments.kubernetes_names import INDEX_LABEL
from edgeboot.report.segment_jobs.pod_words import (
    Pod,
    cause_of_end,
    created,
    has_ended,
    is_red,
    message_of,
    terminated,
    time_of,
    waits_for,
)
from edgeboot.report.segment_jobs.standing import JobStanding, Standing, State

_SUSPENDED: Final = "its Job is suspended: whoever queues it (Kueue, kubectl) has not started it"
_ENDED: Final = ("Complete", "Failed")


def job_standing(job: Mapping[str, Any], pods: Iterable[Pod], names: Sequence[str]) -> JobStanding:
    """The standing of a Job's segments.

    Args:
        job: the Indexed Job.
        pods: its own, in any order.
        names: of its segments, by their indexes; an index beyond them has a number for its name.
    """
    status, metadata = job["status"], job["metadata"]
    by_index: dict[int, list[Pod]] = defaultdict(list)
    for pod in sorted(pods, key=created):
        index = pod["metadata"]["labels"].get(INDEX_LABEL, "")
        if index.isdecimal():
            by_index[int(index)].append(pod)
    completed = set(_indexes(status.get("completedIndexes", "")))
    failed = set(_indexes(status.get("failedIndexes", "")))
    ended = _ended(status)
    waits = _SUSPENDED if job["spec"].get("suspend") else ""
    segments = tuple(
        _standing(index, name, by_index[index], _outcome(index, completed, failed), ended, waits)
        for index, name in enumerate(_all_names(names, int(job["spec"]["completions"])))
    )
    started = status.get("startTime")
    begun = None if started is None else time_of(started)
    return JobStanding(metadata["name"], metadata["namespace"], begun, ended, segments)


def _all_names(names: Sequence[str], completions: int) -> list[str]:
    return [*names[:completions], *(f"index {each}" for each in range(len(names), completions))]


def _outcome(index: int, completed: set[int], failed: set[int]) -> bool | None:
    """Whether the Job counts it as completed; None while it is not decided."""
    return True if index in completed else False if index in failed else None


def _standing(
    index: int, name: str, pods: Sequence[Pod], completed: bool | None, ended: str | None, waits: str
) -> Standing:
    last = next((each for each in reversed(pods) if has_ended(each)), None)
    now = pods[-1] if pods and not has_ended(pods[-1]) else None
    its = last if completed is not None or now is None else now
    state, cause = _state(last, now, completed, ended)
    if state is State.NOT_BEGUN:
        cause = cause or waits
    end = None if last is None else terminated(last)
    return Standing(
        index=index,
        segment=name,
        state=state,
        cause=cause,
        since=None if its is None else _since(its),
        node=None if its is None else its["spec"].get("nodeName"),
        status=None if end is None else end["exitCode"],
        attempts=len(pods),
        message=None if last is None else message_of(last),
    )


def _state(last: Pod | None, now: Pod | None, completed: bool | None, ended: str | None) -> tuple[State, str]:
    if completed:
        return State.AS_STATED, ""
    if last is not None and (completed is False or ended is not None):
        return State.RED if is_red(last) else State.NOT_VERIFIED, cause_of_end(last)
    if completed is False:
        return State.NOT_VERIFIED, "its Pods are gone, and what they said with them"
    if ended is not None:
        return State.NOT_IN_TIME, f"it had not begun, or was ended with its Job ({ended})"
    before = "" if last is None else f"again after {cause_of_end(last)}"
    if now is None:
        return State.NOT_BEGUN, before
    wait = waits_for(now)
    return (State.RUNNING, before) if wait is None else (State.WAITING, f"for {wait}")


def _since(pod: Pod) -> Any:
    end = terminated(pod)
    if end is not None and end.get("finishedAt"):
        return time_of(end["finishedAt"])
    return time_of(pod["status"].get("startTime") or pod["metadata"]["creationTimestamp"])


def _ended(status: Mapping[str, Any]) -> str | None:
    for condition in status.get("conditions") or ():
        if condition["type"] in _ENDED and condition["status"] == "True":
            words = (condition.get("reason"), condition.get("message"))
            return ": ".join(filter(None, words)) or str(condition["type"])
    return None


def _indexes(text: str) -> Iterator[int]:
    """Of ``1,3-5,7``, as a Job's status has them."""
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
