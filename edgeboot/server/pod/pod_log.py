"""Follows a Pod's log over every restart of its container."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread
from typing import Any

import urllib3
from kubernetes.client import ApiClient, CoreV1Api
from kubernetes.client.exceptions import ApiException

from edgeboot.server.log import ServerLog
from edgeboot.server.pod.pod_status import WatchedPod, container_of


class PodLog:
    """A reader in a thread of its own, with an API client of its own; it adds lines to ``log``."""

    def __init__(self, api: Callable[[], ApiClient], pod: WatchedPod, log: ServerLog) -> None:
        self._api = api
        self._pod = pod
        self._log = log
        self._ended = Event()
        self._begins: dict[str, int] = {}
        """The number of each container's first line, by its id, in their order."""
        self._reader = Thread(target=self._read, name="pod log", daemon=True)

    def start(self) -> None:
        """Start the reader; a no-op where it runs already."""
        if not self._reader.is_alive():
            self._reader.start()

    def stop(self) -> None:
        """End the reader with the next line or end of a container."""
        self._ended.set()

    def begin_after(self, container: str | None) -> int | None:
        """The number of the first line of the container after this one; None before its log is read.

        Args:
            container: its id; None for before the first one.
        """
        followed = list(self._begins)
        place = followed.index(container) + 1 if container in followed else 0
        return self._begins[followed[place]] if place < len(followed) else None

    def _read(self) -> None:
        core = CoreV1Api(self._api())
        followed: str | None = None
        while not self._ended.is_set():
            status = self._status(core)
            if status is None or status.container_id in {None, followed}:
                self._ended.wait(0.1)
                continue
            # A kubelet refuses the log of a container that it has just started, for a moment.
            if self._follow(core, status) or status.state.running is None:
                followed = status.container_id
            else:
                self._ended.wait(0.1)

    def _status(self, core: CoreV1Api) -> Any | None:
        try:
            return container_of(core.read_namespaced_pod(self._pod.name, self._pod.namespace))
        except (ApiException, urllib3.exceptions.HTTPError):
            return None

    def _follow(self, core: CoreV1Api, container: Any) -> int:
        """Add a container's lines until it ends or its node does; returns how many there were."""
        count = 0
        try:
            stream = core.read_namespaced_pod_log(
                self._pod.name,
                self._pod.namespace,
                container=container.name,
                follow=True,
                _preload_content=False,
            )
            with closing(stream):  # A node without power ends no connection.
                now = self._status(core)
                if now is None or now.container_id != container.container_id:
                    return 0  # The log is that of whichever ran when it was asked for.
                self._begins.setdefault(container.container_id, self._log.end)
                pending = b""
                for chunk in stream.stream(amt=None):
                    *lines, pending = (pending + chunk).split(b"\n")
                    for line in lines:
                        self._log.add(line.decode(errors="backslashreplace"))
                        count += 1
        except (ApiException, urllib3.exceptions.HTTPError):
            pass  # The container or its node ended: the next container is followed from its start.
        return count
