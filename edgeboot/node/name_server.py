"""A question to a name server over UDP (RFC 1035), from an edge node's port.

The messages are scapy's: it has them already, and frames need no socket of the kernel's.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Final

from scapy.layers.dns import DNS, DNSQR

from edgeboot.host.wire.neighbour import Neighbour, UdpPort

DNS_PORT: Final = 53
NO_SERVICE: Final = "is no name server"
"""How the problem with a closed port begins."""
_TRIES: Final = 2
_ADDRESS: Final = 1
_ROOT: Final = "."
_CODES: Final = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
"""RFC 1035 section 4.1.1."""


def problem_with(server: Neighbour, names: Iterable[str]) -> str | None:
    """Why a node cannot resolve these names by this server; None if it can.

    Without a name it is asked for the servers of the root, and any answer is good.
    """
    wanted = tuple(names)
    if not wanted:
        answer = _ask(server, _ROOT, "NS")
        return answer if isinstance(answer, str) else None
    problems = (_unresolved(server, name) for name in wanted)
    return next(filter(None, problems), None)


def _unresolved(server: Neighbour, name: str) -> str | None:
    answer = _ask(server, name, "A")
    if isinstance(answer, str):
        return answer
    if answer.rcode:
        code = _CODES.get(answer.rcode, f"code {answer.rcode}")
        return f"answers {code} for {name}, which a client boots from"
    addresses = [IPv4Address(record.rdata) for record in answer.an or () if record.type == _ADDRESS]
    if not addresses:
        return f"knows no address (A) of {name}, which a client boots from"
    nowhere = [each for each in addresses if each.is_unspecified or each.is_loopback]
    return f"says that {name}, which a client boots from, is {nowhere[0]}: it is blocked" if nowhere else None


def _ask(server: Neighbour, name: str, record: str) -> DNS | str:
    """The answer, or why there is none."""
    for _ in range(_TRIES):
        number, port = secrets.randbelow(1 << 16), 49152 + secrets.randbelow(16383)
        query = DNS(id=number, rd=1, qd=DNSQR(qname=name, qtype=record))
        reached = server.ask_udp(DNS_PORT, bytes(query), source_port=port)
        if reached.outcome is UdpPort.CLOSED:
            return f"{NO_SERVICE}: its UDP port {DNS_PORT} is closed (ICMP port unreachable)"
        if reached.reply is not None:
            answer = DNS(reached.reply.payload)
            if answer.qr and answer.id == number:
                return answer
    return f"answers no query on UDP port {DNS_PORT}"
