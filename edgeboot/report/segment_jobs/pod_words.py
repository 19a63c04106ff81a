"""What a Pod's status says of one run: its exit status, its words, or what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from edgeboot.labs.many_segments.rendering import CONTAINER, GATE
from edgeboot.report.meaning import Meaning
from edgeboot.report.secrets import without_secrets
from edgeboot.report.termination_message import TerminationMessage
from edgeboot.report.values import visible

Pod = Mapping[str, Any]
_KILLED: Final = 137
_FOUND_WANTING: Final = 1
"""Of a red verdict, and of any program that fails: Python's, or a container runtime's."""
_MEANINGS: Final = {
    2: "the run was interrupted",
    3: "the lab could not come up, or broke",
    4: "an option, the contract or a Secret cannot be used",
    5: "no test was run",
}


def created(pod: Pod) -> datetime:
    """When it was made."""
    return time_of(pod["metadata"]["creationTimestamp"])


def time_of(text: str) -> datetime:
    """A time as the API has it (RFC 3339)."""
    return datetime.fromisoformat(text)


def terminated(pod: Pod) -> Mapping[str, Any] | None:
    """How its container has ended; None while it has not, or was never started."""
    found: Mapping[str, Any] | None = _state(pod).get("terminated")
    return found


def has_ended(pod: Pod) -> bool:
    """Whether nothing of it runs any more, whatever became of its container."""
    return pod["status"].get("phase") in {"Succeeded", "Failed"}


def message_of(pod: Pod) -> TerminationMessage | None:
    """The verdict that its container left; None where it left other words, or none."""
    return TerminationMessage.decode((terminated(pod) or {}).get("message", ""))


def is_red(pod: Pod) -> bool:
    """Whether its run has ended with a red verdict, by its exit status and its words."""
    end, message = terminated(pod) or {}, message_of(pod)
    is_told = message is not None and message.meaning == Meaning.FAILED.value
    return is_told and end.get("exitCode") == _FOUND_WANTING


def cause_of_end(pod: Pod) -> str:
    """Why its run came to no verdict, or the worst cause of a red one."""
    end, message = terminated(pod), message_of(pod)
    if message is not None and message.causes and is_red(pod):
        return message.causes[0].title
    return "; ".join(_words_of_end(pod, end, message))


def _words_of_end(
    pod: Pod, end: Mapping[str, Any] | None, message: TerminationMessage | None
) -> Iterator[str]:
    reason, text = pod["status"].get("reason"), pod["status"].get("message")
    if reason:  # Of the whole Pod: DeadlineExceeded, Evicted, NodeLost.
        yield f"{reason}: {text}" if text else str(reason)
    if end is None:
        if not reason:
            yield "its container was never started"
        return
    status = end["exitCode"]
    if end.get("reason") == "OOMKilled":
        yield "it was killed for its memory (OOMKilled)"
    elif status == _KILLED:
        yield "it was killed (SIGKILL)"
    which = f"status {status}"
    if status == _FOUND_WANTING and not is_red(pod):
        which += " without a verdict"
    if message is not None and status != _KILLED:
        yield f"{which}: {message.error or message.sentence}"
    else:
        said = _last_line(end.get("message", ""))
        meaning = _MEANINGS.get(status, "")
        yield ": ".join(filter(None, (which, meaning, said)))


def waits_for(pod: Pod) -> str | None:
    """Why its container does not run yet; None where it runs."""
    state = _state(pod)
    if "running" in state:
        return None
    gates = {each["name"] for each in pod["spec"].get("schedulingGates") or ()}
    if GATE in gates:
        return "its node: edgeboot segments place gives it one (is its Deployment there?)"
    if gates:
        return f"its gates {', '.join(sorted(gates))}"
    waiting = state.get("waiting") or {}
    if waiting.get("message"):
        return f"{waiting.get('reason', 'waits')}: {waiting['message']}"
    for condition in pod["status"].get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return f"a node: {condition.get('message') or condition.get('reason', 'not scheduled')}"
    if not pod["spec"].get("nodeName"):
        return "the scheduler"
    return (
        f"the kubelet of {pod['spec']['nodeName']}: {waiting.get('reason', 'its container is not started')}"
    )


def _state(pod: Pod) -> Mapping[str, Any]:
    """Of its container."""
    for status in pod["status"].get("containerStatuses") or ():
        if status["name"] == CONTAINER:
            return dict(status.get("state") or {})
    return {}


def _last_line(text: str) -> str:
    lines = without_secrets(text).strip().splitlines()
    return visible(lines[-1]) if lines else ""
