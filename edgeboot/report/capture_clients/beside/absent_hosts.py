"""Hosts that a client's lease names and nobody answers for: told of clients that have booted, too."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType, OptionCode, option_name
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.reach import nobody_has
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_ROUTERS: Final = (
    OptionCode.ROUTER,
    OptionCode.CLASSLESS_STATIC_ROUTE,
    OptionCode.MICROSOFT_CLASSLESS_STATIC_ROUTE,
    OptionCode.STATIC_ROUTE,
)
_SERVERS: Final = (6, 7, 42, 44)
"""DNS, log, time and NetBIOS name servers (RFC 2132)."""
_DNS: Final = 53
_AGAIN: Final = 1.0
"""Seconds after which a machine asks again by ARP."""


def about_hosts_asked_again(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The hosts that it asked for again and again, while answers to it by ARP are in the capture."""
    if not traffic.answered_by_arp:
        return
    given = (*traffic.received(MessageType.DHCPOFFER), *traffic.received(MessageType.DHCPACK))
    own = {each.message.yiaddr for each in given}
    for address, asked in traffic.arp_requests.items():
        unanswered = address not in traffic.answered_by_arp and address not in own
        if unanswered and asked[-1].at - asked[0].at >= _AGAIN:
            named = next((found for each in reversed(given) if (found := _named(each, address))), None)
            yield _absent(address, len(asked), named)


def about_closed_name_servers(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The name servers of its lease that say by ICMP that nobody listens on port 53."""
    given = (*traffic.received(MessageType.DHCPOFFER), *traffic.received(MessageType.DHCPACK))
    named: dict[IPv4Address, PassedMessage] = {}
    for reply in given:
        data = reply.message.options.get(OptionCode.DOMAIN_NAME_SERVER) or b""
        named |= {IPv4Address(data[at : at + 4]): reply for at in range(0, len(data) - 3, 4)}
    for address, reply in named.items():
        if traffic.refused_port(address, _DNS):
            yield Diagnosis(
                Kind.NAME_UNANSWERED,
                f"{address}, its name server by option 6, says that nobody listens on port {_DNS} (ICMP)",
                f"a name server at {address}, or another in option 6",
                Certainty.CERTAIN,
                shown_by(reply),
                "domain_name_servers",
                address,
                Sender.of(reply),
            )


def _named(reply: PassedMessage, address: IPv4Address) -> tuple[PassedMessage, int] | None:
    """The reply and the option of it that names the address; None where none does."""
    codes = (*_ROUTERS, *_SERVERS)
    code = next((code for code in codes if address.packed in (reply.message.options.get(code) or b"")), None)
    return None if code is None else (reply, int(code))


def _absent(address: IPv4Address, asked: int, named: tuple[PassedMessage, int] | None) -> Diagnosis:
    told, needed = nobody_has(address, f"{asked} times ")
    if named is None:
        return Diagnosis(Kind.HOST_ABSENT, told, needed, Certainty.CERTAIN, (), "", address)
    reply, code = named
    is_router = code in _ROUTERS
    return Diagnosis(
        Kind.ROUTER_ABSENT if is_router else Kind.HOST_ABSENT,
        f"{told}: {option_name(code)} of {reply.datagram.sender} names it",
        needed,
        Certainty.CERTAIN,
        shown_by(reply),
        "routers" if is_router else f"option {code}",
        address,
        Sender.of(reply),
    )
