"""Of a capture with a short snap length nothing is concluded from what was cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.reading import clients_of as clients_of_file
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.capture_clients.story import Outcome
from tests.unit.report.capture_clients.captured import captured, clients_of
from tests.unit.samples import CONTRACT

NAMES = ("machines/started", "machines/silent", "machines/missing", "grub-no-54")


def cut(name: str, length: int) -> list[Frame]:
    """A capture's frames, each by so many octets at most."""
    return [replace(frame, octets=frame.octets[:length]) for frame in captured(name)]


@pytest.mark.parametrize("length", [290, 300, 320])
@pytest.mark.parametrize("name", NAMES)
def test_client_whose_messages_were_cut_is_not_judged(name: str, length: int) -> None:
    """Whether it has booted, and why not, stands in options that the capture lacks."""
    (told,) = explained(clients_of(cut(name, length)))
    assert (told.outcome, told.diagnoses, judged(told, CONTRACT)) == (Outcome.UNKNOWN, (), ())
    assert any("were cut by the capture (snap length)" in each for each in told.blind)


def test_messages_without_a_header_are_counted(tmp_path: Path) -> None:
    """That no client asks would be wrong of it."""
    write_pcap(tmp_path / "boot.pcap", cut("machines/silent", 96))
    clients, notes = clients_of_file(tmp_path / "boot.pcap")
    assert (len(clients), len(notes)) == (0, 1)
    assert notes[0].startswith("DHCP messages of which it has too little (snap length): ")


def test_client_whose_messages_are_whole_is_judged_though_others_were_cut() -> None:
    """A snap length that holds DHCP, and not the blocks of a file."""
    (told,) = explained(clients_of(cut("machines/missing", 450)))
    assert [each.kind.value for each in told.diagnoses] == ["file-not-found"]
