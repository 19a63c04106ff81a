"""What a name server answers, and why a node cannot resolve a name by it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, Final, cast

import pytest
from scapy.layers.dns import DNS, DNSRR

from edgeboot.base.mac import BROADCAST
from edgeboot.host.wire.frame import Frame, dissect, udp_frame
from edgeboot.host.wire.neighbour import Neighbour, UdpAnswer, UdpPort
from edgeboot.node.name_server import problem_with
from tests.unit.samples import SERVER_MAC

NAME: Final = "boot.example.org"
SERVER: Final = IPv4Address("192.168.99.53")
ADDRESS: Final = DNSRR(rrname=NAME, type="A", rdata="192.168.99.40")
BLOCKED: Final = DNSRR(rrname=NAME, type="A", rdata="127.0.0.1")
TEXT: Final = DNSRR(rrname=NAME, type="TXT", rdata="boot")


@dataclass(frozen=True)
class NameServer:
    """Answers every query with these records and this code; None is silence."""

    records: tuple[DNSRR, ...] | None
    rcode: int = 0
    number: int = 0
    """Added to the query's identifier."""

    def ask_udp(self, port: int, payload: bytes, **_: Any) -> UdpAnswer:
        """The answer as it arrives."""
        if self.records is None:
            return UdpAnswer(UdpPort.SILENT)
        query = DNS(payload)
        answer = DNS(id=query.id ^ self.number, qr=1, rcode=self.rcode, qd=query.qd, an=list(self.records))
        octets = udp_frame(SERVER_MAC, BROADCAST, (SERVER, port), (SERVER, 49152), bytes(answer))
        return UdpAnswer(UdpPort.ANSWERED, dissect(Frame(octets, 0.0)))


@pytest.mark.parametrize(
    "server,problem",
    [
        (NameServer((ADDRESS,)), None),
        (NameServer((TEXT, ADDRESS)), None),
        (NameServer((TEXT,)), f"knows no address (A) of {NAME}, which a client boots from"),
        (NameServer((BLOCKED,)), f"says that {NAME}, which a client boots from, is 127.0.0.1: it is blocked"),
        (NameServer((), rcode=3), f"answers NXDOMAIN for {NAME}, which a client boots from"),
        (NameServer((), rcode=5), f"answers REFUSED for {NAME}, which a client boots from"),
        (NameServer(None), "answers no query on UDP port 53"),
        (NameServer((ADDRESS,), number=1), "answers no query on UDP port 53"),
    ],
)
def test_name_of_a_boot_url_is_resolved_or_not(server: NameServer, problem: str | None) -> None:
    """An address is what counts, in an answer to this query."""
    assert problem_with(cast(Neighbour, server), [NAME]) == problem


@pytest.mark.parametrize("rcode", [0, 2, 5])
def test_any_answer_is_good_where_no_name_is_needed(rcode: int) -> None:
    """Whether it resolves what a site's systems ask is not known to the suite."""
    assert problem_with(cast(Neighbour, NameServer((), rcode)), []) is None
