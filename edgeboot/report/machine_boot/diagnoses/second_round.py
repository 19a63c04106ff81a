"""What became of iPXE that a boot file holds: it loads itself again, or never asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by_download
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.loop import loop_in
from edgeboot.report.machine_boot.rounds import Round


def about_a_loop(rounds: Sequence[Round]) -> Iterator[Diagnosis]:
    """That iPXE is sent the file again that it was started from."""
    loop = loop_in(rounds)
    if loop is None:
        return
    shown = (
        shown_by_download(each.traffic, fetched)
        for each in rounds
        for fetched in each.fetched
        if (fetched.url, fetched.sha256) == (loop.url, loop.sha256)
    )
    needed = "another file or a script for iPXE, which is known by its user class (option 77) or option 175"
    evidence = tuple(each for packets in shown for each in packets)
    yield Diagnosis(Kind.LOOP, str(loop), needed, Certainty.CERTAIN, evidence, "bootfile", loop.url)


def about_its_absence() -> Iterator[Diagnosis]:
    """That the file which was started has not asked for an address, though it should hold iPXE."""
    told = "no DHCPDISCOVER of iPXE followed the start of the boot file"
    needed = "a boot file that holds iPXE"
    yield Diagnosis(Kind.NO_SECOND_ROUND, told, needed, Certainty.CERTAIN, (), "machine")
