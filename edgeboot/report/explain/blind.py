"""What a capture cannot show of a client, and by what that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.explain.gathered import Gathered
from edgeboot.report.explain.relayed import passed_on
from edgeboot.report.explain.story import Identity, Outcome
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic, offers_in

_PATIENCE: Final = 32.0
"""Seconds that a client whose waits are not known may wait for an answer: EDK2's last wait."""
_ANSWER: Final = 1.0
"""Seconds within which a client goes on that has what it needs."""
_IPV4: Final = b"\x08\x00"


def blind_spots(
    gathered: Gathered, traffic: MachineTraffic, rounds: Sequence[Round], outcome: Outcome
) -> Iterator[str]:
    """Each as a sentence."""
    if not rounds:
        yield "the capture begins in mid-boot: no DHCPDISCOVER of this client is in it"
    yield from _elsewhere(traffic, rounds)
    yield from _lost(gathered, traffic)
    if rounds and outcome is Outcome.UNKNOWN:
        yield "the capture ends while the client may still wait for an answer"


def _elsewhere(traffic: MachineTraffic, rounds: Sequence[Round]) -> Iterator[str]:
    """What passed where the capture was not."""
    messages = traffic.messages
    if agents := {str(each.message.giaddr) for each in messages if passed_on(each)}:
        agent = ", ".join(sorted(agents))
        if all(map(passed_on, messages)):
            yield f"captured on the server's side of relay agent {agent}: what reaches the client is not seen"
    requests = [each for each in traffic.sent(MessageType.DHCPREQUEST) if each.server_identifier is not None]
    if requests and rounds and not offers_in(messages):
        chosen = requests[-1].server_identifier
        told = f"it took an offer of {chosen}, and none is in the capture"
        yield f"{told}: replies to one client (unicast) passed elsewhere"
    unseen = [each for each in traffic.downloads if each.ending is Ending.UNSEEN]
    if unseen:
        yield f"{unseen[-1].told}: what came of {len(unseen)} requests for files is not in the capture"


def _lost(gathered: Gathered, traffic: MachineTraffic) -> Iterator[str]:
    """What the capture has no more, or was not kept of it."""
    if cut := sum(_is_cut(each.octets) for each in traffic.frames):
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


def _is_cut(octets: bytes) -> bool:
    return octets[12:14] == _IPV4 and len(octets) - 14 < int.from_bytes(octets[16:18])


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
