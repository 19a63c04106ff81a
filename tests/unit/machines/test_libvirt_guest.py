"""A lab's virtual machine as libvirt defines it: firmware, card and switches as QEMU alone gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.machines.libvirt_domain.definition import booting_from_network, has_console, has_interface
from edgeboot.machines.libvirt_domain.guest_definition import FirmwareFiles, Plug, definition_of
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.guest import Guest, NetworkBoot

IDENTITY: Final = EdgeNodeIdentity.numbered(1, 0x4D)
FILES: Final = FirmwareFiles(Path("/files/a & b.fd"), Path("/files/variables.fd"))


def definition(firmware: str = "ovmf-x64", files: FirmwareFiles = FILES, **traits: Any) -> ET.Element:
    """Of a machine on virbr1."""
    guest = Guest("machine1", IDENTITY.mac, FIRMWARE[firmware], uuid=IDENTITY.machine, **traits)
    return ET.fromstring(definition_of("edgeboot-ab12-machine1", guest, Plug("virbr1", "ebab12v1"), files))


def test_card_is_on_the_lab_s_bridge_and_boots_first() -> None:
    """By the name that the lab unplugs, and without an option ROM beside the firmware's own driver."""
    xml = definition()
    card = xml.find("devices/interface")
    assert card is not None
    said = {each.tag: each.attrib for each in card}
    assert said["source"] == {"bridge": "virbr1"}
    assert said["target"] == {"dev": "ebab12v1"}
    assert (said["boot"], said["rom"]) == ({"order": "1"}, {"enabled": "no"})


def test_machine_is_who_it_says() -> None:
    """Its chaddr, and the UUID of option 97."""
    xml = definition()
    text = ET.tostring(xml, encoding="unicode")
    assert has_interface(text, IDENTITY.mac)
    assert has_console(text)
    assert xml.findtext("uuid") == str(IDENTITY.machine)
    assert booting_from_network(text, IDENTITY.mac)


@pytest.mark.parametrize(
    "boot,switched_off",
    [(NetworkBoot.PXE, ["IPv6PXESupport"]), (NetworkBoot.HTTP, ["IPv4PXESupport", "IPv6PXESupport"])],
)
def test_firmware_tries_what_it_is_to_try(boot: NetworkBoot, switched_off: list[str]) -> None:
    """The same switches that QEMU's command line has."""
    entries = definition(boot=boot).findall("sysinfo/entry")
    assert [each.get("name") for each in entries] == [f"opt/org.tianocore/{name}" for name in switched_off]
    assert {each.text for each in entries} == {"n"}


def test_variables_of_secure_boot_are_protected() -> None:
    """By system management mode, which stops suspending to memory."""
    xml = definition("ovmf-x64-secure-boot")
    loader = xml.find("os/loader")
    assert loader is not None
    assert (loader.text, loader.get("secure")) == ("/files/a & b.fd", "yes")
    assert xml.findtext("os/nvram") == "/files/variables.fd"
    assert xml.find("features/smm[@state='on']") is not None


@pytest.mark.parametrize(
    "firmware,architecture,processor",
    [
        ("ovmf-x64", "x86_64", (None, None)),
        ("ovmf-ia32", "x86_64", ("custom", "coreduo")),
        ("aavmf", "aarch64", ("maximum", None)),
        ("ipxe-rom", "x86_64", (None, None)),
    ],
)
def test_processor_is_the_firmware_s(
    firmware: str, architecture: str, processor: tuple[str | None, str | None]
) -> None:
    """One of 32 bits where the firmware is."""
    xml = definition(firmware, FILES if firmware != "ipxe-rom" else FirmwareFiles(None, None))
    kind, cpu = xml.find("os/type"), xml.find("cpu")
    assert kind is not None
    assert kind.get("arch") == architecture
    assert (None if cpu is None else cpu.get("mode"), xml.findtext("cpu/model")) == processor


def test_card_s_own_boot_program_is_qemu_s() -> None:
    """iPXE in its ROM, found by a BIOS that writes to the serial console."""
    xml = definition("ipxe-rom", FirmwareFiles(None, None))
    assert xml.find("devices/interface/rom") is None
    assert xml.find("os/bios[@useserial='yes']") is not None
