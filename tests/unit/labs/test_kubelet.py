"""A Pod with real containers, from its init containers to what ends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.host.container import Container
from edgeboot.labs.netns import probing
from edgeboot.labs.netns.kubelet import Kubelet
from edgeboot.labs.netns.pod_actions import PodActions
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.spec.manifests.deployment import Deployment, load_deployment
from edgeboot.spec.manifests.pod import Pod

POC: Final = load_deployment("poc")
SHARED: Final = {"name": "shared", "mountPath": "/var/shared"}
ADDRESS: Final = IPv4Address("127.0.0.1")


def deployment(container: dict[str, Any], **spec: Any) -> Deployment:
    """A Pod whose server only sleeps, with a volume; ``container`` and ``spec`` are fields more."""
    document = json.loads(json.dumps(POC.rendered.one("Pod", "dhcp-server")))
    document["spec"]["volumes"].append({"name": "shared", "emptyDir": {}})
    document["spec"]["containers"][0]["volumeMounts"].append(SHARED)
    document["spec"]["containers"][0] |= {"command": ["sleep", "600"], "args": []} | container
    document["spec"] |= {"terminationGracePeriodSeconds": 2} | spec
    return replace(POC, pod=Pod.model_validate(document))


class RunningPod:
    """A Pod in a namespace, with its events."""

    def __init__(self, deployment: Deployment, namespace: str, directory: Path) -> None:
        self.events: list[str] = []
        self.shared = directory / "volumes" / "shared"
        actions = PodActions(deployment.pod.container, namespace, ADDRESS)
        self.kubelet = Kubelet(deployment, actions, directory, self.events.append)
        self.kubelet.start_pod()
        self.container = Container(
            container_spec(deployment, namespace, directory), directory, self.events.append
        )

    def end(self) -> None:
        """End what may still run."""
        self.kubelet.end_pod()
        self.container.kill()

    def await_end(self) -> str:
        """What has ended the server, once its container has ended."""
        eventually("end", lambda: self.container.exit_status, Wait.SERVER_START, "")
        assert self.kubelet.ended_by is not None
        return self.kubelet.ended_by


NewPod = Callable[[Deployment], RunningPod]


@pytest.fixture
def start(namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewPod]:
    """Starts Pods in the namespace of a node."""
    monkeypatch.setattr(probing, "RELIST", timedelta(0))
    started: list[RunningPod] = []

    def new(deployment: Deployment) -> RunningPod:
        started.append(RunningPod(deployment, namespace, tmp_path))
        return started[-1]

    yield new
    for pod in started:
        pod.end()


def test_init_container_ends_before_the_server_starts(start: NewPod) -> None:
    """What it writes into a volume is there."""
    write = {"name": "write", "image": "busybox", "volumeMounts": [SHARED]}
    commands = ["echo one > /var/shared/file", "echo two >> /var/shared/file"]
    before = [write | {"name": f"w{n}", "command": ["sh", "-c", each]} for n, each in enumerate(commands)]
    pod = start(deployment({}, initContainers=before))
    assert (pod.shared / "file").read_text() == "one\ntwo\n"


def test_init_container_that_fails_is_an_error(start: NewPod) -> None:
    """With the last line of its output."""
    failing = {"name": "wait", "image": "busybox", "command": ["sh", "-c", "echo no route; exit 3"]}
    with pytest.raises(LabError, match="init container wait: ended with status 3, saying 'no route'"):
        start(deployment({}, initContainers=[failing]))


def test_command_runs_inside_with_the_rights_of_the_container(start: NewPod) -> None:
    """Its file system, its environment, and no capability that it does not have."""
    dropped = {"capabilities": {"drop": ["ALL"]}}
    pod = start(deployment({"env": [{"name": "WHO", "value": "me"}], "securityContext": dropped}))
    eventually("container", lambda: pod.container.has_executed or None, Wait.SERVER_START, "")
    script = (
        'test "$WHO" = me && test -e /etc/edgeboot/dnsmasq.conf && grep -q "CapEff:\\s*0*$" /proc/self/status'
    )
    assert pod.container.execute(("sh", "-c", script), Wait.SERVER_STOP) is None
    assert pod.container.execute(("sh", "-c", "echo why; exit 7"), Wait.SERVER_STOP) == (
        "ended with status 7, saying 'why'"
    )
    assert pod.container.execute(("sleep", "60"), timedelta(seconds=0.2)) == "not ended within 0.2 s"
    assert "cannot execute absent" in str(pod.container.execute(("absent",), Wait.SERVER_STOP))


def test_post_start_is_run_in_the_new_container(start: NewPod) -> None:
    """Before anything else asks the server."""
    touch = {"exec": {"command": ["touch", "/var/shared/started"]}}
    pod = start(deployment({"lifecycle": {"postStart": touch}}))
    pod.kubelet.started(pod.container)
    assert (pod.shared / "started").exists()


def test_liveness_probe_that_fails_ends_the_server_after_its_hook(start: NewPod) -> None:
    """PreStop, SIGTERM, and words that name the probe and its lines."""
    touch = {"exec": {"command": ["touch", "/var/shared/stopped"]}}
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 1}
    pod = start(deployment({"livenessProbe": probe, "lifecycle": {"preStop": touch}}))
    pod.kubelet.started(pod.container)
    told = "livenessProbe failed 1 of 1 times: exec false: ended with status 1"
    assert pod.await_end().startswith(told)
    assert (pod.shared / "stopped").exists(), pod.events
    with pytest.raises(LabError, match=told):
        pod.kubelet.check()


def test_deadline_ends_the_server(start: NewPod) -> None:
    """For good, and it is told."""
    pod = start(deployment({}, activeDeadlineSeconds=1))
    pod.kubelet.started(pod.container)
    assert "ends its Pod after activeDeadlineSeconds 1, for good" in pod.await_end()


def test_end_of_the_pod_runs_its_hook(start: NewPod) -> None:
    """One that fails is an event, and ends nothing sooner."""
    pod = start(deployment({"lifecycle": {"preStop": {"exec": {"command": ["false"]}}}}))
    pod.kubelet.started(pod.container)
    eventually("container", lambda: pod.container.has_executed or None, Wait.SERVER_START, "")
    pod.kubelet.end_pod()
    assert pod.container.exit_status == -15
    assert any("preStop failed: exec false: ended with status 1" in event for event in pod.events)


def test_sidecar_ends_with_the_pod(start: NewPod) -> None:
    """It runs beside the server, with the same volumes."""
    beside = {
        "name": "beside",
        "image": "busybox",
        "command": ["sh", "-c", "echo $$$$ > /var/shared/pid; sleep 600"],
    }
    document = deployment({})
    both = json.loads(document.pod.model_dump_json(by_alias=True, exclude_none=True))
    both["spec"]["containers"].append(beside | {"volumeMounts": [SHARED]})
    pod = start(replace(document, pod=Pod.model_validate(both)))
    pod.kubelet.started(pod.container)
    file = pod.shared / "pid"
    pid = eventually(
        "pid", lambda: (file.exists() and file.read_text().strip()) or None, Wait.SERVER_START, ""
    )
    assert Path(f"/proc/{pid}").exists()
    pod.kubelet.end_pod()
    assert not Path(f"/proc/{pid}").exists()
