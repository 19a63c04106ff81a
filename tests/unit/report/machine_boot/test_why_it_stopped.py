"""What the wire shows of a boot that stopped: each reason from the frames that prove it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.console import ConsoleLine
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.firmware_words import explained
from edgeboot.report.machine_boot.record import machine_boot
from edgeboot.report.machine_boot.watched import Watched
from tests.unit.node.test_pe_image import image
from tests.unit.report.captured import BEGAN, NAK, from_server, transfer
from tests.unit.report.machine_boot.captured import POWERED_ON, watched
from tests.unit.report.machine_boot.frames import (
    FILE,
    FROM,
    IPXE,
    asked,
    claimed,
    fetched,
    given,
    leased,
    offered,
    tcp,
)
from tests.unit.samples import NO_MASK, NODE

EXPECTED = tuple(each for each in BootStage if not each.is_of_some and each is not BootStage.BOOT_SERVER_4011)
DISCOVER = asked(MessageType.DHCPDISCOVER, 1.0)
REQUEST = asked(MessageType.DHCPREQUEST, 1.2, FROM)
DECLINE = asked(MessageType.DHCPDECLINE, 1.31, FROM)
OFFER = offered(1.1, FROM, FILE)
READ = transfer(2.0, tftp.ReadRequest("ipxe.efi"), answer=False)
REFUSED = transfer(2.1, tftp.Error(1, "File not found"), answer=True)
GET = tcp(2.0, b"GET /a HTTP/1.1\r\nHost: boot\r\n\r\n", 100)
MOVED = tcp(2.1, b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 500, answer=True)


@pytest.mark.parametrize(
    "frames, field, why",
    [
        pytest.param((DISCOVER,), "answer", "no DHCPOFFER came to its port after 1 DHCPDISCOVER", id="none"),
        pytest.param(
            (DISCOVER, offered(1.1, FILE)), "server_identifier", "no server identifier (option 54)", id="54"
        ),
        pytest.param((DISCOVER, OFFER), "answer", "0.1 s after a DHCPDISCOVER, not taken", id="not taken"),
        pytest.param((DISCOVER, OFFER, REQUEST), "answer", "1 DHCPREQUEST to 192.168.99.10 had", id="no ACK"),
        pytest.param(
            (DISCOVER, OFFER, REQUEST, from_server(NAK, 1.3)), "answer", "refused its DHCPREQUEST", id="NAK"
        ),
        pytest.param(
            (DISCOVER, OFFER, REQUEST, given(1.3, FILE, NO_MASK), DECLINE),
            "netmask",
            "which has no subnet mask (option 1)",
            id="no mask",
        ),
        pytest.param(
            (*leased(1.0), claimed(1.305), DECLINE), "address", "52:54:00:00:00:40 has that", id="conflict"
        ),
        pytest.param((*leased(1.0), READ, REFUSED), "bootfile", "error 1 (file not found)", id="no file"),
        pytest.param((*leased(1.0), GET, MOVED), "bootfile", "by status 302: it is at /b, says", id="moved"),
        pytest.param((*leased(1.0), READ), "next_server", "asked for, and not answered", id="silent TFTP"),
        pytest.param(leased(1.0), "bootfile", "it asked no boot server, and for no file", id="nothing asked"),
        pytest.param((*leased(1.0), *fetched(2.0, b"#!")), "boot_file", "not with MZ", id="no program"),
    ],
)
def test_reason_is_what_the_frames_show(frames: tuple[Frame, ...], field: str, why: str) -> None:
    """Its first fact names the field, by which the line to mend is found."""
    boot, facts = machine_boot("node-1", "OVMF", Watched(NODE.mac, frames), EXPECTED, 7)
    assert (facts[0].field, why in boot.headline) == (field, True)


@pytest.mark.parametrize(
    "frames, here",
    [
        ((DISCOVER, OFFER, REQUEST, given(1.3, FILE, NO_MASK), DECLINE), "no subnet mask"),
        ((*leased(1.0), claimed(1.305), DECLINE), "52:54:00:00:00:40 has that address"),
        (leased(1.0), ""),
    ],
    ids=["no mask", "conflict", "nothing on the wire"],
)
def test_cancelled_boot_has_the_cause_that_the_wire_holds(frames: tuple[Frame, ...], here: str) -> None:
    """PXE-E21 without a DHCPDECLINE is not explained."""
    line = ConsoleLine(BEGAN + 9, "PXE-E21: Remote boot cancelled.")
    (said,) = explained((line,), Watched(NODE.mac, frames).rounds)
    assert here in said.here
    assert bool(said.here) is bool(here)


def test_lease_that_was_refused_is_what_pxe_e07_means() -> None:
    """EDK2 says only that its network device failed."""
    line = ConsoleLine(BEGAN + 9, "PXE-E07: Network device error.")
    frames = (DISCOVER, OFFER, REQUEST, from_server(NAK, 1.3))
    (said,) = explained((line,), Watched(NODE.mac, frames).rounds)
    assert "refused its DHCPREQUEST by DHCPNAK" in said.here


def test_file_that_was_missed_before_another_came_is_no_reason() -> None:
    """The kernel did not start for another reason than that."""
    before = (*leased(1.0), *fetched(2.0, b"x"), *leased(5.0, IPXE))
    missed = (
        transfer(6.0, tftp.ReadRequest("autoexec.ipxe"), answer=False),
        transfer(6.1, tftp.Error(1, "File not found"), answer=True),
    )
    came = fetched(7.0, b"#!ipxe\nboot kernel\n", "boot.ipxe")
    boot, facts = machine_boot("a", "b", Watched(NODE.mac, (*before, *missed, *came)), EXPECTED)
    assert (boot.missing, facts) == (BootStage.KERNEL, ())


def test_refused_signature_is_no_fault_of_the_network() -> None:
    """The file came whole: its SHA-256 is told, and its headers are not blamed."""
    words = 'BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:525400EB0001)" from PciRoot(0x0): Access Denied'
    console = (ConsoleLine(POWERED_ON + 9, words),)
    sight = watched("started")
    boot, facts = machine_boot("node-1", "OVMF", replace(sight, console=console), EXPECTED, 7)
    assert facts[0].field == "signature"
    assert "no fault of the network" in boot.headline


@pytest.mark.parametrize(
    "certificate, signature",
    [((0, 0), "unsigned"), ((0x1F0, 0x10), "signed by nobody that can be read")],
    ids=["unsigned", "signed"],
)
def test_refused_signature_is_told(certificate: tuple[int, int], signature: str) -> None:
    """Whoever mends it looks for that certificate in the machine's variables."""
    frames = (*leased(1.0), *fetched(2.0, image(certificate=certificate)))
    words = 'BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:525400EB0001)" from PciRoot(0x0): Access Denied'
    sight = Watched(NODE.mac, frames, console=(ConsoleLine(BEGAN + 9, words),))
    boot, facts = machine_boot("node-1", "OVMF", sight, EXPECTED, 7)
    assert (facts[0].field, facts[0].received) == ("signature", signature)
    assert boot.headline.endswith(f"{signature}, and refused for that: no fault of the network")


def test_signature_of_a_file_that_was_cut_is_not_blamed() -> None:
    """It cannot hold: the file is the reason."""
    console = (ConsoleLine(POWERED_ON + 9, 'BdsDxe: failed to load Boot0001 "UEFI PXEv4": Access Denied'),)
    sight = replace(watched("truncated"), console=console)
    boot, facts = machine_boot("node-1", "OVMF", sight, EXPECTED, 7)
    assert facts[0].field == "boot_file"
    assert boot.headline.endswith("cut short: no signature holds then")


def test_program_that_firmware_cannot_run_has_not_started() -> None:
    """EDK2 says that it starts a program for another processor, and then that it cannot."""
    lines = (
        'BdsDxe: starting Boot0001 "UEFI PXEv4"',
        'BdsDxe: failed to start Boot0001 "UEFI PXEv4": Unsupported',
    )
    console = tuple(ConsoleLine(POWERED_ON + 9, line) for line in lines)
    boot, _ = machine_boot("node-1", "OVMF", replace(watched("arm"), console=console), EXPECTED, 7)
    assert boot.reached is BootStage.FILE


def test_loop_is_why_no_script_came() -> None:
    """iPXE fetched the file that it was started from."""
    frames = (*leased(1.0), *fetched(2.0, b"MZ"), *leased(5.0, IPXE), *fetched(6.0, b"MZ"))
    boot, _ = machine_boot("node-1", "OVMF", Watched(NODE.mac, frames), EXPECTED, 7)
    assert (boot.reached, boot.missing) == (BootStage.SECOND_ROUND, BootStage.SCRIPT)
    assert "loads itself: fetched whole 2 times" in boot.headline


def test_machine_that_sends_nothing_is_told_as_such() -> None:
    """No frame, so no word about servers."""
    boot, _ = machine_boot("node-1", "OVMF", Watched(NODE.mac, powered_on=BEGAN), EXPECTED, 7)
    assert boot.missing is BootStage.LINK
    assert f"no frame of {NODE.mac} passed its port" in boot.headline


def test_decline_with_neither_reason_on_the_wire_names_none() -> None:
    """A mask is there, and nobody has claimed the address."""
    mask = option(Code.SUBNET_MASK, b"\xff\xff\xff\0")
    frames = (DISCOVER, OFFER, REQUEST, given(1.3, FILE, mask), DECLINE)
    boot, _ = machine_boot("node-1", "OVMF", Watched(NODE.mac, frames), EXPECTED, 7)
    assert boot.wire[0].endswith("ms after the DHCPACK")
