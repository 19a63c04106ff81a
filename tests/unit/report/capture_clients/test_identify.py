"""Who asks, by real clients' messages; what shows it; and that nobody is named who was not shown."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.capture_clients.story import Software
from tests.unit.report.capture_clients.captured import STATED, captured, stated, story
from tests.unit.report.machine_boot.frames import asked

ASKS_NOTHING = {"grub-54-of-zeros", "grub-no-54"}
"""Captures of GRUB without its DHCPREQUEST, which alone shows it: its DHCPDISCOVER has option 53 alone."""
WINDOWS = (
    DhcpOption(Code.VENDOR_CLASS_IDENTIFIER, b"MSFT 5.0"),
    DhcpOption(Code.PARAMETER_REQUEST_LIST, bytes((1, 15))),
)
VENDOR = (
    DhcpOption(Code.VENDOR_CLASS_IDENTIFIER, b"PXEClient:Arch:00007:UNDI:003016"),
    DhcpOption(Code.PARAMETER_REQUEST_LIST, bytes((1, 67))),
)


@pytest.mark.parametrize("name", STATED)
def test_real_client_is_told_by_its_messages(name: str) -> None:
    """Firmware, iPXE and boot loaders, of each version that was captured."""
    found = story(*captured(name)).identities[0].client
    assert found == ("" if name in ASKS_NOTHING else stated(name)["client"])


def test_edk2_that_asks_again_is_shown_by_its_waits_too() -> None:
    """Four, eight and sixteen seconds, as they were on the wire."""
    first = story(*captured("machines/silent")).identities[0]
    assert first.software is Software.EDK2_PXE
    assert first.by[-1] == "it asks again after 3.5, 8.1, 16.3 s"


@pytest.mark.parametrize(
    "options, software",
    [
        pytest.param(WINDOWS, Software.WINDOWS, id="Windows"),
        pytest.param(VENDOR, Software.UEFI, id="firmware with a list of its own"),
        pytest.param((), Software.UNKNOWN, id="option 93 alone"),
    ],
)
def test_client_that_the_table_has_not_is_named_by_its_class_alone(
    options: tuple[DhcpOption, ...], software: Software
) -> None:
    """Its rules are not known then: no client of the table is named."""
    found = story(asked(MessageType.DHCPDISCOVER, 1.0, *options)).identities[0]
    assert (found.software, found.client) == (software, "")


def test_client_that_only_asks_for_options_is_named() -> None:
    """A DHCPINFORM has the options of its client, too."""
    assert story(asked(MessageType.DHCPINFORM, 1.0, *WINDOWS)).identities[0].software is Software.WINDOWS
