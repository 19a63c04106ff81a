"""What a virtual machine's definition says, and the same with the network first."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.machines.libvirt_domain.definition import (
    booting_from_network,
    firmware_of,
    has_console,
    has_interface,
    plug_of,
)

MAC: Final = MacAddress.parse("52:54:00:12:34:5f")
DOMAIN: Final = """<domain><os><type>hvm</type><boot dev="hd"/><boot dev="cdrom"/></os><devices>
<disk><boot order="1"/></disk>
<interface type="network"><mac address="52:54:00:00:00:01"/><boot order="2"/></interface>
<interface type="network"><mac address="52:54:00:12:34:5F"/></interface>
<console type="pty"/></devices></domain>"""


def test_interface_that_boots_is_alone_in_the_order() -> None:
    """Else its disk would be started where the network gives nothing."""
    root = ET.fromstring(booting_from_network(DOMAIN, MAC))
    [boot] = root.iter("boot")
    assert boot.get("order") == "1"
    assert boot in list(root.findall("devices/interface")[1])


def test_interface_that_it_has_not_is_an_error() -> None:
    """The inventory states another machine's address."""
    other = MacAddress.parse("52:54:00:00:00:99")
    assert (has_interface(DOMAIN, MAC), has_interface(DOMAIN, other)) == (True, False)
    with pytest.raises(ValueError, match="52:54:00:00:00:99"):
        booting_from_network(DOMAIN, other)


@pytest.mark.parametrize(
    "source,plug",
    [
        ("<source network='edge'/>", "edge"),
        ("<source network='edge' portid='a' bridge='virbr1'/>", "virbr1"),
        ("<source bridge='br0'/>", "br0"),
        ("<source dev='eth0' mode='bridge'/>", "eth0"),
        ("", None),
    ],
)
def test_card_is_plugged_in_where_its_definition_says(source: str, plug: str | None) -> None:
    """A network of libvirt's is a bridge, too, which it names while the machine is on."""
    card = f"<interface><mac address='{MAC}'/>{source}</interface>"
    assert plug_of(f"<domain><devices>{card}</devices></domain>", MAC) == plug


@pytest.mark.parametrize(
    "os,firmware",
    [
        ("<os><loader>/usr/share/OVMF/OVMF_CODE_4M.fd</loader></os>", "OVMF_CODE_4M.fd"),
        ("<os firmware='efi'/>", "UEFI of libvirt's choice"),
        ("<os/>", "BIOS"),
    ],
)
def test_firmware_is_named_as_its_definition_does(os: str, firmware: str) -> None:
    """For the report."""
    assert firmware_of(f"<domain>{os}</domain>") == firmware


def test_console_is_read_where_there_is_one() -> None:
    """libvirt refuses to open another."""
    assert has_console(DOMAIN)
    assert not has_console("<domain><devices/></domain>")
