"""The clients of a capture file, each with its story and what kept it from booting."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.report.capture_clients.beside.about_others import Others, about_others
from edgeboot.report.capture_clients.blind import encrypted
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.stories import stories
from edgeboot.report.capture_clients.story import ClientStory, Outcome
from edgeboot.report.machine_boot.diagnoses.diagnose import diagnose


def clients_of(source: Path | BinaryIO) -> tuple[Clients, tuple[str, ...]]:
    """The clients of a capture, and what of it could not be read, as sentences.

    Raises:
        UsageError: it cannot be read, or is no capture.
    """
    clients = Clients()
    with open_capture(source) as capture:
        try:
            for packet in capture:
                clients.take(packet.number, packet.at, packet.octets, packet.vlans)
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise UsageError(capture.name, problem, "name a capture that can be read") from error
        return clients, (*capture.notes, *_unread(clients))


def _unread(clients: Clients) -> Iterator[str]:
    if clients.beheaded:
        yield (
            f"DHCP messages of which it has too little (snap length): {clients.beheaded};"
            " capture anew with tcpdump -s 0"
        )
    if clients.of_dhcpv6:
        yield f"{counted(clients.of_dhcpv6, 'packet')} of DHCPv6, which is not read: clients of IPv4 are told"


@contextmanager
def left_alone() -> Iterator[None]:
    """Within it no garbage collection looks through what was gathered before.

    Of ten thousand clients that takes a tenth of the time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def explained(clients: Clients) -> Iterator[ClientStory]:
    """The story of each client, with the reasons why it came no further, and what is wrong beside."""
    others = Others()
    for each in stories(clients):
        story = with_diagnoses(each, clients.until)
        beside = about_others(story, others, clients.until)
        yield replace(story, diagnoses=(*story.diagnoses, *beside))


def with_diagnoses(story: ClientStory, until: float) -> ClientStory:
    """The story with what kept its client from booting: a file that came whole may be the wrong one.

    Args:
        story: of one client.
        until: when the last packet of the capture passed, in seconds since the epoch.
    """
    if story.is_deaf or story.is_cut:
        return story
    profiles = [CLIENTS.get(each.client) for each in story.identities[: len(story.rounds)]]
    found = diagnose(story.rounds, profiles, until)
    if found:
        is_booted = story.outcome is Outcome.BOOTED
        return replace(story, diagnoses=found, outcome=Outcome.STOPPED if is_booted else story.outcome)
    hidden = tuple(encrypted(story.traffic)) if story.outcome is Outcome.STOPPED else ()
    return replace(story, outcome=Outcome.UNKNOWN, blind=(*story.blind, *hidden)) if hidden else story
