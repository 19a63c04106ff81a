"""A DHCP server in a Pod's container, as far as the API server shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Final

from kubernetes.client import ApiClient

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host.host_view import HostView
from edgeboot.server.dnsmasq.startup import start_failure
from edgeboot.server.dnsmasq.version import logged_version
from edgeboot.server.log import ServerLog
from edgeboot.server.pod.api import none_if_absent
from edgeboot.server.pod.pod_log import PodLog
from edgeboot.server.pod.pod_status import WatchedPod, container_of
from edgeboot.server.pod.records import records
from edgeboot.server.protocol import ProbeFailure
from edgeboot.spec.manifests.deployment import ServerConfig

_PROBE_FAILED: Final = "Unhealthy"
"""The reason of a kubelet's events about probes."""
_LOOKS: Final = 3
"""At a container and its log, where another starts between two of them."""


class ServerInPod:
    """Its log and its container's identity; a thread follows the log across restarts."""

    def __init__(
        self, api: Callable[[], ApiClient], pod: WatchedPod, mac: MacAddress, address: IPv4Address
    ) -> None:
        self.log = ServerLog()
        self.mac = mac
        self.address = address
        self.look_at_host: Callable[[], HostView | None] = lambda: None
        """A look into its node; None where that is not this machine's to look into."""
        self._watched = pod
        self._container_id: str | None = None
        self._follower = PodLog(api, pod, self.log)

    @property
    def version(self) -> str:
        """dnsmasq's version from its log; where that has been rotated away, the Pod's image."""
        version = logged_version(self.log)
        if version is not None:
            return f"dnsmasq {version}"
        pod = self._watched.read()
        return str(pod.spec.containers[0].image) if pod is not None else "not started"

    @property
    def instance(self) -> str:
        """The container's id."""
        return self._container_id or "none"

    @property
    def running(self) -> bool:
        """Whether the kubelet reports its container as running, and not one that it started in its place."""
        status = self._watched.container()
        return (
            status is not None
            and status.state.running is not None
            and status.container_id == self._container_id
        )

    def failed_probes(self) -> Sequence[ProbeFailure]:
        """The kubelet's words about probes that failed, while its container is not ready; else empty."""
        pod = self._watched.read()
        status = container_of(pod)
        if status is None or status.ready:
            return ()
        failed = (each.message for each in self._watched.events(pod) if each.reason == _PROBE_FAILED)
        return tuple(ProbeFailure(str(message)) for message in dict.fromkeys(failed))

    def records(self) -> Mapping[str, str]:
        """What the cluster says about its Pod, as files of evidence."""
        return records(self._watched)

    def stop_following(self) -> None:
        """End the reader; the Pod is its lab's to remove."""
        self._follower.stop()

    def failure(self, config: ServerConfig) -> LabError:
        """Why it does not serve, from its log, which is read again: the follower may have missed lines."""
        exit_status, text = self._last_words()
        log = ServerLog()
        for line in text.splitlines():
            log.add(line)
        host = self.look_at_host()
        interfaces = tuple if host is None else host.interfaces
        failure = start_failure(log, 0, exit_status, config, interfaces)
        problem = f"{failure.problem}; {self._watched.describe()}"
        return LabError(f"pod {self._watched.name}", problem, failure.hint)

    def _last_words(self) -> tuple[int | None, str]:
        """The exit status and log of its container; of the one before where the last has only just started.

        The status is None of a container that runs and has had none before it.
        """
        looks = (self._watched.container_and_log() for _ in range(_LOOKS))
        status, text = next((each for each in looks if each[0] is not None), (None, ""))
        if status is None:
            return None, text
        ended, before = status.state.terminated, status.last_state.terminated
        if ended is None and status.state.running is not None and before is not None:
            text = none_if_absent(lambda: self._watched.log_text(previous=True), unless=(400, 404)) or text
        ended = ended or before
        return None if ended is None else int(ended.exit_code), text
