"""One DHCPDISCOVER on an interface, and everybody who answers it; no lease is taken."""

from __future__ import annotations

import errno
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import LabError, UsageError
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.relay import relayed
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.interfaces import missing, not_ethernet, without_link
from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.host.wire.port import Port
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import Mismatch, reaches, read


@dataclass(frozen=True, slots=True)
class Probe:
    """What is asked, and for how long answers are listened to."""

    client: ClientProfile
    mac: MacAddress
    machine: uuid.UUID
    giaddr: IPv4Address | None = None
    """The relay that the message seems to come through; None for none."""
    wait: timedelta | None = None
    """From the message on; None for as long as firmware waits, after the first answer."""

    @classmethod
    def of(cls, client: ClientProfile, mac: MacAddress | None = None) -> Probe:
        """Of a machine that no server knows, unless its MAC is given."""
        unknown = MacAddress(bytes((0x02, 0xEB)) + random.SystemRandom().randbytes(4))
        # With option 80 a server could commit: a DHCPACK is a lease.
        return cls(replace(client, rapid_commit=False), mac or unknown, uuid.uuid4())

    def discover(self) -> DhcpMessage:
        """A DHCPDISCOVER with a new xid."""
        xid = random.SystemRandom().getrandbits(32)
        identity = EdgeNodeIdentity(self.mac, self.machine).as_client(self.client)
        message = identity.discover(xid)
        return message if self.giaddr is None else relayed(message, self.giaddr)


@dataclass(frozen=True, slots=True)
class Probed:
    """The exchange, and every frame that the port sent or received meanwhile."""

    exchange: Exchange
    frames: tuple[Frame, ...]


def check_interface(interface: str) -> None:
    """Return where an interface can be probed.

    Raises:
        UsageError: it does not exist, is no Ethernet interface, or is down.
    """
    obstacle = missing(interface) or not_ethernet(interface) or without_link(interface)
    if obstacle is not None:
        raise UsageError(f"--interface {interface}", *obstacle)


def probe(interface: str, asked: Probe) -> Probed:
    """Ask once, and collect what each server answers; identical copies of an answer count once.

    Raises:
        UsageError: the interface cannot be probed.
        LabError: the process may not open packet sockets.
    """
    check_interface(interface)
    with _port(interface, asked.mac) as port:
        message = asked.discover()
        started = time.monotonic()
        sent = port.send(_frame(message, asked))
        replies: dict[object, Reply] = {}
        overheard: dict[str, None] = {}
        deadline = Deadline.after(asked.wait or Wait.OFFER)
        while (frame := port.receive(deadline)) is not None:
            if asked.giaddr is not None:
                arp.answer(port, frame, asked.giaddr)
            match read(message, frame, reaches if asked.giaddr is None else _reaches_relay):
                case Reply() as reply:
                    if not replies and asked.wait is None:
                        deadline = Deadline.after(Wait.FIRMWARE)
                    replies.setdefault(
                        (reply.datagram.source, reply.datagram.source_mac, reply.message), reply
                    )
                case Mismatch(reason):
                    overheard[reason] = None
        waited = timedelta(seconds=time.monotonic() - started)
        exchange = Exchange(message, sent, tuple(replies.values()), waited, overheard=tuple(overheard))
        return Probed(exchange, tuple(port.frames))


def _frame(message: DhcpMessage, asked: Probe) -> bytes:
    """Broadcast as the client sends it; with a relay's address and port if it comes through one."""
    source = (asked.giaddr or UNSPECIFIED, CLIENT_PORT if asked.giaddr is None else SERVER_PORT)
    return udp_frame(asked.mac, BROADCAST, source, (LIMITED_BROADCAST, SERVER_PORT), message.encode())


def _reaches_relay(request: DhcpMessage, reply: Reply) -> bool:
    """Whether it is an answer to this message, to a relay's port."""
    to_relay = reply.datagram.destination_port == SERVER_PORT and reply.frame.vlan is None
    return to_relay and (reply.message.xid, reply.message.chaddr) == (request.xid, request.chaddr)


@contextmanager
def _port(interface: str, mac: MacAddress) -> Iterator[Port]:
    where = f"interface {interface}"
    try:
        port = Port(interface, mac)
    except PermissionError as error:
        problem = "no right to open packet sockets"
        raise LabError(where, problem, "run as root, or grant CAP_NET_RAW") from error
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "?")
        raise LabError(where, f"cannot be used ({reason}: {error.strerror})", "name another") from error
    try:
        yield port
    finally:
        port.close()
