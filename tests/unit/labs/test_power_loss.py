"""Which start of the server is read after a power loss of its node."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("kubernetes", reason="the kind lab's packages are not installed")

from edgeboot.labs.kind.trials.power_loss import next_log, serves
from edgeboot.server.pod.pod_status import WatchedPod

READY = "dnsmasq-dhcp: DHCP, sockets bound exclusively to interface ens3"
FAILED = "dnsmasq: unknown interface ens3"


class ScriptedPod(WatchedPod):
    """A Pod whose container is at each look the next one of a list, a state such as ``"2 runs"``."""

    def __init__(self, looks: list[str], log: str) -> None:
        self._looks = iter(looks)
        self._log = log

    def check_not_terminated(self) -> None:
        """It is going to run."""

    def container(self) -> SimpleNamespace:
        """The next one."""
        name, state = next(self._looks).split()
        running: dict[str, str] | None = {} if state == "runs" else None
        return SimpleNamespace(container_id=name, state=SimpleNamespace(running=running))

    def log_text(self, *, previous: bool = False) -> str:  # noqa: ARG002 - the protocol's
        """The log that the kubelet has now."""
        return self._log


@pytest.mark.parametrize(
    "looks, log, read",
    [
        (["1 runs", "1 runs"], READY, None),
        (["1 runs", "2 runs"], READY, None),
        (["2 runs", "2 runs"], "", None),
        (["2 ended", "2 ended"], FAILED, FAILED),
        (["2 runs", "2 runs"], READY, READY),
    ],
    ids=["as before", "the log of the one before", "has said nothing", "failed", "serves without it"],
)
def test_log_read_after_a_power_loss_is_the_new_containers(
    looks: list[str], log: str, read: str | None
) -> None:
    """The log of the container before would say that the server served without its interface."""
    assert next_log(ScriptedPod(looks, log), "1") == read


@pytest.mark.parametrize(
    "looks, log, served",
    [
        (["2 runs", "2 runs"], FAILED, None),
        (["2 ended", "2 ended"], FAILED, None),
        (["2 ended", "3 runs"], READY, None),
        (["3 runs", "3 runs"], READY, True),
    ],
    ids=["about to end", "failed once more", "just started", "serves"],
)
def test_server_is_back_when_its_log_says_so(looks: list[str], log: str, served: bool | None) -> None:
    """A start that fails because the interface came a moment later is not the last one."""
    assert serves(ScriptedPod(looks, log)) is served
