"""Where a message was lost inside the server's host: at a rule of its packet filter, or at no socket."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from itertools import islice
from typing import Final

from edgeboot.dhcp.message import BROADCAST_FLAG, LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT
from edgeboot.host.host_view import HostView, UdpSocket
from edgeboot.host.packet_filter.ruleset import Direction, Drop, UdpDatagram, drops
from edgeboot.host.wire.frame import Frame, dissect
from edgeboot.spec.manifests.cause import Cause

_FILTER: Final = "the packet filter of the server's host"
UNREADABLE: Final = (
    "its host cannot be read from here: on it see nft list ruleset, and ss -lunp 'sport = :67' for a socket"
)


def incoming(frame: Frame, host: HostView) -> UdpDatagram | None:
    """A client's message as the server's host receives it; None for a frame without a datagram."""
    datagram = dissect(frame.untagged)
    if datagram is None:
        return None
    ports = (datagram.source_port, datagram.destination_port)
    return UdpDatagram(Direction.IN, host.interface, datagram.source, datagram.destination, *ports)


def outgoing(
    frame: Frame, request: DhcpMessage, offered: IPv4Address, server: IPv4Address, host: HostView
) -> UdpDatagram:
    """The answer to a message as the server's host sends it (RFC 2131 section 4.1).

    Args:
        frame: the message: a boot server answers where it came from (PXE 2.1 section 2.2.4).
        request: the same, decoded.
        offered: the address that the answer has for the client.
        server: the address that it comes from.
        host: the server's host.
    """
    own_port, client_port = _ports(frame)
    to, port = (
        (request.giaddr, SERVER_PORT) if request.giaddr != UNSPECIFIED else (request.ciaddr, client_port)
    )
    if to == UNSPECIFIED:
        to = LIMITED_BROADCAST if request.flags & BROADCAST_FLAG or offered == UNSPECIFIED else offered
    return UdpDatagram(Direction.OUT, host.interface, server, to, own_port, port)


def filtered(datagram: UdpDatagram | None, host: HostView) -> tuple[Cause, ...]:
    """What of the host's packet filter drops the datagram as a cause; empty where nothing surely does."""
    sure = (each for each in _drops(datagram, host) if each.sure)
    return tuple(Cause(None, None, f"{_FILTER} drops it: {each}") for each in islice(sure, 1))


def perhaps_filtered(datagram: UdpDatagram | None, host: HostView) -> tuple[Cause, ...]:
    """Rules whose conditions cannot be told from here, as causes."""
    in_doubt = dict.fromkeys(str(each) for each in _drops(datagram, host) if not each.sure)
    return tuple(Cause(None, None, f"{_FILTER} may drop it: {each}") for each in in_doubt)


def switched_off(host: HostView | None) -> Cause | None:
    """The server's interface as the cause, where it is down; None where it is not, or not known."""
    if host is None:
        return None
    own = host.own
    if own is None or own.is_up:
        return None
    return Cause(None, None, f"{own.name} of the server's host is down: ip link set {own.name} up")


def too_long(frame: Frame, host: HostView) -> tuple[Cause, ...]:
    """The MTU of the server's interface as the cause, where the message is longer."""
    octets, own = len(frame.packet), host.own
    if own is None or own.mtu is None or octets <= own.mtu:
        return ()
    text = f"{own.name} of the server's host has an MTU of {own.mtu}, and the message {octets} octets"
    return (Cause(None, None, text),)


def without_its_address(host: HostView | None, server: IPv4Address) -> tuple[Cause, ...]:
    """The addresses of the server's interface as the cause, where the server's own is not among them."""
    own = host.own_addresses() if host is not None else ()
    if host is None or not own or server in own:
        return ()
    has = ", ".join(map(str, own))
    return (Cause(None, None, f"{host.interface} of the server's host has {has}, and not {server}"),)


def not_heard(
    frame: Frame, host: HostView, kept_from: Callable[[], tuple[Cause, ...]]
) -> tuple[str, tuple[Cause, ...]]:
    """Why a message that came to the server's port was not heard: what is known, and causes.

    Args:
        frame: the message.
        host: the server's host.
        kept_from: the lines of the server's configuration that keep it from the interface.
    """
    datagram = incoming(frame, host)
    drop = filtered(datagram, host)
    if drop:
        return "", drop
    port, _ = _ports(frame)
    listening = [each for each in host.udp_sockets() if each.port == port]
    if not listening:
        text = f"nothing listens on UDP port {port} of the server's host"
        return "", (*kept_from(), Cause(None, None, text))
    lines = kept_from() or too_long(frame, host)
    if lines:
        return "", lines
    known = f": UDP port {port} is open there"
    in_doubt = perhaps_filtered(datagram, host)
    if host.packet_filter() is None:
        known += "; its packet filter cannot be read from here: on it see nft list ruleset"
    elif not in_doubt:
        known += ", and no rule of its packet filter drops it"
    return f"{known}{_unread(listening)}", in_doubt


def _drops(datagram: UdpDatagram | None, host: HostView) -> tuple[Drop, ...]:
    chains = None if datagram is None else host.packet_filter()
    return () if datagram is None or chains is None else tuple(drops(chains, datagram))


def _ports(frame: Frame) -> tuple[int, int]:
    """The server's port that a message is for, and the client's."""
    datagram = dissect(frame.untagged)
    if datagram is None or datagram.destination_port != BOOT_SERVER_PORT:
        return SERVER_PORT, CLIENT_PORT
    return BOOT_SERVER_PORT, datagram.source_port


def _unread(sockets: list[UdpSocket]) -> str:
    octets = sum(each.unread for each in sockets)
    return f"; {octets} octets wait there unread, so the server's process is stuck" if octets else ""
