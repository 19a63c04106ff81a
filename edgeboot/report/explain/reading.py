"""The clients of a capture file, each with its story and what kept it from booting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.explain.clients import Clients
from edgeboot.report.explain.stories import stories
from edgeboot.report.explain.story import ClientStory, Outcome
from edgeboot.report.machine_boot.diagnoses.diagnose import diagnose


def clients_of(path: Path) -> Clients:
    """The clients of a capture file; raises UsageError for another file."""
    clients = Clients()
    try:
        for number, frame in enumerate(read_pcap(path), start=1):
            vlans = () if frame.vlan is None else (frame.vlan,)
            clients.take(number, frame.at, frame.untagged.octets, vlans)
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})", "name a capture file") from error
    except ValueError as error:
        raise UsageError(str(path), "is no capture file", "name one of tcpdump or Wireshark") from error
    return clients


def explained(clients: Clients) -> Iterator[ClientStory]:
    """The story of each client, with the reasons why it came no further."""
    for each in stories(clients):
        yield with_diagnoses(each, clients.until)


def with_diagnoses(story: ClientStory, until: float) -> ClientStory:
    """The story with what kept its client from booting: a file that came whole may be the wrong one.

    Args:
        story: of one client.
        until: when the last packet of the capture passed, in seconds since the epoch.
    """
    profiles = [CLIENTS.get(each.client) for each in story.identities[: len(story.rounds)]]
    found = diagnose(story.rounds, profiles, until)
    stopped = story.outcome is Outcome.BOOTED and found
    return replace(story, diagnoses=found, outcome=Outcome.STOPPED if stopped else story.outcome)
