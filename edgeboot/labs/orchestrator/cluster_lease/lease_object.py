"""The Lease in the cluster: it is read, created, and replaced in the version that was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from edgeboot.labs.orchestrator.cluster_lease.record import LeaseRecord
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import Right

_CONFLICT: Final = 409
_LABELS: Final = MappingProxyType({"app.kubernetes.io/name": "edgeboot"})
"""By which a site removes them: many segments leave many."""
_ANSWER: Final = 10.0
"""Seconds for each request: an API server that is being stopped may accept a connection and say nothing."""


@dataclass(frozen=True, slots=True)
class ReadLease:
    """A Lease as the API server had it."""

    record: LeaseRecord
    found: Any
    """The client's V1Lease, with its version and what others have written into its metadata."""


@dataclass(frozen=True, slots=True)
class LeaseObject:
    """One Lease by its name, in the namespace of an access."""

    access: Access
    name: str

    def __str__(self) -> str:
        return f"Lease {self.access.namespace}/{self.name}"

    def read(self) -> ReadLease | None:
        """What it says; None where there is none.

        Raises:
            LabError: the API server refuses, or does not answer.
        """
        api, name, namespace = self._api(), self.name, self.access.namespace
        found: Any | None = self.access.find(
            Right.GET_LEASE, lambda: api.read_namespaced_lease(name, namespace, _request_timeout=_ANSWER)
        )
        return None if found is None else ReadLease(LeaseRecord.of(found.spec), found)

    def create(self, record: LeaseRecord) -> bool:
        """Create it; False where another process was faster.

        Raises:
            LabError: the API server refuses, or does not answer.
        """
        api, metadata = self._api(), {"name": self.name, "labels": dict(_LABELS)}
        body = {"metadata": metadata, "spec": record.to_spec()}
        return self.access.do(
            Right.CREATE_LEASE,
            lambda: _is_first(
                lambda: api.create_namespaced_lease(self.access.namespace, body, _request_timeout=_ANSWER)
            ),
        )

    def replace(self, read: ReadLease, record: LeaseRecord) -> bool:
        """Replace what was read; False where another process has changed or deleted it since.

        Raises:
            LabError: the API server refuses, or does not answer.
        """
        api, name, namespace = self._api(), self.name, self.access.namespace
        read.found.spec = record.to_spec()

        def write() -> Any:
            return api.replace_namespaced_lease(name, namespace, read.found, _request_timeout=_ANSWER)

        return bool(self.access.find(Right.UPDATE_LEASE, lambda: _is_first(write)))

    def _api(self) -> Any:
        return client.CoordinationV1Api(self.access.api())


def _is_first(write: Callable[[], Any]) -> bool:
    try:
        write()
    except ApiException as error:
        if error.status == _CONFLICT:
            return False
        raise
    return True
