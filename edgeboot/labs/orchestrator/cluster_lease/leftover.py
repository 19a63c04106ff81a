"""A held Lease as a leftover: what a killed run held is given back before it expires by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from edgeboot.base.errors import EdgebootError
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.server.pod.access import Access

_ATTEMPTS: Final = 5
"""The run itself renews it until everything else is given back: a renewal in between is no other holder."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A Lease that one run holds, by its holderIdentity."""

    kind: ClassVar[str] = "cluster lease"
    lease: LeaseObject
    holder: str

    def __str__(self) -> str:
        return f"{self.lease} of {self.holder} in the {self.lease.access.place}"

    def to_json(self) -> dict[str, Any]:
        """Its name and holder, and the access to its cluster."""
        return {"name": self.lease.name, "holder": self.holder, **self.lease.access.to_json()}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``."""
        return cls(LeaseObject(Access.from_json(fields), str(fields["name"])), str(fields["holder"]))

    def undo(self) -> bool:
        """Release it as client-go does, by an empty holderIdentity; False where another one holds it.

        A cluster that cannot be asked is no error: a Lease that nobody renews expires by itself.
        """
        with suppress(EdgebootError):
            for _ in range(_ATTEMPTS):
                read = self.lease.read()
                if read is None or read.record.holder != self.holder:
                    return False
                if self.lease.replace(read, read.record.released()):
                    return True
        return False
