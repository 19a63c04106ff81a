"""What is read of a Pod: all of the same Pod, and of the same container."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from types import SimpleNamespace
from typing import Any

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress

pytest.importorskip("kubernetes", reason="the kind lab's packages are not installed")

from edgeboot.server.pod.extra_pods import ExtraPod
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.server.pod.server_in_pod import ServerInPod
from edgeboot.spec.manifests.deployment import load_deployment

CRASHED = "dnsmasq: unknown interface ens3"


def state(running: bool = True, exit_code: int | None = None) -> SimpleNamespace:
    """Of a container."""
    ended = None if exit_code is None else SimpleNamespace(exit_code=exit_code)
    return SimpleNamespace(running={} if running else None, waiting=None, terminated=ended)


def pod(uid: str = "2", container: str = "c1", *, now: Any = None, last: Any = None, **facts: Any) -> Any:
    """A Pod with one container, which is not ready."""
    status = SimpleNamespace(
        name="dnsmasq",
        container_id=container,
        ready=False,
        state=now or state(),
        last_state=last or state(running=False),
    )
    return SimpleNamespace(
        metadata=SimpleNamespace(uid=uid, annotations=facts.get("annotations")),
        spec=SimpleNamespace(restart_policy="Always", containers=[SimpleNamespace(name="dnsmasq")]),
        status=SimpleNamespace(phase="Running", container_statuses=[status]),
    )


class Core:
    """An API server: the Pod at each look, the last for all further ones, its logs, and events."""

    def __init__(self, *looks: Any, log: str = "", previous: str = "") -> None:
        self.looks = list(looks)
        self.log = {False: log, True: previous}

    def read_namespaced_pod(self, *_: str) -> Any:
        """The next look."""
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def read_namespaced_pod_log(self, *_: str, previous: bool = False) -> str:
        """Of the container, or the one before."""
        return self.log[previous]

    def list_namespaced_event(self, *_: str, **__: str) -> Any:
        """A probe failed in the Pod of this name that was deleted, and in the one that there is."""
        events = [
            SimpleNamespace(reason="Unhealthy", message=f"{uid}", involved_object=SimpleNamespace(uid=uid))
            for uid in ("1", "2")
        ]
        return SimpleNamespace(items=events)


def server(*looks: Any, **logs: str) -> ServerInPod:
    """In a Pod that is seen so; it was started as container c1."""
    core: Any = Core(*looks, **logs)
    made = ServerInPod(
        lambda: core, WatchedPod(core, "x", "dhcp-server"), MacAddress(bytes(6)), IPv4Address(1)
    )
    made._container_id = "c1"
    return made


@pytest.mark.parametrize(
    "seen,failed",
    [
        (pod("2"), ["2"]),
        (pod("3"), []),
        (pod("3", annotations={"kubernetes.io/config.hash": "1"}), ["1"]),
    ],
    ids=["its own", "another Pod's of this name", "a static Pod's"],
)
def test_probes_that_failed_are_those_of_this_pod(seen: Any, failed: list[str]) -> None:
    """A cluster keeps the events of a deleted one for an hour."""
    assert [each.what for each in server(seen).failed_probes()] == failed


def test_pod_is_described_by_its_own_events() -> None:
    """Not by those of the one that it replaces."""
    core: Any = Core(pod("2"))
    assert WatchedPod(core, "x", "dhcp-server").describe().endswith("events: ['Unhealthy: 2']")


@pytest.mark.parametrize(
    "seen,runs",
    [(pod(), True), (pod(now=state(running=False)), False), (pod(container="c2"), False)],
    ids=["runs", "has ended", "was replaced"],
)
def test_server_runs_as_long_as_its_own_container_does(seen: Any, runs: bool) -> None:
    """A kubelet starts another within a second: nobody would notice that the server had died."""
    assert server(seen).running is runs


@pytest.mark.parametrize(
    "looks,logs",
    [
        ([pod(now=state(running=False, exit_code=2))], {"log": CRASHED}),
        ([pod(container="c2", last=state(running=False, exit_code=2))], {"previous": CRASHED}),
        ([pod(), pod(), pod(container="c2", now=state(running=False, exit_code=2))], {"log": CRASHED}),
    ],
    ids=["ended", "just started again", "started again while it is read"],
)
def test_reason_is_that_of_the_container_which_ended(looks: list[Any], logs: dict[str, str]) -> None:
    """Not that of the next one, which has logged nothing yet."""
    assert "ens3" in str(server(*looks, **logs).failure(load_deployment("poc").config))


def test_pod_has_more_time_to_start_than_a_server_has_to_be_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler, a volume and a container come first."""
    waits = SimpleNamespace(state=SimpleNamespace(waiting={"reason": "ContainerCreating"}))
    creating = SimpleNamespace(status=SimpleNamespace(container_statuses=[waits]))

    class Slow(Core):
        def read_namespaced_pod_log(self, *_: str, **__: bool) -> str:
            return "ready" if len(self.looks) == 1 else ""

    core: Any = Slow(*[creating] * 8, pod())
    monkeypatch.setattr(Wait, "SERVER_START", timedelta(milliseconds=1))
    extra = ExtraPod(core, {"metadata": {"labels": {}}}, "next", "x")
    extra.wait_for_log("ready")
