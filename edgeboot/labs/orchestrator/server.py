"""The server under test on somebody's cluster: a Pod that is looked at, and never touched."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Any, Final

from edgeboot.deadline import Wait
from edgeboot.errors import LabError, NotAnswered, ServerDied
from edgeboot.labs.kind.pod_log import PodLog
from edgeboot.labs.kind.watched_pod import EndedForGood, EndsByItself, WatchedPod
from edgeboot.labs.log import ServerLog
from edgeboot.labs.netns_server import DNSMASQ_READY
from edgeboot.labs.orchestrator.access import Access
from edgeboot.labs.protocol import Lease
from edgeboot.labs.startup import start_failure
from edgeboot.mac import MacAddress
from edgeboot.manifests.deployment import ServerConfig


class OrchestratorServer:
    """dnsmasq in a Pod; what it is known by on the wire was learned by ARP before it was asked anything."""

    def __init__(self, access: Access, pod: WatchedPod, mac: MacAddress, address: IPv4Address) -> None:
        self.log = ServerLog()
        self.mac = mac
        self.address = address
        self.resident_memory = 0
        """Nobody looks into another's node."""
        self._pod = pod
        self._container_id: str | None = None
        self._follower = PodLog(access.api, pod, self.log)

    @property
    def version(self) -> str:
        """dnsmasq's version from its log; where that has been rotated away, the Pod's image."""
        started = self.log.find(r"started, version")
        if started is not None:
            return "dnsmasq " + started.text.split("version ")[1].split()[0]
        pod = self._pod.read()
        return str(pod.spec.containers[0].image) if pod is not None else "unknown"

    @property
    def instance(self) -> str:
        """The container's id."""
        return self._container_id or "none"

    @property
    def running(self) -> bool:
        """Whether the kubelet says that its container runs."""
        status = self._pod.container()
        return status is not None and status.state.running is not None

    def start(self, config: ServerConfig | None) -> None:
        """Follow the Pod's log; with ``config`` it is new, and waited for until it says that it serves.

        Raises:
            LabError: it does not run; with its story.
        """
        self._follower.start()
        try:
            self._container_id = self._pod.wait_until_running()
            if config is not None:
                self.log.wait_for(DNSMASQ_READY, within=Wait.SERVER_START)
        except (NotAnswered, EndsByItself) as error:
            if config is None:
                raise LabError(f"pod {self._pod.name}", str(error), "see its log") from error
            raise self._failure(config) from None

    def leases(self) -> Sequence[Lease]:
        """Nothing: its book is inside the container, whose image need not have a shell."""
        return ()

    def kill(self) -> None:
        """Never.

        Raises:
            LabError: always.
        """
        raise LabError(
            f"pod {self._pod.name}", "is not the suite's to kill", "use lab kind for tests of restarts"
        )

    def restart(self) -> None:
        """Wait for what the kubelet, or the Pod's controller, starts in place of one that has died.

        Raises:
            ServerDied: nobody starts it again.
        """
        try:
            self._container_id = self._pod.wait_until_running()
        except EndedForGood as error:
            raise ServerDied(str(error)) from error

    def stop_following(self) -> None:
        """End the reader of its log."""
        self._follower.stop()

    def _failure(self, config: ServerConfig) -> LabError:
        log = ServerLog()
        for line in self._pod.said().splitlines():
            log.add(line)
        failure = start_failure(log, 0, self._pod.exit_status(), config)
        return LabError(f"pod {self._pod.name}", f"{failure.problem}; {self._pod.story()}", failure.mend)


_KNOWN: Final = ("app.kubernetes.io/name=dhcp-server", "app.kubernetes.io/name=pxe-server", "app=pxe-server")
"""How the PoC's Pod and the production chart's are labelled."""


def find_pod(pods: Sequence[Any], wanted: str | None, namespace: str) -> str:
    """The name of the Pod to verify: by a name or ``label=value``, else by what is known of it.

    Raises:
        LabError: none, or more than one; with what is there.
    """
    live = [pod for pod in pods if pod.status.phase in {"Running", "Pending"}]
    chosen = [pod for pod in live if _is(pod, wanted)] if wanted else [pod for pod in live if _is_known(pod)]
    if len(chosen) == 1:
        return str(chosen[0].metadata.name)
    there = ", ".join(sorted(pod.metadata.name for pod in live)) or "none"
    which = wanted or f"dhcp-server, {' or '.join(_KNOWN)}"
    if not chosen:
        problem = f"has no Pod {which}; its Pods: {there}"
        raise LabError(
            f"namespace {namespace}", problem, "name it by --server and --namespace, or --deploy yes"
        )
    names = ", ".join(sorted(pod.metadata.name for pod in chosen))
    raise LabError(
        f"namespace {namespace}", f"has {len(chosen)} Pods {which}: {names}", "name one by --server"
    )


def _is(pod: Any, wanted: str) -> bool:
    label, is_label, value = wanted.partition("=")
    labels = pod.metadata.labels or {}
    return labels.get(label) == value if is_label else pod.metadata.name == wanted


def _is_known(pod: Any) -> bool:
    return pod.metadata.name == "dhcp-server" or any(_is(pod, label) for label in _KNOWN)
