"""What became of each client of a capture: its rounds, its stages, how it ended, and what is not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.capture_clients.blind import blind_spots, fell_silent, is_cut, is_deaf, still_waits
from edgeboot.report.capture_clients.clients import PLACE, Clients
from edgeboot.report.capture_clients.identify import identified, identify
from edgeboot.report.capture_clients.relayed import without_copies
from edgeboot.report.capture_clients.story import ClientStory, Identity, Outcome
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.boots import last_boot
from edgeboot.report.machine_boot.loop import loop_in
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.rounds import rounds as rounds_of
from edgeboot.report.machine_boot.stages import in_order
from edgeboot.report.machine_boot.stages_captured import stages_captured
from edgeboot.report.machine_boot.traffic import MachineTraffic


def stories(clients: Clients) -> Iterator[ClientStory]:
    """The story of each client, made one after the other, in the order of their first messages."""
    for each in clients:
        yield story_of(clients, each.mac)


def story_of(clients: Clients, mac: MacAddress) -> ClientStory:
    """The story of one client, as far as its packets have come.

    Raises:
        KeyError: the capture has no DHCP message of it.
    """
    gathered = clients[mac]
    traffic = MachineTraffic(mac, gathered.frames, PLACE, gathered.fetching.downloads)
    traffic = replace(traffic, read=without_copies(traffic.messages))
    rounds = rounds_of(traffic)
    identities = tuple(map(identify, rounds)) or (identified(traffic),)
    waits = still_waits(rounds, identities, clients.until)
    last = last_boot(rounds)
    outcome = _outcome(traffic, last, identities[len(rounds) - len(last) :], waits=waits)
    return ClientStory(
        mac,
        traffic,
        identities,
        rounds,
        in_order((*stages_captured(traffic, rounds), *_system(rounds, identities))),
        outcome,
        blind=tuple(blind_spots(gathered, traffic, rounds, waits=waits and outcome is Outcome.UNKNOWN)),
        waits=waits,
        is_deaf=is_deaf(traffic),
        is_cut=is_cut(traffic),
    )


def _system(rounds: Sequence[Round], identities: Sequence[Identity]) -> Iterator[StageSeen]:
    """The round of a system that asks behind a boot file: what the file was for has started."""
    for number, (each, who) in enumerate(zip(rounds, identities, strict=False)):
        if who.is_system and any(before.fetched for before in rounds[:number]):
            what = f"DHCPDISCOVER of {who.software.value}"
            yield StageSeen(BootStage.SYSTEM, each.began, Witness.CAPTURE, what)


def _outcome(
    traffic: MachineTraffic, rounds: Sequence[Round], identities: Sequence[Identity], *, waits: bool
) -> Outcome:
    """By its last round that came furthest: a program needs its whole file, a system its address."""
    if is_cut(traffic):
        return Outcome.UNKNOWN
    if not rounds:
        asked, given = traffic.sent(MessageType.DHCPREQUEST), traffic.received(MessageType.DHCPACK)
        has_address = bool(asked and given) and not identities[0].asks_for_a_file
        return Outcome.BOOTED if has_address else Outcome.UNKNOWN
    if loop_in(rounds) is not None:
        return Outcome.STOPPED
    if any(_went_well(each, who) for each, who in _deciding(rounds, identities)):
        return Outcome.BOOTED
    went_on_elsewhere = traffic.goes_on_unseen and bool(traffic.received(MessageType.DHCPACK))
    is_open = waits or is_deaf(traffic) or went_on_elsewhere or fell_silent(traffic)
    return Outcome.UNKNOWN if is_open else Outcome.STOPPED


def _deciding(rounds: Sequence[Round], identities: Sequence[Identity]) -> Sequence[tuple[Round, Identity]]:
    """The rounds after the last file that was started: what fetched iPXE has not booted by that alone."""
    paired = tuple(zip(rounds, identities, strict=True))
    started = [
        number
        for number, each in enumerate(rounds)
        if number and each.is_ipxe and any(before.fetched for before in rounds[:number])
    ]
    return paired[started[-1] :] if started else paired


def _went_well(each: Round, who: Identity) -> bool:
    if who.asks_for_a_file:
        return bool(each.fetched)
    return bool(each.traffic.received(MessageType.DHCPACK))
