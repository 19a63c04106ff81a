"""Real boots that failed and one that did not: the stage, and what firmware's message meant by the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.diagnoses.boot_file import wrong_kind
from edgeboot.report.machine_boot.record import MachineBoot, machine_boot
from tests.unit.report.machine_boot.captured import watched

EXPECTED: Final = tuple(
    each
    for each in BootStage
    if each <= BootStage.STARTED and not each.is_of_some and each is not BootStage.BOOT_SERVER_4011
)
PXE: Final = 7
HTTP: Final = 16


def boot(name: str, architecture: int = PXE) -> MachineBoot:
    """The record of a captured boot."""
    return machine_boot("node-1", "OVMF 2022.11", watched(name), EXPECTED, architecture)[0]


@pytest.mark.parametrize(
    "name, architecture, reached, why",
    [
        pytest.param(
            "silent", PXE, BootStage.DISCOVER, "no DHCPOFFER came to its port after 4 DHCPDISCOVERs"
        ),
        pytest.param("nofile", PXE, BootStage.DISCOVER, "not taken: it names no boot file"),
        pytest.param(
            "nobody",
            PXE,
            BootStage.ACK,
            "nobody on the segment has the address 192.168.99.41, which it asked",
        ),
        pytest.param(
            "notftp", PXE, BootStage.ACK, "192.168.99.10 says that nobody listens on port 69 (ICMP)"
        ),
        pytest.param("missing", PXE, BootStage.ACK, "gone.efi refused with error 1 (file not found)"),
        pytest.param(
            "http-404", HTTP, BootStage.ACK, "http://192.168.99.40/gone.efi refused with status 404"
        ),
        pytest.param(
            "http-type",
            HTTP,
            BootStage.FILE,
            "content type text/plain, SHA-256",
        ),
        pytest.param("text", PXE, BootStage.FILE, "not with MZ"),
        pytest.param("truncated", PXE, BootStage.FILE, "cut short"),
        pytest.param("arm", PXE, BootStage.FILE, "for AARCH64, and this machine's processor is X86_64"),
    ],
)
def test_boot_stops_where_the_wire_says_why(
    name: str, architecture: int, reached: BootStage, why: str
) -> None:
    """The furthest stage, and the reason in the first line."""
    found = boot(name, architecture)
    assert found.reached is reached
    assert why in found.headline


@pytest.mark.parametrize(
    "name, message, here",
    [
        ("silent", "PXE-E18: Server response timeout.", "no DHCPOFFER came to its port"),
        (
            "nobody",
            "PXE-E18: Server response timeout.",
            "nobody on the segment has the address 192.168.99.41",
        ),
        ("notftp", "PXE-E99: Unexpected network error.", "nobody listens on port 69"),
        ("nofile", "PXE-E16: No valid offer received.", "it names no boot file"),
        ("missing", "PXE-E23: Client received TFTP error from server.", "error 1 (file not found)"),
        (
            "http-404",
            "Error: Could not retrieve NBP file size from HTTP server.",
            "gone.efi refused with status 404",
        ),
        (
            "http-type",
            "Error: Could not retrieve NBP file size from HTTP server.",
            "EDK2 takes application/efi, or names that end in .efi, for boot files",
        ),
    ],
)
def test_message_with_several_causes_is_decided_by_the_wire(name: str, message: str, here: str) -> None:
    """PXE-E18 says the same of a silent DHCP server and of a boot server that is not there."""
    said = {each.text: each.here for each in boot(name).words}
    assert here in said[message]


@pytest.mark.parametrize("name, architecture", [("started", PXE), ("http-good", HTTP)])
def test_boot_that_starts_its_file_misses_nothing(name: str, architecture: int) -> None:
    """Neither a reason nor a line to mend is told of it."""
    found = boot(name, architecture)
    assert (found.reached, found.missing) == (BootStage.STARTED, None)
    assert not found.wire
    assert not found.words


def test_failure_of_pxe_is_not_explained_by_the_http_boot_after_it() -> None:
    """EDK2 goes on to its next boot option, whose offers are other ones."""
    first = boot("http-404", HTTP).words[0]
    assert first.text.startswith("PXE-E16")
    assert "http" not in first.here


def test_content_type_that_edk2_takes_for_no_boot_file_is_nothing_to_ipxe() -> None:
    """It takes scripts and kernels as text, too."""
    edk2 = next(each for each in watched("http-type").rounds if each.traffic.downloads)
    file = edk2.traffic.downloads[-1]
    assert wrong_kind(edk2, file)
    assert not wrong_kind(replace(edk2, is_ipxe=True), file)
