"""A libvirt network that a run makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from edgeboot.host.libvirt.made import MadeByLibvirt


@dataclass(frozen=True, slots=True)
class LibvirtNetwork(MadeByLibvirt):
    """A libvirt network as a leftover of a run."""

    kind: ClassVar[str] = "libvirt network"
    thing: ClassVar[str] = "libvirt network"

    def _remove(self, connection: Any) -> None:
        network = connection.networkLookupByName(self.name)
        if network.isPersistent():
            network.undefine()  # A running network becomes transient, and is removed when stopped.
        if network.isActive():
            network.destroy()

    def _gone(self) -> frozenset[int]:
        import libvirt  # noqa: PLC0415 - of the kind extras

        return frozenset({libvirt.VIR_ERR_NO_NETWORK, libvirt.VIR_ERR_OPERATION_INVALID})
