"""A libvirt network that a run makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.host.libvirt.connection import connect


@dataclass(frozen=True, slots=True)
class LibvirtNetwork:
    """A libvirt network as a leftover of a run."""

    kind: ClassVar[str] = "libvirt network"
    name: str
    uri: str
    """The libvirt connection through which it is removed."""

    def __str__(self) -> str:
        return f"libvirt network {self.name} of {self.uri}"

    def to_json(self) -> dict[str, Any]:
        """Name and URI."""
        return {"name": self.name, "uri": self.uri}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        return cls(str(fields["name"]), str(fields["uri"]))

    def undo(self) -> bool:
        """Stop it and remove its definition; False if it does not exist.

        Raises:
            OSError: libvirt refuses.
            LabError: libvirt does not answer.
        """
        import libvirt  # noqa: PLC0415 - of the kind extras

        connection = connect(self.uri)
        try:
            network = connection.networkLookupByName(self.name)
            if network.isPersistent():
                network.undefine()  # A running network becomes transient, and is removed when stopped.
            if network.isActive():
                network.destroy()
        except libvirt.libvirtError as error:
            if error.get_error_code() in {libvirt.VIR_ERR_NO_NETWORK, libvirt.VIR_ERR_OPERATION_INVALID}:
                return False
            raise OSError(str(error)) from error
        finally:
            connection.close()
        return True
