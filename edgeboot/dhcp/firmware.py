"""What UEFI firmware concludes from a reply: which file, from where.

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


def boot_source(message: DhcpMessage) -> str | None:
    """What UEFI firmware fetches after this reply, as a URL; None when it would not boot from it.

    PXE fetches by TFTP; a boot file that is a URL itself is HTTP Boot's (UEFI 2.10 section 24.7).
    """
    file, server = bootfile(message), next_server(message)
    if file is None or not file.text or message.yiaddr == UNSPECIFIED:
        return None
    if file.text.startswith(("http://", "https://")):
        return file.text
    if server is None:
        return None
    return f"tftp://{server}/{file.text.lstrip('/')}"


def next_server(message: DhcpMessage) -> IPv4Address | None:
    """The boot server: ``siaddr``, else option 54 (EDK2 PxeBcDhcp4BootInfo)."""
    if message.siaddr != UNSPECIFIED:
        return message.siaddr
    identifier = message.options.get(OptionCode.SERVER_IDENTIFIER)
    return IPv4Address(identifier) if identifier is not None and len(identifier) == 4 else None


def bootfile(message: DhcpMessage) -> BootString | None:
    """The boot file's name: option 67, else the header's ``file`` (RFC 2132 section 9.5)."""
    return _resolve(message, OptionCode.BOOTFILE_NAME, message.file, Overload.FILE)


def server_name(message: DhcpMessage) -> BootString | None:
    """The TFTP server's name: option 66, else the header's ``sname`` (RFC 2132 section 9.4)."""
    return _resolve(message, OptionCode.TFTP_SERVER_NAME, message.sname, Overload.SNAME)


def _resolve(message: DhcpMessage, code: OptionCode, header: bytes, overload: Overload) -> BootString | None:
    data = message.options.get(code)
    if data is not None:
        return _read(data, f"option {code.value}")
    overloaded = message.options.get(OptionCode.OPTION_OVERLOAD)
    if overloaded and overloaded[0] & overload.value:
        return None  # The field holds options, so it holds no name.
    if not header or header[0] == 0:
        return None
    name = header.split(b"\0", 1)[0]
    field = "file" if overload is Overload.FILE else "sname"
    return BootString(_text(name), f"header field {field}", int(len(name) < len(header)))


def _read(data: bytes, source: str) -> BootString:
    name = data.split(b"\0", 1)[0]
    return BootString(_text(name), source, len(data) - len(data.rstrip(b"\0")))


def _text(octets: bytes) -> str:
    """ASCII as it is, any other octet as its hexadecimal escape."""
    return octets.decode("ascii", "backslashreplace")
