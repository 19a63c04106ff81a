"""What a capture cannot show of a client, and by what that is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import BOOTREQUEST, UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire import arp
from edgeboot.report.capture_clients.gathered import Gathered
from edgeboot.report.capture_clients.story import Identity
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic

_PATIENCE: Final = 32.0
"""Seconds that a client whose waits are not known may wait for an answer: EDK2's last wait."""
_ANSWER: Final = 1.0
"""Seconds within which a client goes on that has what it needs."""


def blind_spots(
    gathered: Gathered, traffic: MachineTraffic, rounds: Sequence[Round], *, waits: bool
) -> Iterator[str]:
    """Each as a sentence."""
    if not rounds:
        yield "the capture begins in mid-boot: no DHCPDISCOVER of this client is in it"
    yield from _elsewhere(traffic, rounds)
    yield from _lost(gathered, traffic)
    if not waits and fell_silent(traffic):
        yield "it sent one DHCPDISCOVER and did not ask again: it may have been switched off"
    if waits:
        yield "the capture ends while the client may still wait for an answer"


def _elsewhere(traffic: MachineTraffic, rounds: Sequence[Round]) -> Iterator[str]:
    """What passed where the capture was not."""
    messages = traffic.messages
    if traffic.is_beyond_an_agent:
        agents = ", ".join(sorted({str(each.message.giaddr) for each in messages}))
        beyond = f"captured on the server's side of relay agent {agents}"
        files = ", and the files that it asks for" if traffic.goes_on_unseen else ""
        yield f"{beyond}: what passes at the client, such as its ARP{files}, is not seen"
    if is_deaf(traffic):
        server = traffic.chosen_server or "a server"
        told = f"it took an offer of {server}, and no answer to it is in the capture"
        if (address := _used_by_arp(traffic)) is not None:
            told = f"{told}, though it uses {address} then (ARP)"
        yield f"{told}: what is sent to one client (unicast) passed elsewhere"
    elif rounds and _may_be_deaf(traffic):
        told = "it asks for answers to itself alone (no B flag), and nothing that was is in the capture"
        yield f"{told}: where they pass elsewhere, none is seen"
    unseen = [each for each in traffic.downloads if each.ending is Ending.UNSEEN]
    if unseen:
        asked = f"{counted(len(unseen), 'request')} for files"
        yield f"{unseen[-1].told}: what came of {asked} is not in the capture"


def encrypted(traffic: MachineTraffic) -> Iterator[str]:
    """That what a client has asked for by TLS is nobody's to see: an HTTPS boot that goes well looks so."""
    ends = (f"port {each.port} of {each.server}" for each in traffic.dialled if each.speaks_tls)
    for end in dict.fromkeys(ends):
        yield f"what it fetches by TLS from {end} is encrypted: whether a file came is not seen"


def is_deaf(traffic: MachineTraffic) -> bool:
    """Whether a client was answered and the capture has no answer: what lacks in it then shows nothing."""
    began = min((each.at for each in traffic.sent(MessageType.DHCPDISCOVER)), default=math.inf)
    # One that remembers its address asks by a DHCPREQUEST at first; behind a DHCPDISCOVER it takes an offer.
    took = any(
        each.server_identifier is not None or each.at > began
        for each in traffic.sent(MessageType.DHCPREQUEST)
    )
    unanswered = all(each.message.op == BOOTREQUEST for each in traffic.messages)
    return took and (unanswered or _used_by_arp(traffic) is not None)


def _used_by_arp(traffic: MachineTraffic) -> IPv4Address | None:
    """The address that it took and uses then, without an answer of any kind in the capture; else None.

    Who probes for an address, or asks by ARP from it, has had the DHCPACK (RFC 2131 section 4.4.1).
    """
    answered = traffic.received(MessageType.DHCPACK) or traffic.received(MessageType.DHCPNAK)
    if answered or traffic.downloads or traffic.boot_answers:
        return None
    for request in traffic.sent(MessageType.DHCPREQUEST):
        wanted = request.message.options.get(OptionCode.REQUESTED_IP_ADDRESS) or b""
        if request.server_identifier is None or len(wanted) != 4:
            continue
        address = IPv4Address(wanted)
        later = (arp.message(each) for each in traffic.own if each.at >= request.at)
        ends = ((each.psrc, each.pdst) for each in later if each is not None)
        if any(address == (target if source == UNSPECIFIED else source) for source, target in ends):
            return address
    return None


def is_cut(traffic: MachineTraffic) -> bool:
    """Whether the end of one of its DHCP messages was not captured: which options it had is not known."""
    return any(each.frame.is_cut for each in traffic.messages)


def _may_be_deaf(traffic: MachineTraffic) -> bool:
    """Whether answers would be sent to the client alone, and no frame that was has passed here."""
    asked = [each for each in traffic.messages if each.message.op == BOOTREQUEST]
    alone = any(each.octets[:6] == traffic.mac.packed for each in traffic.frames)
    answered = len(asked) < len(traffic.messages)
    return not (alone or answered or any(each.message.wants_broadcast for each in asked))


def _lost(gathered: Gathered, traffic: MachineTraffic) -> Iterator[str]:
    """What the capture has no more, or was not kept of it."""
    if cut := sum(each.is_cut for each in traffic.frames):
        yield f"{cut} of its packets were cut by the capture (snap length): their ends are not known"
    for each in traffic.downloads:
        if each.content.lacking:
            lacks = f"the capture lacks {each.content.lacking} octets of {each.url}"
            yield f"{lacks}, which the client has acknowledged: their content is not known"
    if gathered.twice:
        yield f"{gathered.twice} of its messages were captured twice within 20 ms, and count once"
    left_out = gathered.left_out + gathered.fetching.left_out
    if left_out:
        yield f"{left_out} more of its packets are not told: it has sent for longer than a boot takes"


def fell_silent(traffic: MachineTraffic) -> bool:
    """Whether it sent one DHCPDISCOVER and nothing more: every client asks again (RFC 2131 section 4.1).

    It was switched off, perhaps, or a program has only looked who answers: it shows no boot that failed.
    """
    own = [each for each in traffic.messages if each.message.op == BOOTREQUEST]
    return len(own) == len(traffic.sent(MessageType.DHCPDISCOVER)) == 1


def still_waits(rounds: Sequence[Round], identities: Sequence[Identity], until: float) -> bool:
    """Whether the capture ends before the client's patience: nobody knows how it goes on.

    Args:
        rounds: of the client, in their order.
        identities: of the rounds.
        until: when the last packet of the capture passed, in seconds since the epoch.
    """
    if not rounds:
        return False
    last, who = rounds[-1].traffic, identities[-1]
    discovers = last.sent(MessageType.DHCPDISCOVER)
    if last.downloads and last.downloads[-1].ending is Ending.CUT:
        return until - last.downloads[-1].ended < _ANSWER
    if last.sent(MessageType.DHCPREQUEST) or last.received(MessageType.DHCPACK):
        ended = max((each.at for each in last.frames), default=until)
        return until - ended < _ANSWER
    profile = CLIENTS.get(who.client)
    stated = () if profile is None or profile.retransmission is None else profile.retransmission.discover
    number = min(len(discovers), len(stated)) - 1
    wait = stated[number] if stated else _PATIENCE
    return until - discovers[-1].at < wait
