"""Follows a Pod's log over every restart of its container."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread
from typing import Any, Final

import urllib3
from kubernetes.client import ApiClient, CoreV1Api
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait
from edgeboot.server.log import ServerLog
from edgeboot.server.pod.log_place import LogPlace
from edgeboot.server.pod.pod_status import WatchedPod, container_of

_NOT_FOUND: Final = 404


class PodLog:
    """A reader in a thread of its own, with an API client of its own; it adds lines to ``log``."""

    def __init__(self, api: Callable[[], ApiClient], pod: WatchedPod, log: ServerLog) -> None:
        self._api = api
        self._pod = pod
        self._log = log
        self._ended = Event()
        self._begins: dict[str, int] = {}
        """The number of each container's first line, by its id, in their order."""
        self._places: dict[str, LogPlace] = {}
        """Up to where each container's was read: one that is followed again begins behind that."""
        self._reachable = Event()
        self._reachable.set()
        log.reader_is_back = self._is_back
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

    @property
    def reachable(self) -> bool:
        """Whether there is an API server that has the log, or says that there is no more of it."""
        return self._reachable.is_set()

    def _read(self) -> None:
        core = CoreV1Api(self._api())
        followed: str | None = None
        while not self._ended.is_set():
            status = self._status(core)
            if status is None or status.container_id in {None, followed}:
                if status is not None:  # The API server answers, and there is nothing more to read.
                    self._reachable.set()
                self._ended.wait(0.1)
                continue
            self._follow(core, status)
            if status.state.running is None:
                followed = status.container_id
            else:
                # It has ended meanwhile, or the API server has; or the kubelet refuses the log of a
                # container that it has just started, for a moment.
                self._ended.wait(0.1)

    def _is_back(self) -> bool:
        """Wait for an API server that does not answer; whether it did not. For one outage that is once."""
        if self._reachable.is_set():
            return False
        self._reachable.wait(Wait.API_SERVER_BACK.total_seconds())
        self._reachable.set()  # Where it still does not answer, the reader sees that at once.
        return True

    def _status(self, core: CoreV1Api) -> Any | None:
        try:
            return container_of(core.read_namespaced_pod(self._pod.name, self._pod.namespace))
        except ApiException as error:
            if error.status == _NOT_FOUND:
                self._reachable.set()
            return None
        except urllib3.exceptions.HTTPError:
            self._reachable.clear()
            return None

    def _follow(self, core: CoreV1Api, container: Any) -> None:
        """Add a container's lines, without those that were read, until it ends, or its node or API server."""
        identifier = str(container.container_id)
        place = self._places.setdefault(identifier, LogPlace())
        try:
            stream = core.read_namespaced_pod_log(
                self._pod.name,
                self._pod.namespace,
                container=container.name,
                follow=True,
                timestamps=True,
                _preload_content=False,
            )
            with closing(stream):  # A node without power ends no connection.
                now = self._status(core)
                if now is None or now.container_id != container.container_id:
                    return  # The log is that of whichever ran when it was asked for.
                self._begins.setdefault(identifier, self._log.end)
                self._reachable.set()
                place.begin()
                pending = b""
                for chunk in stream.stream(amt=None):
                    *lines, pending = (pending + chunk).split(b"\n")
                    for line in lines:
                        text = place.new(line.decode(errors="backslashreplace"))
                        if text is not None:
                            self._log.add(text)
        except (ApiException, urllib3.exceptions.HTTPError):
            pass  # The container or its node ended: the next container is followed from its start.
