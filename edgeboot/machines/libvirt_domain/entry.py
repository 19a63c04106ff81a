"""A machine of kind ``libvirt`` in the inventory.

[[machine]]
name = "node-5"
mac = "52:54:00:12:34:55"
kind = "libvirt"
uri = "qemu:///system"
domain = "edge-node-5"
may_be_power_cycled = true
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from pydantic import Field

from edgeboot.base.errors import UsageError
from edgeboot.host.libvirt.connection import DEFAULT_URI
from edgeboot.machines.inventory import MachineEntry


class LibvirtEntry(MachineEntry):
    """Which domain of which libvirt a machine is."""

    kind: Literal["libvirt"]
    uri: str = Field(default=DEFAULT_URI, min_length=1)
    """Of the libvirt that has it, as ``virsh -c`` takes it."""
    domain: str | None = Field(default=None, min_length=1)
    """Its name there; None for the machine's own."""

    @property
    def domain_name(self) -> str:
        """Its name in libvirt."""
        return self.domain or self.name

    def check(self) -> None:
        """Return where libvirt-python is installed; raises UsageError."""
        super().check()
        if find_spec("libvirt") is None:
            hint = "install the extra edgeboot[kind] (requirements-kind.lock)"
            raise UsageError(f"machine {self.name}", "the Python package libvirt is not installed", hint)
