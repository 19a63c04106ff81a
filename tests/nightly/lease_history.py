"""Who held each segment's Lease, and when: every change of it, as the API server has told it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any, Final

import urllib3
from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException

from tests.nightly.site import NightlySite
from tests.rehearsal.site import NAMESPACE

_GONE: Final = 410
_PATIENCE: Final = 5
"""Seconds after which a silent watch is asked for anew, as it is where the API server has restarted."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One holder of a Lease: from its acquisition to the last renewal that was seen."""

    lease: str
    holder: str
    """NODE/POD/RUN."""
    acquired: datetime
    renewed: datetime

    @property
    def run(self) -> str:
        """The run's id, without its worker's."""
        return self.holder.rpartition("/")[2].partition("-")[0]


@dataclass
class LeaseHistory:
    """Follows the Leases of a namespace in a thread of its own, from ``start`` to ``stop``."""

    site: NightlySite
    _holdings: dict[tuple[str, str], Holding] = field(default_factory=dict)
    _stopped: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread = Thread(target=self._follow, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; returns when the thread has ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def of(self, lease: str) -> list[Holding]:
        """Its holders so far, in their order."""
        found = [each for each in self._holdings.values() if each.lease == lease]
        return sorted(found, key=lambda each: each.acquired)

    def _follow(self) -> None:
        leases = client.CoordinationV1Api(self.site.cluster.api())
        version = None
        while not self._stopped.is_set():
            # It goes on where it was, unless an API server that was started anew knows that version no more.
            since: dict[str, str] = {} if version is None else {"resource_version": version}
            try:
                changes = watch.Watch().stream(
                    leases.list_namespaced_lease, NAMESPACE, timeout_seconds=_PATIENCE, **since
                )
                for change in changes:
                    self._note(change["object"])
                    version = change["object"].metadata.resource_version
            except ApiException as error:
                version = None if error.status == _GONE else version
            except urllib3.exceptions.HTTPError:
                pass
            self._stopped.wait(0.1)

    def _note(self, lease: Any) -> None:
        holder = lease.spec.holder_identity
        if holder:
            name = str(lease.metadata.name)
            held = Holding(name, str(holder), lease.spec.acquire_time, lease.spec.renew_time)
            self._holdings[name, str(holder)] = held
