"""The table of clients: enough of them, each with its source, and which run the same programs."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.clients import CLIENTS, BootRules
from edgeboot.dhcp.clients.versions import VERSIONS
from edgeboot.dhcp.vocabulary import Architecture, same_processor


def test_table_has_each_client_once_with_its_source() -> None:
    """A client without a source would be a guess."""
    assert len(CLIENTS) >= 20
    assert [name for name, client in CLIENTS.items() if client.name != name or len(client.source) < 20] == []


def test_every_family_has_a_client() -> None:
    """A family that no client, and no version of one, decides by would not be tried."""
    versions = (version for versions in VERSIONS.values() for version in versions.values())
    assert {client.rules for client in (*CLIENTS.values(), *versions)} == set(BootRules)


@pytest.mark.parametrize(
    "one,other,same",
    [
        (Architecture.EFI_X86_64, Architecture.EFI_X86_64_HTTP, True),
        (Architecture.EFI_X86_64, Architecture.EFI_BC, True),
        (Architecture.EFI_ARM64, Architecture.EFI_ARM64_HTTP, True),
        (Architecture.EFI_ARM64, Architecture.U_BOOT_ARM64, True),
        (Architecture.BIOS, Architecture.BIOS, True),
        (Architecture.BIOS, Architecture.EFI_IA32, False),
        (Architecture.EFI_IA32, Architecture.EFI_X86_64, False),
        (40000, 40000, True),
        (None, None, False),
    ],
)
def test_processor_is_the_same_however_the_file_is_fetched(
    one: int | None, other: int | None, same: bool
) -> None:
    """Option 93 tells HTTP Boot and U-Boot apart; the programs are the same."""
    assert same_processor(one, other) is same
