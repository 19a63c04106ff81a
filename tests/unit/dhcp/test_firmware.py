"""Boot file, server name and boot server of a reply, as EDK2 reads them."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp import firmware
from edgeboot.dhcp.message import UNSPECIFIED, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.samples import BOOT_SERVER, SERVER, message, reply

BOOTFILE: Final = option(Code.BOOTFILE_NAME, b"option.efi\0")
SERVER_ID: Final = option(Code.SERVER_IDENTIFIER, SERVER)
FILE_OVERLOADED: Final = option(Code.OPTION_OVERLOAD, 1)
SNAME_OVERLOADED: Final = option(Code.OPTION_OVERLOAD, 2)


@pytest.mark.parametrize(
    "options,file,name",
    [
        ([], b"\0" * 128, None),
        ([], b"header.efi", "header.efi"),
        ([BOOTFILE], b"", "option.efi"),
        ([BOOTFILE], b"header.efi", "option.efi"),
        ([FILE_OVERLOADED], b"header.efi", None),
        ([SNAME_OVERLOADED], b"header.efi", "header.efi"),
        ([BOOTFILE, option(Code.BOOTFILE_NAME, b"second.efi")], b"", "option.efi"),
    ],
    ids=["none", "header", "option", "both", "overloaded file", "overloaded sname", "two options"],
)
def test_option_67_comes_before_the_header(options: list[DhcpOption], file: bytes, name: str | None) -> None:
    """The first option 67, else ``file``, unless that field holds options."""
    bootfile = firmware.bootfile(message(*options, file=file))
    assert (bootfile.text if bootfile else None) == name


def test_file_field_that_holds_option_67_gives_the_name() -> None:
    """An overloaded field is read as the options it carries."""
    sent = message(FILE_OVERLOADED, file=BOOTFILE.encode() + b"\xff")
    name = firmware.bootfile(reply(sent).message)
    assert name == firmware.BootString("option.efi", "option 67", 1)


@pytest.mark.parametrize(
    "data,text,terminators",
    [
        (b"a.efi", "a.efi", 0),
        (b"a.efi\0", "a.efi", 1),
        (b"a.efi\0\0\0", "a.efi", 3),
        (b"a.efi\0b", "a.efi", 0),
        (b"\xc3\xa4.efi\0", r"\xc3\xa4.efi", 1),
    ],
)
def test_name_ends_at_its_first_nul(data: bytes, text: str, terminators: int) -> None:
    """NULs at the end are counted, and octets outside ASCII are escaped."""
    name = firmware.bootfile(message(option(Code.BOOTFILE_NAME, data)))
    assert name == firmware.BootString(text, "option 67", terminators)


@pytest.mark.parametrize("file,terminators", [(b"a.efi".ljust(128, b"\0"), 1), (b"x" * 128, 0)])
def test_name_that_fills_its_header_field_has_no_end(file: bytes, terminators: int) -> None:
    """128 octets of name leave no room for the NUL that ends it."""
    name = firmware.bootfile(message(file=file))
    assert name is not None
    assert (name.source, name.terminators) == ("header field file", terminators)


@pytest.mark.parametrize(
    "options,sname,name",
    [
        ([], b"header", "header"),
        ([option(Code.TFTP_SERVER_NAME, b"option")], b"header", "option"),
        ([SNAME_OVERLOADED], b"header", None),
        ([FILE_OVERLOADED], b"header", "header"),
        ([], b"", None),
    ],
)
def test_option_66_comes_before_sname(options: list[DhcpOption], sname: bytes, name: str | None) -> None:
    """The server name follows the same rule as the boot file's name."""
    server_name = firmware.server_name(message(*options, sname=sname))
    assert (server_name.text if server_name else None) == name


@pytest.mark.parametrize(
    "options,siaddr,server",
    [
        ([SERVER_ID], BOOT_SERVER, BOOT_SERVER),
        ([SERVER_ID], UNSPECIFIED, SERVER),
        ([], UNSPECIFIED, None),
        ([option(Code.SERVER_IDENTIFIER, b"\x0a\0\0")], UNSPECIFIED, None),
        ([option(Code.TFTP_SERVER_NAME, b"192.168.99.41")], BOOT_SERVER, BOOT_SERVER),
    ],
    ids=["both", "no siaddr", "neither", "malformed identifier", "option 66 decides nothing"],
)
def test_boot_server_is_siaddr_or_else_the_dhcp_server(
    options: list[DhcpOption], siaddr: IPv4Address, server: IPv4Address | None
) -> None:
    """EDK2 uses the DHCP server's identifier where ``siaddr`` is zero."""
    assert firmware.next_server(message(*options, siaddr=siaddr)) == server
