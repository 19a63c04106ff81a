"""What a run makes by libvirt: found by its name, and removed so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.host.libvirt.connection import connect


@dataclass(frozen=True, slots=True)
class MadeByLibvirt(ABC):
    """A thing that libvirt knows by a name, as a leftover; a subclass says how it is removed."""

    kind: ClassVar[str]
    thing: ClassVar[str]
    """As users are told of it."""
    name: str
    uri: str
    """The libvirt connection through which it is removed."""

    def __str__(self) -> str:
        return f"{self.thing} {self.name} of {self.uri}"

    def to_json(self) -> dict[str, Any]:
        """Name and URI."""
        return {"name": self.name, "uri": self.uri}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        return cls(str(fields["name"]), str(fields["uri"]))

    def undo(self) -> bool:
        """Remove it; False if libvirt does not know it (any more).

        Raises:
            OSError: libvirt refuses.
            LabError: libvirt does not answer.
        """
        import libvirt  # noqa: PLC0415 - of the kind extras

        connection = connect(self.uri)
        try:
            self._remove(connection)
        except libvirt.libvirtError as error:
            if error.get_error_code() in self._gone():
                return False
            raise OSError(str(error)) from error
        finally:
            connection.close()
        return True

    @abstractmethod
    def _remove(self, connection: Any) -> None:
        """End it, and let libvirt forget it."""

    @abstractmethod
    def _gone(self) -> frozenset[int]:
        """libvirt's error codes by which it is known to be gone."""
