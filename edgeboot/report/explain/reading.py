"""The clients of a capture file, each with its story and what kept it from booting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.explain.clients import PLACE, Clients
from edgeboot.report.explain.stories import stories
from edgeboot.report.explain.story import ClientStory, Outcome
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis, DiagnosisKind
from edgeboot.report.machine_boot.rounds import furthest
from edgeboot.report.machine_boot.stopped import why
from edgeboot.report.machine_boot.watched import Watched

_NEXT: Final = {
    BootStage.DISCOVER: BootStage.OFFER,
    BootStage.OFFER: BootStage.ACK,
    BootStage.SECOND_ROUND: BootStage.SCRIPT,
}


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
        booted = each.outcome is Outcome.BOOTED
        yield each if booted else replace(each, diagnoses=_diagnoses(each))


def _diagnoses(story: ClientStory) -> tuple[Diagnosis, ...]:
    watched = Watched(story.mac, story.traffic.frames, place=PLACE)
    missing = _NEXT.get(story.reached or BootStage.LINK, BootStage.FILE)
    return tuple(
        Diagnosis(
            DiagnosisKind.NO_ANSWER if fact.field == "answer" else DiagnosisKind.STOPPED,
            fact.sentence,
            "",
            Certainty.CERTAIN,
            (),
            fact.field,
            fact.received,
            fact.sender,
        )
        for fact in why(watched, missing, furthest(watched.rounds))
    )
