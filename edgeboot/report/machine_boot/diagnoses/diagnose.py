"""Why a client did not boot: the failure catalogue, asked of the round that tells it.

A client that has booted has no diagnosis, and neither has one whose capture ends while it may still boot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.boots import last_boot
from edgeboot.report.machine_boot.diagnoses.after_lease import about_what_followed
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_file import about_the_file, about_what_it_led_to
from edgeboot.report.machine_boot.diagnoses.connections import about_connections
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.diagnoses.downloads import about_downloads
from edgeboot.report.machine_boot.diagnoses.lease import about_the_lease
from edgeboot.report.machine_boot.diagnoses.names import about_names
from edgeboot.report.machine_boot.diagnoses.offers import about_offers
from edgeboot.report.machine_boot.diagnoses.second_round import about_a_loop
from edgeboot.report.machine_boot.diagnoses.servers import about_other_servers
from edgeboot.report.machine_boot.rounds import Round, furthest

_SYSTEMS: Final = frozenset({BootRules.NOTHING})


def diagnose(
    rounds: Sequence[Round], clients: Sequence[ClientProfile | None], ends: float = math.inf
) -> tuple[Diagnosis, ...]:
    """What kept a client from booting, the likeliest first.

    Args:
        rounds: of the client, in their order; of several boots the last is judged.
        clients: for each round, by whose rules it boots; None where that is not known.
        ends: when the last packet of the capture passed, in seconds since the epoch.
    """
    every = rounds
    rounds = last_boot(every)
    if not rounds:
        return ()
    clients = clients[len(every) - len(rounds) :]
    number = _at_fault(rounds, clients)
    attempt = _attempt(rounds, number, clients[number], ends)
    is_system = _is_system(attempt.round, attempt.client)
    found = tuple(_of_a_system(attempt) if is_system else _of_firmware(rounds, number, attempt))
    # Whoever boots beside a second server is no worse for it.
    return (*found, *about_other_servers(attempt)) if found else ()


def _attempt(rounds: Sequence[Round], number: int, client: ClientProfile | None, ends: float) -> Attempt:
    if number + 1 == len(rounds):
        return Attempt(rounds[number], client, ends)
    following = rounds[number + 1]
    came_by_an_agent = following.traffic.is_beyond_an_agent and not rounds[number].traffic.is_beyond_an_agent
    return Attempt(rounds[number], client, ends, following.began, came_by_an_agent)


def _at_fault(rounds: Sequence[Round], clients: Sequence[ClientProfile | None]) -> int:
    """The system's, which is the last; else the round that came furthest."""
    last = len(rounds) - 1
    if _is_system(rounds[last], clients[last]):
        return last
    firmware = tuple(
        each for each, client in zip(rounds, clients, strict=True) if not _is_system(each, client)
    )
    found = furthest(firmware)
    return next(number for number, each in enumerate(rounds) if each is found)


def _is_system(each: Round, client: ClientProfile | None) -> bool:
    """Whether it wants an address and no boot file: a client without option 93 that is not known does."""
    if client is None:
        return each.architecture is None and not each.is_ipxe
    return client.rules in _SYSTEMS


def _of_a_system(attempt: Attempt) -> Iterator[Diagnosis]:
    if attempt.traffic.received(MessageType.DHCPACK):
        return
    yield from about_the_lease(attempt) if attempt.takes is not None else about_offers(attempt)


def _of_firmware(rounds: Sequence[Round], number: int, attempt: Attempt) -> Iterator[Diagnosis]:
    traffic = attempt.traffic
    if attempt.round.fetched:
        yield from _behind_a_file(rounds, number, attempt)
    elif traffic.received(MessageType.DHCPACK) or traffic.boot_requests or traffic.downloads:
        yield from about_what_followed(attempt)
    elif attempt.takes is None:
        yield from about_offers(attempt)
    else:
        yield from about_the_lease(attempt)


def _behind_a_file(rounds: Sequence[Round], number: int, attempt: Attempt) -> Iterator[Diagnosis]:
    """Of a client that has fetched a whole file: it was the wrong one, or did not lead on."""
    looped = tuple(about_a_loop(rounds[: number + 1]))
    if looped:
        yield from looped
        return
    if attempt.round.is_ipxe:
        yield from (*about_names(attempt), *about_connections(attempt), *about_downloads(attempt))
        return
    found = tuple(about_the_file(attempt))
    yield from found or tuple(about_what_it_led_to(attempt))
