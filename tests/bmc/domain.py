"""A virtual machine of libvirt's: a small one, with an empty disk and a network card with iPXE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bmc.bmc import MAC

_DOMAIN: Final = """
<domain type='qemu'>
  <name>node-7</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/>
      <source file='{disk}'/><target dev='vda' bus='virtio'/></disk>
    {nic}<mac address='{mac}'/><model type='virtio'/></interface>
  </devices>
</domain>
"""


@contextmanager
def defined(uri: str, directory: Path, nic: str = "<interface type='user'>") -> Iterator[Any]:
    """The domain, which is off; afterwards there is none.

    Args:
        uri: of its libvirt.
        directory: for its disk.
        nic: how its card's <interface> begins.
    """
    import libvirt  # noqa: PLC0415 - of the kind lab's packages

    disk = directory / "disk"
    disk.write_bytes(bytes(1 << 20))
    connection = libvirt.open(uri)
    domain = connection.defineXML(_DOMAIN.format(disk=disk, mac=MAC, nic=nic))
    try:
        yield domain
    finally:
        if domain.isActive():
            domain.destroy()
        domain.undefine()
        connection.close()


def number_of(domain: Any) -> int:
    """What libvirt gives it anew with each start."""
    number: int = domain.connect().lookupByName(domain.name()).ID()
    return number
