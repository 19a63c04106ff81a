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
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.pod import of_server


class PodLog:
    """A reader in a thread of its own, with an API client of its own; it adds lines to ``log``."""

    def __init__(self, api: Callable[[], ApiClient], pod: WatchedPod, log: ServerLog) -> None:
        self._api = api
        self._pod = pod
        self._log = log
        self._ended = Event()
        self._reader = Thread(target=self._read, name="pod log", daemon=True)

    def start(self) -> None:
        """Start the reader; a no-op where it runs already."""
        if not self._reader.is_alive():
            self._reader.start()

    def stop(self) -> None:
        """End the reader with the next line or end of a container."""
        self._ended.set()

    def _read(self) -> None:
        core = CoreV1Api(self._api())
        followed: str | None = None
        while not self._ended.is_set():
            status = self._status(core)
            if status is None or status.container_id in {None, followed} or status.state.waiting is not None:
                self._ended.wait(0.1)
                continue
            # A kubelet refuses the log of a container that it has just started, for a moment.
            if self._follow(core, status.name) or status.state.terminated is not None:
                followed = status.container_id
            else:
                self._ended.wait(0.1)

    def _status(self, core: CoreV1Api) -> Any | None:
        try:
            pod = core.read_namespaced_pod(self._pod.name, self._pod.namespace)
        except (ApiException, urllib3.exceptions.HTTPError):
            return None
        statuses = pod.status.container_statuses if pod.status is not None else None
        if not statuses:
            return None
        wanted = of_server([each.name for each in statuses])
        return next(each for each in statuses if each.name == wanted)

    def _follow(self, core: CoreV1Api, container: str) -> int:
        """Add a container's lines until it ends or its node does; returns how many there were."""
        count = 0
        try:
            stream = core.read_namespaced_pod_log(
                self._pod.name,
                self._pod.namespace,
                container=container,
                follow=True,
                _preload_content=False,
            )
            with closing(stream):  # A node without power ends no connection.
                pending = b""
                for chunk in stream.stream(amt=None):
                    *lines, pending = (pending + chunk).split(b"\n")
                    for line in lines:
                        self._log.add(line.decode(errors="backslashreplace"))
                        count += 1
        except (ApiException, urllib3.exceptions.HTTPError):
            pass  # The container or its node ended: the next container is followed from its start.
        return count
