"""The finding about an unanswered message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

import pytest

from edgeboot.dhcp.firmware import BootRequest
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.host_view import HostInterface, HostView, UdpSocket
from edgeboot.host.packet_filter import nft
from edgeboot.host.packet_filter.ruleset import Chain
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.node.exchange import Exchange
from edgeboot.report.silence import Witnesses, concerns, silence
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.deployment import load_deployment
from tests.unit.samples import BOOT_SERVER, CONTRACT, EVERYBODY, NODE, SENT_AT, SERVER, XID, config, exchange

CONFIG: Final = load_deployment("poc").config
LINES: Final = [
    LogLine(0, "dnsmasq-dhcp: 168496141 DHCPDISCOVER(ens3) 02:eb:00:00:00:01"),
    LogLine(1, "dnsmasq-dhcp: 168496141 no address available"),
    LogLine(2, "dnsmasq-dhcp: 168496141 requested options: 1:netmask"),
    LogLine(3, "dnsmasq-dhcp: 168496141 sent size:  4 option:  1 netmask"),
]
OFFERED: Final = LogLine(
    4, "dnsmasq-dhcp: 168496141 DHCPOFFER(ens3) 192.168.99.150 02:eb:00:00:00:01", SENT_AT + 0.5
)
NOTHING_KNOWN: Final = Witnesses((), CONFIG, SERVER)


CLIENT: Final = IPv4Address("192.168.99.100")
OPEN: Final = (UdpSocket(IPv4Address(0), 67, 0),)


@dataclass(frozen=True)
class KnownHost(HostView):
    """A host with these sockets and rules."""

    sockets: tuple[UdpSocket, ...]
    rules: str
    is_up: bool = True
    mtu: int = 1500
    address: str = "192.168.99.10/24"

    def udp_sockets(self) -> tuple[UdpSocket, ...]:
        """As stated."""
        return self.sockets

    def packet_filter(self) -> tuple[Chain, ...]:
        """As stated."""
        return tuple(nft.parse(self.rules))

    def interfaces(self) -> tuple[HostInterface, ...]:
        """One."""
        address = IPv4Interface(self.address)
        return (HostInterface(self.interface, (address,), is_up=self.is_up, mtu=self.mtu),)


def host(
    hook: str = "input", rule: str = "accept", *, sockets: tuple[UdpSocket, ...] | None = None
) -> HostView:
    """The server's host, with one rule at one hook."""
    base = f"type filter hook {hook} priority 0; policy accept;"
    rules = "\n".join(["table ip fw {", "chain c {", base, rule, "}", "}"])
    return KnownHost("", "ens3", OPEN if sockets is None else sockets, rules)


def unanswered(
    request: DhcpMessage | None = None, *, to: tuple[IPv4Address, int] = (EVERYBODY, 67), port: int = 68
) -> Exchange:
    """A DHCPDISCOVER as it was on the wire, or another message to this end and from this port."""
    asked = exchange(request=request)
    ends = ((asked.request.ciaddr, port), to)
    frame = udp_frame(NODE.mac, NODE.mac, *ends, asked.request.encode())
    return replace(asked, sent=Frame(frame, SENT_AT, sent=True))


def test_message_that_did_not_arrive_is_the_segment_s_cause() -> None:
    """No line of the server's configuration can have lost it."""
    finding = silence(exchange(), replace(NOTHING_KNOWN, arrived=False))
    assert finding.cause is not None
    assert (finding.field, finding.cause.file) == ("answer", None)
    assert "never came to the server's port; likely cause: a bridge port that does not" in str(finding)


def test_interface_that_is_down_is_the_cause() -> None:
    """No switch is to blame where the server's own interface is off."""
    off = KnownHost("", "ens3", OPEN, "", is_up=False)
    finding = silence(unanswered(), replace(NOTHING_KNOWN, arrived=False, host=off))
    assert [str(each) for each in finding.causes] == [
        "ens3 of the server's host is down: ip link set ens3 up"
    ]


def test_mtu_that_is_too_small_is_the_cause() -> None:
    """The kernel drops what is longer before any rule or socket sees it."""
    narrow = KnownHost("", "ens3", OPEN, "", mtu=300)
    [cause] = silence(unanswered(), replace(NOTHING_KNOWN, host=narrow)).causes
    assert "ens3 of the server's host has an MTU of 300, and the message " in str(cause)


def test_address_that_the_host_has_lost_is_the_cause() -> None:
    """The range is right, and the interface is in another network."""
    line = LogLine(0, "dnsmasq-dhcp: no address range available for DHCP request via ens3")
    moved = KnownHost("", "ens3", OPEN, "", address="192.168.98.10/24")
    finding = silence(exchange(), replace(NOTHING_KNOWN, log=[line], host=moved))
    assert [str(each) for each in finding.causes] == [
        "ens3 of the server's host has 192.168.98.10, and not 192.168.99.10"
    ]


def test_message_that_a_rule_drops_is_the_packet_filter_s() -> None:
    """The rule is named, and no line of the configuration."""
    finding = silence(unanswered(), replace(NOTHING_KNOWN, host=host(rule="udp dport 67 drop")))
    assert [str(cause) for cause in finding.causes] == [
        "the packet filter of the server's host drops it: table ip fw, chain c: udp dport 67 drop"
    ]
    assert "the server never saw DHCPDISCOVER xid 0x0a0b0c0d (168496141) of 02:eb" in str(finding)


def test_rule_that_cannot_be_weighed_may_have_dropped_it() -> None:
    """A reverse path filter's verdict is the kernel's to know: no rule is said to let the message pass."""
    finding = silence(
        unanswered(), replace(NOTHING_KNOWN, host=host(rule="fib saddr . iif oif missing drop"))
    )
    assert (
        "UDP port 67 is open there; likely cause: the packet filter of the server's host may drop it: "
        in str(finding)
    )
    assert "no rule" not in str(finding)


@pytest.mark.parametrize(
    "text,sockets,cause",
    [
        ("interface=ens4\n", None, "dnsmasq.conf:1 interface=ens4"),
        ("interface=ens3\nno-dhcp-interface=ens*\n", None, "dnsmasq.conf:2 no-dhcp-interface=ens*"),
        ("listen-address=192.168.99.99\n", None, "dnsmasq.conf:1 listen-address=192.168.99.99"),
        ("interface=ens3\n", (), "nothing listens on UDP port 67 of the server's host"),
    ],
)
def test_server_that_does_not_listen_is_told(
    text: str, sockets: tuple[UdpSocket, ...] | None, cause: str
) -> None:
    """By the line that keeps it from the interface, or by the socket that is not there."""
    known = Witnesses((), config(text), SERVER, host=host(sockets=sockets))
    assert [str(each) for each in silence(unanswered(), known).causes] == [cause]


def test_boot_request_is_looked_for_at_its_own_port() -> None:
    """A dnsmasq without pxe-service listens on port 67 alone; its answer goes where the request came from."""
    request = NODE.ask_boot_server(XID, CLIENT, BootRequest(SERVER, client_port=4011))
    asked = unanswered(request, to=(SERVER, 4011), port=4011)
    finding = silence(asked, Witnesses((), CONFIG, SERVER, host=host()))
    assert [str(each) for each in finding.causes] == ["nothing listens on UDP port 4011 of the server's host"]
    lost = replace(OFFERED, text=OFFERED.text.replace("OFFER", "ACK"))
    filtered = host(hook="output", rule="udp sport 4011 udp dport 4011 drop")
    told = silence(asked, Witnesses([lost], CONFIG, SERVER, host=filtered))
    assert "udp sport 4011 udp dport 4011 drop" in str(told)


def test_boot_request_to_another_host_is_not_this_server_s() -> None:
    """It is the other's to answer; nothing of this server's host or configuration is blamed."""
    request = NODE.ask_boot_server(XID, CLIENT, BootRequest(BOOT_SERVER))
    assert not concerns(unanswered(request, to=(BOOT_SERVER, 4011)), SERVER)
    assert concerns(unanswered(request, to=(SERVER, 4011)), SERVER)
    assert concerns(unanswered(), SERVER)


def test_message_that_nothing_keeps_from_the_server_has_no_cause() -> None:
    """What is known is told: a right interface= line is not blamed."""
    stuck = (UdpSocket(IPv4Address(0), 67, 832),)
    finding = silence(unanswered(), Witnesses((), CONFIG, SERVER, host=host(sockets=stuck)))
    assert finding.causes == ()
    assert "UDP port 67 is open there, and no rule of its packet filter drops it; 832 octets wait" in str(
        finding
    )


def test_host_that_cannot_be_read_is_left_to_the_reader() -> None:
    """On a site the node is not the suite's to look into."""
    finding = silence(unanswered(), NOTHING_KNOWN)
    assert finding.causes == ()
    assert "which came to its port; its host cannot be read from here: on it see nft list ruleset" in str(
        finding
    )
    silent = silence(unanswered(), replace(NOTHING_KNOWN, is_logged=False))
    assert str(silent).startswith("the server did not answer DHCPDISCOVER")


@pytest.mark.parametrize(
    "known,words",
    [
        (
            Witnesses([*LINES[:1], OFFERED], CONFIG, SERVER, answer_left=True),
            ", behind the server's port; likely cause: a br",
        ),
        (
            Witnesses([OFFERED], CONFIG, SERVER, host=host("output", "ip daddr 255.255.255.255 drop")),
            ", before it left the server's port; likely cause: the packet filter of the server's host ",
        ),
        (Witnesses([OFFERED], CONFIG, SERVER, host=host()), ", before it left the server's port"),
        (
            Witnesses([OFFERED], CONFIG, SERVER),
            ", before it left the server's port; its host cannot be read from here",
        ),
    ],
    ids=["on the segment", "at a rule", "somewhere in the host", "unreadable"],
)
def test_answer_that_was_logged_is_lost_on_the_way_back(known: Witnesses, words: str) -> None:
    """The range is not to blame for an offer that was made."""
    text = str(silence(unanswered(NODE.discover(XID, broadcast=True)), known))
    assert "DHCPOFFER(ens3) 192.168.99.150" in text
    assert f"and the answer was lost on the way back{words}" in text
    assert "dhcp-range" not in text


def test_answer_after_the_window_is_too_late() -> None:
    """It is not lost, and the time is told."""
    late = replace(OFFERED, at=SENT_AT + 5.25)
    assert ", 5.2 s after it: too late" in str(silence(exchange(), Witnesses([late], CONFIG, SERVER)))


def test_server_that_waits_before_it_answers_does_so_by_a_line() -> None:
    """Logged while it waits: firmware gives up before it answers."""
    delayed = replace(CONFIG, text=f"{CONFIG.text}dhcp-reply-delay=9\n")
    waits = LogLine(1, "dnsmasq-dhcp: 168496141 reply delay: 9")
    found = silence(exchange(), Witnesses([LINES[0], waits], delayed, SERVER))
    assert [each.text for each in found.causes] == ["dhcp-reply-delay=9"]


def test_refusal_is_quoted_with_the_lines_that_decide_it() -> None:
    """An exhausted pool is the likeliest cause, the range it comes from is named beside it."""
    finding = silence(exchange(), Witnesses(LINES, CONFIG, SERVER, leased=CONTRACT.pool.addresses))
    assert "and said 'dnsmasq-dhcp: 168496141 no address available'; likely cause: " in str(finding)
    assert str(finding.cause) == "pool exhausted: 101 of 101 leased"
    assert finding.causes[1].line == 4


def test_client_that_is_ignored_is_told_by_the_line() -> None:
    """The range would not help it."""
    ignored = replace(LINES[0], text=f"{LINES[0].text} ignored")
    text = "dhcp-range=10.0.0.1,10.0.0.9\ndhcp-ignore=tag:!known\n"
    finding = silence(exchange(), Witnesses([ignored], config(text), SERVER))
    assert [str(cause) for cause in finding.causes] == ["dnsmasq.conf:2 dhcp-ignore=tag:!known"]


def test_line_that_ignores_other_clients_is_not_blamed() -> None:
    """Of two dhcp-ignore lines the one whose tag the client has."""
    ignored = replace(LINES[0], text=f"{LINES[0].text} ignored")
    text = "dhcp-mac=set:stolen,00:11:22:*:*:*\ndhcp-ignore=tag:stolen\ndhcp-ignore=tag:!known\n"
    finding = silence(exchange(), Witnesses([ignored], config(text), SERVER))
    assert [str(cause) for cause in finding.causes] == ["dnsmasq.conf:3 dhcp-ignore=tag:!known"]


def test_server_that_says_nothing_more_has_no_cause() -> None:
    """It may still be looking for a free address."""
    finding = silence(exchange(), Witnesses(LINES[:1], CONFIG, SERVER))
    assert finding.causes == ()
    assert str(finding).endswith("02:eb:00:00:00:01', and nothing more")
