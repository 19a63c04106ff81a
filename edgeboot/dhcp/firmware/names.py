"""Boot server, boot file and server name of a reply, as EDK2 reads them.

The rules are those of NetworkPkg/UefiPxeBcDxe, PxeBcParseDhcp4Packet and
PxeBcDhcp4BootInfo: the first option of a code counts, option 67 takes precedence over the
header's ``file``, the boot server is ``siaddr`` or, if that is zero, the server
identifier. EDK2 ignores option 66; it is read for the clients that use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import Overload
from edgeboot.dhcp.vocabulary import OptionCode


@dataclass(frozen=True, slots=True)
class BootString:
    """A name as firmware reads it, up to the first NUL, and the field it was read from."""

    text: str
    source: str
    """The option or header field, such as ``option 67`` or ``header field file``."""
    terminators: int
    """Number of NULs at the end as sent. Option 67 should have one: without it EDK2 overwrites
    the octet behind the option, and older firmware reads on into it."""


def next_server(message: DhcpMessage) -> IPv4Address | None:
    """The boot server: ``siaddr``, else option 54 (EDK2 PxeBcDhcp4BootInfo)."""
    return message.siaddr if message.siaddr != UNSPECIFIED else server_identifier(message)


def server_identifier(message: DhcpMessage) -> IPv4Address | None:
    """Option 54 (RFC 2132 section 9.7); None where it is absent or not four octets long."""
    identifier = message.options.get(OptionCode.SERVER_IDENTIFIER)
    return IPv4Address(identifier) if identifier is not None and len(identifier) == 4 else None


def bootfile(message: DhcpMessage) -> BootString | None:
    """The boot file's name: option 67, else the header's ``file`` (RFC 2132 section 9.5)."""
    return _resolve(message, OptionCode.BOOTFILE_NAME, message.file, Overload.FILE)


def server_name(message: DhcpMessage) -> BootString | None:
    """The TFTP server's name: option 66, else the header's ``sname`` (RFC 2132 section 9.4)."""
    return _resolve(message, OptionCode.TFTP_SERVER_NAME, message.sname, Overload.SNAME)


def header_file(message: DhcpMessage) -> BootString | None:
    """The name in the header's ``file``; None if that is empty or holds options (option 52)."""
    return _header(message, message.file, Overload.FILE)


def bootfile_names(message: DhcpMessage) -> dict[str, str]:
    """Every boot file name in the message, keyed by its field: clients differ in which they read."""
    named = message.options.all(OptionCode.BOOTFILE_NAME)
    from_options = [
        c_string(data, f"option 67, {position} of {len(named)}")
        for position, data in enumerate(named, start=1)
    ]
    header = header_file(message)
    return {name.source: name.text for name in ([header] if header else []) + from_options}


def is_overloaded(message: DhcpMessage, field: Overload) -> bool:
    """Whether option 52 says that this header field holds options (RFC 2132 section 9.3)."""
    overloaded = message.options.get(OptionCode.OPTION_OVERLOAD)
    return bool(overloaded and overloaded[0] & field.value)


def c_string(data: bytes, source: str) -> BootString:
    """Option data read as a C string, that is, up to its first NUL."""
    name = data.split(b"\0", 1)[0]
    return BootString(printable(name), source, len(data) - len(data.rstrip(b"\0")))


def printable(octets: bytes) -> str:
    """Octets as text: ASCII unchanged, any other octet as a hexadecimal escape."""
    return octets.decode("ascii", "backslashreplace")


def _resolve(message: DhcpMessage, code: OptionCode, header: bytes, overload: Overload) -> BootString | None:
    data = message.options.get(code)
    if data is not None:
        return c_string(data, f"option {code.value}")
    return _header(message, header, overload)


def _header(message: DhcpMessage, header: bytes, overload: Overload) -> BootString | None:
    if is_overloaded(message, overload) or not header or header[0] == 0:
        return None  # An overloaded field holds options instead of a name.
    name = header.split(b"\0", 1)[0]
    field = "file" if overload is Overload.FILE else "sname"
    return BootString(printable(name), f"header field {field}", int(len(name) < len(header)))
