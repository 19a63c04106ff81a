"""Whether a client reaches a host: by ARP, by ICMP, and by the routes that its DHCPACK gives it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from urllib.parse import urlsplit

from edgeboot.dhcp.client_routes import routes_of_client
from edgeboot.dhcp.firmware import Boot
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis, Evidence
from edgeboot.report.machine_boot.diagnoses.evidence import few, shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import OWN_PORT, MachineTraffic, PassedMessage


def why_unreached(traffic: MachineTraffic, server: IPv4Address, port: int) -> str:
    """Why a host does not answer on a UDP port, in words; empty where the wire does not show it."""
    if traffic.refused_port(server, port):
        return f": {server} says that nobody listens on port {port} (ICMP)"
    if is_absent(traffic, server):
        return f": nobody on the segment has the address {server}"
    return ""


def is_absent(traffic: MachineTraffic, address: IPv4Address) -> bool:
    """Whether it has asked for the address by ARP, and nobody has answered.

    An answer to the machine alone may have passed elsewhere: that it asks again shows, then, that none came.
    """
    asked = len(traffic.arp_requests.get(address, ()))
    seen = asked > 1 or (asked == 1 and traffic.place == OWN_PORT)
    return seen and address not in traffic.answered_by_arp


def about_absent_hosts(attempt: Attempt) -> Iterator[Diagnosis]:
    """The addresses that it asked for by ARP in vain, but its own: that is free, then.

    An answer goes to the machine alone: where it may have passed elsewhere, that it asks again shows that
    none came.
    """
    traffic = attempt.traffic
    for address in sorted(traffic.asked_by_arp - traffic.answered_by_arp.keys() - {traffic.address}):
        requests = traffic.arp_requests[address]
        if len(requests) < 2 and not attempt.is_over(requests[0].at):
            continue
        is_router = address in _routers(traffic)
        told, needed = nobody_has(address)
        certain = len(requests) > 1 or traffic.place == OWN_PORT
        asked = few([Evidence(each.number, each.at, f"ARP: who has {address}") for each in requests])
        yield Diagnosis(
            Kind.ROUTER_ABSENT if is_router else Kind.HOST_ABSENT,
            f"{told}: its DHCPACK says that it is the router (option 3)" if is_router else told,
            needed,
            Certainty.CERTAIN if certain else Certainty.LIKELY,
            (*shown_by(*traffic.received(MessageType.DHCPACK)[-1:]), *asked),
            "routers" if is_router else "next_server",
            address,
        )


def nobody_has(address: IPv4Address, often: str = "") -> tuple[str, str]:
    """What is told of an address that was asked for by ARP in vain, and what the client would have needed."""
    told = f"nobody on the segment has the address {address}, which it asked for {often}by ARP"
    return told, f"a machine that answers for {address} on this segment"


def about_routes(attempt: Attempt) -> Iterator[Diagnosis]:
    """That no route of its DHCPACK leads to the boot server, by this client's own reading of the options."""
    acks = attempt.traffic.received(MessageType.DHCPACK)
    host = _boot_host(attempt)
    if not acks or host is None or attempt.traffic.downloads:
        return
    ack = acks[-1]
    network = _network(ack)
    if network is None:
        return
    routes = routes_of_client(ack.message.options, attempt.as_seen)
    if routes.is_on_link(host, network) or routes.router_to(host) is not None:
        return
    classless = ", by option 121, which it takes in place of option 3" if routes.ignores_routers else ""
    told = f"no route of its DHCPACK leads to the boot server {host}{classless}"
    needed = f"a route to {host}, in option {121 if classless else 3}"
    certainty = Certainty.CERTAIN if attempt.is_over(ack.at) else Certainty.LIKELY
    yield Diagnosis(Kind.NO_ROUTE, told, needed, certainty, shown_by(ack), "routers", None, Sender.of(ack))


def _network(ack: PassedMessage) -> IPv4Network | None:
    """That of its address; None where its mask is none."""
    mask = ack.message.options.get(OptionCode.SUBNET_MASK) or b""
    try:
        return IPv4Network(f"{ack.message.yiaddr}/{IPv4Address(mask)}", strict=False)
    except ValueError:
        return None


def _boot_host(attempt: Attempt) -> IPv4Address | None:
    """The host that it boots from by its own rules; None where it is a name, or not known."""
    outcome = attempt.outcome
    try:
        return IPv4Address(urlsplit(outcome.url).hostname or "") if isinstance(outcome, Boot) else None
    except ValueError:
        return None


def _routers(traffic: MachineTraffic) -> tuple[IPv4Address, ...]:
    acks = traffic.received(MessageType.DHCPACK)
    data = (acks[-1].message.options.get(OptionCode.ROUTER) or b"") if acks else b""
    whole = len(data) - len(data) % 4
    return tuple(IPv4Address(data[at : at + 4]) for at in range(0, whole, 4))
