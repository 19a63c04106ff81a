"""What is wrong beside a client's own way to its boot file: its kept lease, other machines, absent hosts."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.report.capture_clients.beside.absent_hosts import (
    about_closed_name_servers,
    about_hosts_asked_again,
)
from edgeboot.report.capture_clients.beside.declined_again import about_declined_ones
from edgeboot.report.capture_clients.beside.given_twice import GivenAddresses
from edgeboot.report.capture_clients.beside.kept_lease import about_kept_leases
from edgeboot.report.capture_clients.beside.not_free_again import ReleasedAddresses
from edgeboot.report.capture_clients.beside.other_hardware import Transactions
from edgeboot.report.capture_clients.beside.several_addresses import about_several_addresses
from edgeboot.report.capture_clients.beside.two_owners import about_two_owners
from edgeboot.report.capture_clients.beside.two_processes import about_two_processes
from edgeboot.report.capture_clients.beside.unanswered_first import about_unanswered_ones
from edgeboot.report.capture_clients.story import ClientStory, Software
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_file import about_the_file
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.diagnoses.downloads import about_downloads
from edgeboot.report.machine_boot.diagnoses.names import about_names
from edgeboot.report.machine_boot.rounds import Round


class Others:
    """What the clients of one capture have of each other, gathered one client after the other."""

    def __init__(self) -> None:
        self.given = GivenAddresses()
        self.transactions = Transactions()
        self.released = ReleasedAddresses()


def about_others(story: ClientStory, others: Others, until: float) -> Iterator[Diagnosis]:
    """The diagnoses that the client's rounds do not make.

    Args:
        story: of the client, with the diagnoses that they make.
        others: the clients whose stories came before; this one is added.
        until: when the last packet of the capture passed, in seconds since the epoch.
    """
    if story.is_deaf or story.is_cut:  # What was sent to it, or with which options, is not in the capture.
        return
    if not story.rounds:
        yield from _in_mid_boot(story, until)
    told = {(each.kind, each.received) for each in story.diagnoses}
    traffic = story.traffic
    for each in (
        *about_kept_leases(traffic, until),
        *others.given.about(traffic),
        *others.transactions.about(traffic),
        *others.released.about(traffic),
        *about_declined_ones(traffic),
        *about_hosts_asked_again(traffic),
        *about_closed_name_servers(traffic),
        *about_two_processes(traffic),
        *about_unanswered_ones(traffic),
        *about_several_addresses(traffic),
        *about_two_owners(traffic),
        *_names(story, until),
    ):
        if (each.kind, each.received) not in told:
            yield each


def _in_mid_boot(story: ClientStory, until: float) -> Iterator[Diagnosis]:
    """Of a client whose DHCPDISCOVER is not in the capture: what became of the files that it asked for."""
    attempt = _attempt(story, until)
    yield from about_downloads(attempt)
    if attempt.round.fetched:
        yield from about_the_file(attempt)


def _names(story: ClientStory, until: float) -> Iterator[Diagnosis]:
    """Of firmware that has no file yet: a system asks for names that nobody has, and is none the worse."""
    asks = any(each.asks_for_a_file for each in story.identities)
    if asks and not any(each.fetched for each in story.rounds):
        yield from about_names(_attempt(story, until))


def _attempt(story: ClientStory, until: float) -> Attempt:
    """All that it did, as one."""
    identity = story.identities[0]
    is_ipxe = identity.software is Software.IPXE
    return Attempt(Round(story.traffic, is_ipxe, identity.architecture), None, until)
