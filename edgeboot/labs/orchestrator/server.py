"""The server under test on a site's cluster: its Pod is observed and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError, NotAnswered, ServerDied
from edgeboot.host.processes import Process
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.pod.pod_status import CrashLooping, PodTerminated
from edgeboot.server.pod.server_in_pod import ServerInPod
from edgeboot.server.protocol import Lease
from edgeboot.spec.manifests.deployment import ServerConfig


class OrchestratorServer(ServerInPod):
    """dnsmasq in a Pod; its MAC address on the wire is the survey's, by ARP."""

    resident_memory = 0
    """Not known: the node is not ours to look into."""
    processes: Sequence[Process] = ()
    """Not known, either."""

    def start(self, config: ServerConfig | None) -> None:
        """Follow the Pod's log; with ``config`` it is new, and waited for until it logs that it serves.

        Raises:
            LabError: it does not run; with the Pod's state and events.
        """
        self._follower.start()
        try:
            self._container_id = self._watched.wait_until_running()
            if config is not None:
                self.log.wait_for(DNSMASQ_READY, within=Wait.SERVER_START)
        except (NotAnswered, CrashLooping) as error:
            if config is None:
                raise LabError(f"pod {self._watched.name}", str(error), "see its log") from error
            raise self.failure(config) from None

    def leases(self) -> Sequence[Lease]:
        """Empty: the lease database is inside the container, whose image need not have a shell."""
        return ()

    def kill(self) -> None:
        """Never.

        Raises:
            LabError: always.
        """
        raise LabError(
            f"pod {self._watched.name}", "is not the suite's to kill", "use lab kind for tests of restarts"
        )

    def suspend(self) -> None:
        """Never; raises LabError as ``kill`` does."""
        self.kill()

    def resume(self) -> None:
        """Nothing is ever suspended here."""

    def restart(self) -> None:
        """Wait for the container that the kubelet, or the Pod's controller, starts in place of one that died.

        Raises:
            ServerDied: it is not started again.
        """
        try:
            self._container_id = self._watched.wait_until_running()
        except PodTerminated as error:
            raise ServerDied(str(error)) from error


_KNOWN: Final = ("app.kubernetes.io/name=dhcp-server", "app.kubernetes.io/name=pxe-server", "app=pxe-server")
"""The labels of the PoC's Pod and of the production chart's."""


def find_pod(pods: Sequence[Any], wanted: str | None, namespace: str) -> str:
    """The name of the Pod to verify: by a name or ``label=value``, else by its usual name and labels.

    Raises:
        LabError: none, or more than one; with the names of the namespace's Pods.
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
