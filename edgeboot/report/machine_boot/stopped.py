"""Why a machine came no further: what the capture shows of the stage that is missing, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.diagnoses.after_lease import about_what_followed
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_file import about_a_signature, about_the_file
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.downloads import about_downloads
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.lease import about_the_lease
from edgeboot.report.machine_boot.diagnoses.offers import about_offers
from edgeboot.report.machine_boot.diagnoses.second_round import about_a_loop, about_its_absence
from edgeboot.report.machine_boot.firmware_words import message_in
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.watched import Watched


def why(watched: Watched, missing: BootStage, at_fault: Round | None) -> tuple[Diagnosis, ...]:
    """Facts about the missing stage; none where the capture does not show a reason.

    Args:
        watched: what was seen of the machine.
        missing: the first expected stage that it did not reach.
        at_fault: the round that should have reached it; None without a DHCPDISCOVER.
    """
    if missing <= BootStage.DISCOVER:
        return tuple(_before_dhcp(watched))
    if at_fault is None:
        return ()
    return tuple(_ABOUT[missing](watched, Attempt(at_fault)))


def _before_dhcp(watched: Watched) -> Iterator[Diagnosis]:
    count = len(watched.traffic.own)
    seen = f"{count} frames" if count else "no frame"
    told = f"{seen} of {watched.mac} passed {watched.place}{', no DHCPDISCOVER' if count else ''}"
    said = f"{told}; {watched.says}" if watched.says else told
    needed = "a start from its network card"
    yield Diagnosis(Kind.NOT_STARTED, said, needed, Certainty.CERTAIN, (), "machine")


def _offer(_: Watched, each: Attempt) -> Iterator[Diagnosis]:
    return about_offers(each)


def _ack(_: Watched, each: Attempt) -> Iterator[Diagnosis]:
    return about_the_lease(each)


def _file(_: Watched, each: Attempt) -> Iterator[Diagnosis]:
    return about_what_followed(each)


def _started(watched: Watched, each: Attempt) -> Iterator[Diagnosis]:
    faults = tuple(about_the_file(each))
    said = (message_in(line.text) for line in watched.console)
    if any(message is not None and message.refuses_signature for message in said):
        yield from about_a_signature(each, faults)
    else:
        yield from faults


def _second_round(_: Watched, each: Attempt) -> Iterator[Diagnosis]:
    return iter(()) if each.round.is_ipxe else about_its_absence()


def _script(watched: Watched, each: Attempt) -> Iterator[Diagnosis]:
    looped = tuple(about_a_loop(watched.rounds))
    yield from looped
    if looped:
        return
    if each.takes is None:
        yield from about_offers(each)
    yield from about_the_lease(each)
    yield from about_downloads(each)


def _kernel(_: Watched, each: Attempt) -> Iterator[Diagnosis]:
    return about_downloads(each)


_ABOUT: Final[dict[BootStage, Callable[[Watched, Attempt], Iterator[Diagnosis]]]] = {
    BootStage.OFFER: _offer,
    BootStage.ACK: _ack,
    BootStage.BOOT_SERVER_4011: _file,
    BootStage.FILE: _file,
    BootStage.STARTED: _started,
    BootStage.SECOND_ROUND: _second_round,
    BootStage.SCRIPT: _script,
    BootStage.KERNEL: _kernel,
}
