"""Where a virtual machine is plugged into the segment.

::

    edgeboot-RUN-NAME                          the segment
      nic (TAP) --+
                inside                (bridge)
      eth0      --+----------------------------- a port of the segment's bridge

The cable is an edge node's, so that whatever a lab does with its ports it does with this one. A bridge
of its own joins it with the TAP interface, since frames of a veth cannot reach a program in another way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.host.tap import add_tap

NIC: Final = "nic"
CABLE: Final = "eth0"
_BRIDGE: Final = "inside"
_LOCAL: Final = 0x02
"""IEEE 802: the address is given by who administers it."""


@contextlib.contextmanager
def machine_port_on(
    plug_in: Callable[[LinkEnd, MacAddress], Callable[[], None]],
    name: str,
    mac: MacAddress,
    journal: Journal,
) -> Iterator[LinkEnd]:
    """The TAP interface of a machine as long as the context lasts; the machine runs in its namespace.

    Args:
        plug_in: connects an end to the segment, and returns what removes it.
        name: unique among the machines and hosts of a lab.
        mac: the machine's own Ethernet address.
        journal: records what is made first.
    """
    namespace = Namespace(f"edgeboot-{journal.run}-{name}")
    journal.about_to_make(namespace)
    try:
        create_namespace(namespace.name)
        cable, nic = LinkEnd(namespace.name, CABLE), LinkEnd(namespace.name, NIC)
        unplug = plug_in(cable, mac)
        try:
            # A bridge keeps frames for the address of its own port: that must not be the machine's.
            links.set_mac(cable, _other_than(mac))
            links.add_bridge(LinkEnd(namespace.name, _BRIDGE), None)
            links.join(cable, _BRIDGE)
            add_tap(nic, _BRIDGE)
            yield nic
        finally:
            unplug()
    finally:
        journal.remove(namespace)


def _other_than(mac: MacAddress) -> MacAddress:
    first, *others, last = mac.packed
    return MacAddress(bytes((first & 0xFC | _LOCAL, *others, last ^ 0xFF)))
