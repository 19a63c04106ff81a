"""A machine of the site's own on its segment: a scripted client that boots, or takes no offer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.host.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from tests.rehearsal.site import Site


@contextmanager
def other_machine(site: Site, name: str, mac: MacAddress) -> Iterator[EdgeNode]:
    """EDK2's PXE firmware at a port of the segment, which is removed at the end.

    It has a namespace of its own: the tenant's kernel, which has an address, would send on what is for it.

    Args:
        site: whose segment it is plugged into.
        name: of its interface.
        mac: of the machine, none of those that the suite gives to its nodes.
    """
    run = uuid.uuid4().hex[:6]
    namespace = Namespace(f"edgeboot-{run}-machine")
    with Journal(f"{run}-machine") as journal:
        journal.about_to_make(namespace)
        create_namespace(namespace.name)
        unplug = site.cables.plug_in(LinkEnd(namespace.name, name), mac)
        port = Port(name, mac, namespace=namespace.name)
        try:
            yield EdgeNode(EdgeNodeIdentity(mac, uuid.uuid4()), port)
        finally:
            port.close()
            unplug()


def boots(firmware: EdgeNode) -> None:
    """It takes an offer, and the iPXE that it has started takes one, too.

    Raises:
        NotAnswered: the server gives no lease.
    """
    firmware.boot()
    firmware.as_client(CLIENTS["ipxe-x86-64"]).boot()


def takes_no_offer(firmware: EdgeNode) -> None:
    """Its iPXE asks as often as it does, at its own intervals, and then gives up."""
    client = CLIENTS["ipxe-x86-64"]
    assert client.retransmission is not None
    ipxe = firmware.as_client(client)
    discover, pause = ipxe.identity.discover(ipxe.new_xid()), Event()
    for wait in client.retransmission.discover:
        ipxe.send(discover)
        pause.wait(wait)
