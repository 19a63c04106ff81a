"""Whether a UDP port of a host is closed, asked by what a program on it would answer."""

from __future__ import annotations

from typing import Final

from scapy.layers.dns import DNS, DNSQR

from edgeboot.host.wire.neighbour import Neighbour, UdpPort
from edgeboot.node.boot.tftp_packets import ReadRequest
from edgeboot.node.name_server import DNS_PORT

_STATES: Final = {
    UdpPort.ANSWERED: "open: it answers",
    UdpPort.SILENT: "open, or a packet filter drops what is sent there (no ICMP port unreachable)",
}


def open_state(host: Neighbour, port: int, file: str) -> str | None:
    """How a port is not closed; None if it is.

    Args:
        host: the one that is asked.
        port: a name server's is asked for the servers of the root, any other for a file by TFTP.
        file: the boot file's name.
    """
    query = bytes(DNS(rd=1, qd=DNSQR(qname=".", qtype="NS")))
    message = query if port == DNS_PORT else ReadRequest(file).encode()
    return _STATES.get(host.ask_udp(port, message).outcome)
