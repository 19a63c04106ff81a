"""The names in a reply as EDK2 reads them: boot server, boot file, and the name of the server.

The rules are EDK2's (NetworkPkg/UefiPxeBcDxe, PxeBcParseDhcp4Packet and
PxeBcDhcp4BootInfo): the first option of a code counts, option 67 comes before the
header's ``file``, the boot server is ``siaddr`` and only when that is zero the server
identifier. Option 66 decides nothing there; it is read for the clients that use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import Overload
from edgeboot.dhcp.vocabulary import OptionCode


@dataclass(frozen=True, slots=True)
class BootString:
    """A name as firmware reads it: up to the first NUL.

    ``terminators`` counts the NULs at its end as sent. In option 67 one is wanted: with
    none EDK2 overwrites the octet behind the option, and older firmware reads on into it.
    """

    text: str
    source: str
    terminators: int


def next_server(message: DhcpMessage) -> IPv4Address | None:
    """The boot server: ``siaddr``, else option 54 (EDK2 PxeBcDhcp4BootInfo)."""
    return message.siaddr if message.siaddr != UNSPECIFIED else server_identifier(message)


def server_identifier(message: DhcpMessage) -> IPv4Address | None:
    """Option 54 (RFC 2132 section 9.7); None where it is absent or no address."""
    identifier = message.options.get(OptionCode.SERVER_IDENTIFIER)
    return IPv4Address(identifier) if identifier is not None and len(identifier) == 4 else None


def bootfile(message: DhcpMessage) -> BootString | None:
    """The boot file's name: option 67, else the header's ``file`` (RFC 2132 section 9.5)."""
    return _resolve(message, OptionCode.BOOTFILE_NAME, message.file, Overload.FILE)


def server_name(message: DhcpMessage) -> BootString | None:
    """The TFTP server's name: option 66, else the header's ``sname`` (RFC 2132 section 9.4)."""
    return _resolve(message, OptionCode.TFTP_SERVER_NAME, message.sname, Overload.SNAME)


def header_file(message: DhcpMessage) -> BootString | None:
    """The name in the header's ``file`` alone, unless that field holds options."""
    return _header(message, message.file, Overload.FILE)


def names_of_the_boot_file(message: DhcpMessage) -> dict[str, str]:
    """Every name the message has for it, by where it stands: clients differ in which they read."""
    named = message.options.all(OptionCode.BOOTFILE_NAME)
    each = [as_read(data, f"option 67, {at} of {len(named)}") for at, data in enumerate(named, start=1)]
    header = header_file(message)
    return {found.source: found.text for found in ([header] if header else []) + each}


def is_overloaded(message: DhcpMessage, field: Overload) -> bool:
    """Whether option 52 says that this header field holds options (RFC 2132 section 9.3)."""
    overloaded = message.options.get(OptionCode.OPTION_OVERLOAD)
    return bool(overloaded and overloaded[0] & field.value)


def as_read(data: bytes, source: str) -> BootString:
    """An option's data as a C string: up to its first NUL."""
    name = data.split(b"\0", 1)[0]
    return BootString(text_of(name), source, len(data) - len(data.rstrip(b"\0")))


def text_of(octets: bytes) -> str:
    """ASCII as it is, any other octet as its hexadecimal escape."""
    return octets.decode("ascii", "backslashreplace")


def _resolve(message: DhcpMessage, code: OptionCode, header: bytes, overload: Overload) -> BootString | None:
    data = message.options.get(code)
    if data is not None:
        return as_read(data, f"option {code.value}")
    return _header(message, header, overload)


def _header(message: DhcpMessage, header: bytes, overload: Overload) -> BootString | None:
    if is_overloaded(message, overload) or not header or header[0] == 0:
        return None  # A field that holds options holds no name.
    name = header.split(b"\0", 1)[0]
    field = "file" if overload is Overload.FILE else "sname"
    return BootString(text_of(name), f"header field {field}", int(len(name) < len(header)))
