"""QEMU's arguments for a virtual machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.machines.qemu.accelerator import Accelerator
from edgeboot.machines.qemu.command_line import Attachment, command_line
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.guest import Guest, NetworkBoot

GUEST: Final = Guest("node", MacAddress.parse("02:eb:00:00:00:01"), FIRMWARE["ovmf-x64"])
ATTACHMENT: Final = Attachment("nic", Path("/fw/code.fd"), Path("/own/variables.fd"), monitor=8)


def options(guest: Guest = GUEST, attachment: Attachment = ATTACHMENT) -> dict[str, list[str]]:
    """The values of each option, in their order."""
    words = command_line("edgeboot-run-node", guest, attachment)[1:]
    found: dict[str, list[str]] = {}
    for word, value in zip(words, [*words[1:], "-"], strict=True):
        if word.startswith("-"):
            found.setdefault(word, []).append("" if value.startswith("-") else value)
    return found


def test_its_process_is_found_by_the_title_of_the_guest() -> None:
    """The leftover of a killed run looks for it."""
    assert options()["-name"] == ["guest=edgeboot-run-node"]


def test_its_only_devices_are_those_that_are_asked_for() -> None:
    """A second card, or QEMU's own option ROM, would boot from somewhere else."""
    card, _ = options()["-device"]
    assert "mac=02:eb:00:00:00:01" in card
    assert card.endswith("romfile=")
    assert "-nodefaults" in options()


def test_it_may_write_its_own_variables_only() -> None:
    """The firmware's code is shared by all machines."""
    code, variables = options()["-drive"]
    assert "readonly=on,file=/fw/code.fd" in code
    assert "readonly" not in variables


def test_comma_in_a_path_ends_no_value() -> None:
    """As in a home directory with a comma in its name."""
    attachment = replace(ATTACHMENT, code=Path("/a,b/code.fd"))
    assert options(attachment=attachment)["-drive"][0].endswith("file=/a,,b/code.fd")


@pytest.mark.parametrize(
    "boot,switched_off",
    [(NetworkBoot.PXE, {"IPv6PXESupport"}), (NetworkBoot.HTTP, {"IPv4PXESupport", "IPv6PXESupport"})],
)
def test_firmware_tries_the_asked_network_boot_first(boot: NetworkBoot, switched_off: set[str]) -> None:
    """Each other way would take it a minute."""
    switches = options(replace(GUEST, boot=boot))["-fw_cfg"]
    assert {each.split("/")[-1].split(",")[0] for each in switches} == switched_off


def test_disk_is_a_directory_that_it_boots_from_first() -> None:
    """It starts a program that is no firmware; nothing of it can be written."""
    given = options(replace(GUEST, disk=Path("/a,b")))
    assert given["-drive"][-1].endswith("readonly=on,file=fat:/a,,b")
    assert any("drive=disk,bootindex=0" in each for each in given["-device"])


def test_screen_is_there_if_asked_for() -> None:
    """Beside the serial console."""
    assert "VGA" in options(replace(GUEST, screen=True))["-device"]


@pytest.mark.parametrize("name", FIRMWARE)
def test_each_firmware_is_started_in_one_way(name: str) -> None:
    """None of QEMU's own is in its place."""
    given = options(replace(GUEST, firmware=FIRMWARE[name]))
    ways = [option for option in ("-drive", "-bios", "-kernel", "-L") if option in given]
    assert len(ways) == 1


def test_processor_of_kvm_is_the_machines_own() -> None:
    """Another one cannot be had."""
    aavmf = replace(GUEST, firmware=FIRMWARE["aavmf"])
    assert options(aavmf, replace(ATTACHMENT, accelerator=Accelerator.KVM))["-cpu"] == ["host"]


def test_edk2_has_random_numbers() -> None:
    """That of Debian 13 boots nothing from the network without."""
    assert "virtio-rng-pci" in options()["-device"]
    assert options(replace(GUEST, firmware=FIRMWARE["aavmf"]))["-cpu"] == ["max,pauth-impdef=on"]
    assert options(replace(GUEST, firmware=FIRMWARE["u-boot-arm64"]))["-cpu"] == ["cortex-a57"]
