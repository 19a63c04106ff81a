"""Which stages are seen, by which witnesses, and which is the first that is missing."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.loop import loop_in
from edgeboot.report.machine_boot.stages import missing, reached, stages_of
from edgeboot.report.machine_boot.watched import Watched
from edgeboot.server.log import LogLine
from tests.unit.report.captured import ADDRESS, BEGAN
from tests.unit.report.machine_boot.captured import watched
from tests.unit.report.machine_boot.frames import FILE, FROM, IPXE, asked, fetched, leased, offered
from tests.unit.samples import NODE

ALL: Final = tuple(each for each in BootStage if not each.is_of_some)
OFFER: Final = offered(65.0, FROM, FILE)
SCRIPT: Final = b"#!ipxe\nshell\n"


def seen(*stages: BootStage) -> list[StageSeen]:
    """Each by the capture, at its number."""
    return [StageSeen(each, float(each), Witness.CAPTURE, "") for each in stages]


def by(sight: Watched, stage: BootStage) -> dict[Witness, str]:
    """What each witness has of a stage."""
    return {each.witness: each.what for each in stages_of(sight) if each.stage is stage}


def test_captured_boot_is_seen_from_power_to_the_started_file() -> None:
    """In the order of the stages, which is that of their times."""
    stages = stages_of(watched("started"))
    assert [each.stage for each in stages] == sorted(each.stage for each in stages)
    assert reached(stages) is BootStage.STARTED
    assert {BootStage.LINK, BootStage.OFFER, BootStage.ACK, BootStage.FILE} <= {each.stage for each in stages}


def test_offer_that_is_not_taken_is_no_stage() -> None:
    """Firmware that ignores it goes on with DHCPDISCOVERs."""
    frames = (asked(MessageType.DHCPDISCOVER, 1.0), offered(1.1, FROM, FILE))
    assert reached(stages_of(Watched(NODE.mac, frames))) is BootStage.DISCOVER


def test_each_witness_is_told() -> None:
    """Capture, server's log, boot server's log."""
    log = LogLine(0, f"dnsmasq-dhcp[1]: 5 DHCPACK(ens3) {ADDRESS} {NODE.mac}", BEGAN)
    sent = LogLine(0, f"dnsmasq-tftp[2]: sent /srv/boot/ipxe.efi to {ADDRESS}", BEGAN)
    frames = (*leased(1.0), *fetched(2.0, b"x" * 700))
    sight = Watched(NODE.mac, frames, (log,), (sent,))
    assert set(by(sight, BootStage.ACK)) == {Witness.CAPTURE, Witness.SERVER_LOG}
    assert set(by(sight, BootStage.FILE)) == {Witness.CAPTURE, Witness.BOOT_SERVER_LOG}


def test_answer_that_only_the_server_says_it_sent_has_not_come() -> None:
    """The capture at the machine's port would have it."""
    log = LogLine(0, f"dnsmasq-dhcp[1]: 5 DHCPACK(ens3) {ADDRESS} {NODE.mac}", BEGAN)
    without_ack = leased(1.0)[:3]
    assert reached(stages_of(Watched(NODE.mac, without_ack, (log,)))) is BootStage.OFFER
    assert reached(stages_of(Watched(NODE.mac, (), (log,)))) is BootStage.ACK


def test_transfer_that_the_machine_ended_is_not_taken_for_a_sent_file() -> None:
    """dnsmasq logs one line for both; EDK2 ends its question for the size by error 8."""
    error = f"dnsmasq-tftp: error 8 User aborted the transfer received from {ADDRESS}"
    texts = (
        error,
        f"dnsmasq-tftp: sent /srv/boot/a to {ADDRESS}",
        f"dnsmasq-tftp: sent /srv/boot/b to {ADDRESS}",
    )
    log = [LogLine(number, text, BEGAN + number) for number, text in enumerate(texts)]
    assert by(Watched(NODE.mac, leased(1.0), (), log), BootStage.FILE) == {Witness.BOOT_SERVER_LOG: texts[-1]}


@pytest.mark.parametrize(
    "line",
    [
        'BdsDxe: starting Boot0001 "UEFI PXEv4 (MAC:525400EB0001)" from PciRoot(0x0)\nGRUB version 2.06',
        "iPXE initialising devices...ok",
        "## Starting EFI application at 40200000 ...",
    ],
)
def test_console_shows_that_the_file_was_started(line: str) -> None:
    """The words of EDK2, of iPXE, of U-Boot; before a file was fetched they are about something else."""
    frames = (*leased(1.0), *fetched(2.0, b"x"))
    late, early = ([ConsoleLine(BEGAN + at, each) for each in line.splitlines()] for at in (3.0, 0.5))
    assert by(Watched(NODE.mac, frames, console=late), BootStage.STARTED)
    assert not by(Watched(NODE.mac, frames, console=early), BootStage.STARTED)


@pytest.mark.parametrize("half", ["B", "BdsDxe: failed to sta", 'BdsDxe: failed to start Boot0001 "x": Unsu'])
def test_half_a_line_of_firmware_does_not_say_that_a_program_runs(half: str) -> None:
    """Its end may say that firmware cannot run it."""
    starting = ConsoleLine(BEGAN + 3, 'BdsDxe: starting Boot0001 "UEFI PXEv4 (MAC:525400EB0001)"')
    frames = (*leased(1.0), *fetched(2.0, b"x"))

    def runs(*texts: str) -> bool:
        console = (starting, *(ConsoleLine(BEGAN + 4, text) for text in texts))
        return bool(by(Watched(NODE.mac, frames, console=console), BootStage.STARTED))

    assert not runs(half)
    assert runs("the program's own line")
    assert runs('BdsDxe: failed to start Boot0001 "x": Not Found', ">>Start HTTP Boot over IPv4.")


def test_boot_program_is_a_kernel_by_its_label() -> None:
    """It takes the place of one in a script."""
    line = ConsoleLine(BEGAN + 3, "edgeboot: started kernel on x64, Secure Boot off")
    assert by(Watched(NODE.mac, console=(line,)), BootStage.KERNEL)


def test_internal_shell_is_no_started_boot_file() -> None:
    """EDK2 starts it where no network boot has led anywhere."""
    line = ConsoleLine(BEGAN + 3, 'BdsDxe: starting Boot0000 "EFI Internal Shell" from Fv(0x7CB8BDC9)')
    sight = Watched(NODE.mac, (*leased(1.0), *fetched(2.0, b"x")), console=(line,))
    assert not by(sight, BootStage.STARTED)


def test_second_round_proves_that_the_file_was_started() -> None:
    """iPXE's own DHCPDISCOVER, on a machine whose console nobody sees."""
    frames = (*leased(1.0), *fetched(2.0, b"x"), *leased(5.0, IPXE), *fetched(6.0, SCRIPT, "boot.ipxe"))
    stages = stages_of(Watched(NODE.mac, frames))
    assert {BootStage.STARTED, BootStage.SECOND_ROUND, BootStage.SCRIPT} <= {each.stage for each in stages}


def test_ipxe_in_the_own_rom_is_no_second_round() -> None:
    """It is the first client there, and nothing has started it."""
    assert reached(stages_of(Watched(NODE.mac, leased(1.0, IPXE)))) is BootStage.ACK


def test_file_that_ipxe_fetches_again_is_a_loop() -> None:
    """What it was started from, octet for octet."""
    frames = (*leased(1.0), *fetched(2.0, b"x"), *leased(5.0, IPXE), *fetched(6.0, b"x"))
    found = loop_in(Watched(NODE.mac, frames).rounds)
    assert found is not None
    assert found.times == 2


def test_late_offer_belongs_to_the_round_that_asked() -> None:
    """Firmware has gone on to HTTP Boot, with another xid, when it comes."""
    http = option(Code.CLIENT_SYSTEM_ARCHITECTURE, b"\0\x10")
    frames = (asked(MessageType.DHCPDISCOVER, 1.0), asked(MessageType.DHCPDISCOVER, 60.0, http, xid=7), OFFER)
    pxe, _ = Watched(NODE.mac, frames).rounds
    assert len(pxe.traffic.received(MessageType.DHCPOFFER)) == 1


def test_script_is_the_boot_file_of_ipxe_in_a_machine_s_own_card() -> None:
    """No other file came before it, and what asks next was not started from one."""
    frames = (*leased(1.0, IPXE), *fetched(2.0, SCRIPT, "boot.ipxe"), *leased(5.0, IPXE))
    assert reached(stages_of(Watched(NODE.mac, frames))) is BootStage.FILE


def test_script_of_the_second_round_is_no_loop() -> None:
    """iPXE was sent another file than firmware."""
    frames = (*leased(1.0), *fetched(2.0, b"x"), *leased(5.0, IPXE), *fetched(6.0, SCRIPT, "boot.ipxe"))
    assert loop_in(Watched(NODE.mac, frames).rounds) is None


@pytest.mark.parametrize(
    "stages, first",
    [
        ((), BootStage.POWER),
        ((BootStage.POWER, BootStage.LINK), BootStage.DISCOVER),
        ((BootStage.DISCOVER, BootStage.FILE), BootStage.STARTED),
        (ALL, None),
    ],
)
def test_first_missing_stage_is_behind_the_furthest(
    stages: tuple[BootStage, ...], first: BootStage | None
) -> None:
    """What a later stage proves is not missing, though nobody has seen it."""
    assert missing(seen(*stages), ALL) is first


def test_stage_that_is_not_expected_is_not_missing() -> None:
    """A full DHCP server sends nobody to port 4011."""
    expected = [each for each in ALL if each is not BootStage.BOOT_SERVER_4011]
    assert missing(seen(BootStage.ACK), expected) is BootStage.FILE
