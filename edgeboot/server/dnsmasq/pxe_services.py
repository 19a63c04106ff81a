"""The ``pxe-service`` and ``pxe-prompt`` lines of a dnsmasq.conf, and the menu they make (dnsmasq(8))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware.vendor import PxeTag
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.tags import Tagged

_ARCHITECTURES: Final = (
    *("x86pc", "pc98", "ia64_efi", "alpha", "arc_x86", "intel_lean_client", "ia32_efi", "x86-64_efi"),
    *("xscale_efi", "bc_efi", "arm32_efi", "arm64_efi"),
)
"""By option 93 (RFC 4578 section 2.1), in lower case: dnsmasq reads them in any."""
_FIRST_TYPE: Final = 0x8000
"""Boot server types from here on are a vendor's own; files are numbered from it, in the order of the file."""
_NO_DISCOVERY, _BROADCAST, _NAMED_FILE = 3, 2, 8
_FOREVER: Final = 255
"""Seconds of a prompt that waits for a user."""
FIRST_EFI: Final = 6
"""Architectures from here on are asked to port 4011 by a ProxyDHCP."""
_FIELDS: Final = re.compile(r'((?:"[^"]*"|[^,"])*)(?:,|$)')


@dataclass(frozen=True, slots=True)
class PxeService:
    """One item for clients of one architecture."""

    tagged: Tagged
    architecture: int
    text: str
    type: int
    """Of the boot server; 0 boots from the local disk."""
    basename: str | None = None
    """The file; without a dot in it, dnsmasq adds the layer, ``.0``."""
    server: str | None = None
    """An address or a name, where the line has one."""

    @property
    def file(self) -> str | None:
        """The name that clients are sent."""
        return self.basename if self.basename is None or "." in self.basename else f"{self.basename}.0"

    def boot_server(self, own: IPv4Address) -> IPv4Address | None:
        """Where the file is, ``siaddr``: the server itself without another; None for a name."""
        return own if self.server is None else _address(self.server)


def pxe_services(lines: Sequence[Directive]) -> tuple[PxeService, ...]:
    """Every item, in the order of the file."""
    return tuple(_services(lines))


def has_pxe(lines: Sequence[Directive]) -> bool:
    """Whether dnsmasq treats PXE clients as such, and listens on port 4011."""
    return any(line.name in {"pxe-service", "pxe-prompt"} for line in lines)


def pxe_architecture(request: DhcpMessage) -> int | None:
    """Option 93 of a PXE client; None for another client, and for one that does not state it."""
    vendor_class = request.options.get(Code.VENDOR_CLASS_IDENTIFIER) or b""
    data = request.options.get(Code.CLIENT_SYSTEM_ARCHITECTURE) or b""
    is_pxe = vendor_class.startswith(PXE_CLASS.encode()) and len(data) >= 2
    return int.from_bytes(data[:2], "big") if is_pxe else None


def only_file(architecture: int, items: Sequence[PxeService]) -> PxeService | None:
    """The only item with a file: UEFI is sent it without a menu."""
    files = [each for each in items if each.basename is not None]
    return files[0] if architecture >= FIRST_EFI and len(files) == 1 else None


def menu(
    items: Sequence[PxeService], prompt: Directive | None, own: IPv4Address, stated: Sequence[int] = ()
) -> tuple[DhcpOption, ...]:
    """The sub-options of option 43 for a client of these items.

    Args:
        items: those of its architecture and tags.
        prompt: the pxe-prompt line that applies.
        own: the server's address.
        stated: tags that lines for the vendor class state, which dnsmasq then sends in place of these.
    """
    made = {PxeTag.DISCOVERY_CONTROL: bytes((_discovery_control(items, own),))}
    if items:
        made[PxeTag.BOOT_MENU] = b"".join(
            each.type.to_bytes(2, "big") + bytes((len(each.text),)) + each.text.encode() for each in items
        )
        servers = [(each, address) for each in items if (address := _listed(each, own)) is not None]
        made[PxeTag.BOOT_SERVERS] = b"".join(
            each.type.to_bytes(2, "big") + b"\1" + address.packed for each, address in servers
        )
    made[PxeTag.MENU_PROMPT] = _prompt(prompt, len(items))
    return tuple(
        DhcpOption(tag.value, data) for tag, data in made.items() if data and tag.value not in stated
    )


def _discovery_control(items: Sequence[PxeService], own: IPv4Address) -> int:
    if not items:
        return _NAMED_FILE
    unlisted = any(_listed(each, own) is None and each.type for each in items)
    return _BROADCAST if unlisted else _NO_DISCOVERY


def _listed(item: PxeService, own: IPv4Address) -> IPv4Address | None:
    """The address beside an item: of a file dnsmasq's own, of another boot server what the line gives."""
    if item.basename is not None:
        return own
    return None if item.server is None else _address(item.server)


def _prompt(line: Directive | None, items: int) -> bytes:
    if line is None:
        return bytes((_FOREVER if items > 1 else 0,)) + b"PXE"
    text, *seconds = Tagged.of(line).words
    time = int(seconds[0]) if seconds and seconds[0].isdigit() else _FOREVER
    return bytes((time,)) + text.strip('"').encode()


def _services(lines: Sequence[Directive]) -> Iterator[PxeService]:
    numbered = _FIRST_TYPE
    for line in lines:
        if line.name != "pxe-service":
            continue
        words = [word.strip() for word in _FIELDS.findall(line.value)]
        tags = [word for word in words if word.startswith(("tag:", "net:"))]
        tagged = Tagged.of(Directive(line.number, line.name, ",".join(tags)))
        tagged = Tagged(line, (), tagged.needed)
        name, text, *rest = [*(word for word in words if word and word not in tags), "", ""]
        architecture = _architecture(name)
        if architecture is None:
            continue
        file, server = next(iter(rest), ""), next(iter(rest[1:]), "") or None
        if not file or file.isdigit():
            yield PxeService(tagged, architecture, text.strip('"'), int(file or 0), None, server)
        else:
            yield PxeService(tagged, architecture, text.strip('"'), numbered, file.strip('"'), server)
            numbered += 1


def _architecture(name: str) -> int | None:
    if name.isdigit():
        return int(name)
    return _ARCHITECTURES.index(name.lower()) if name.lower() in _ARCHITECTURES else None


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except AddressValueError:
        return None
