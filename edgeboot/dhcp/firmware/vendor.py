"""What a PXE server says in option 43 (PXE 2.1 table 2-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, unique
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.options import Options, parse_options
from edgeboot.dhcp.vocabulary import MAGIC_COOKIE, OptionCode


@unique
class PxeTag(IntEnum):
    """The sub-options that decide anything."""

    DISCOVERY_CONTROL = 6
    MULTICAST_ADDRESS = 7
    BOOT_SERVERS = 8
    BOOT_MENU = 9
    MENU_PROMPT = 10


_MTFTP: Final = frozenset(range(1, 6))
_USE_THE_FILE: Final = 8
_WAITS: Final = 255


@dataclass(frozen=True, slots=True)
class PxeOptions:
    """Option 43 as a PXE client reads it; of a repeated sub-option the last counts."""

    options: Options

    @classmethod
    def of(cls, message: DhcpMessage) -> PxeOptions:
        """The sub-options; none where there is no option 43."""
        data = message.options.get(OptionCode.VENDOR_SPECIFIC) or b""
        return cls(parse_options(MAGIC_COOKIE + data))

    @property
    def lead_on(self) -> bool:
        """Whether any of them tells of boot servers or a menu: a PXE 1.0 offer in EDK2's words."""
        return any(tag in self.options for tag in PxeTag)

    @property
    def multicast_only(self) -> bool:
        """All five MTFTP sub-options: a kind of offer EDK2 discards."""
        return set(self.options.codes) >= _MTFTP

    @property
    def uses_the_file(self) -> bool:
        """Bit 3 of the discovery control: with a boot file no prompt, menu or discovery."""
        control = self._last(PxeTag.DISCOVERY_CONTROL)
        return bool(control and control[0] & _USE_THE_FILE)

    @property
    def waits_for_a_person(self) -> bool:
        """A prompt whose time-out never ends."""
        prompt = self._last(PxeTag.MENU_PROMPT)
        return bool(prompt and prompt[0] == _WAITS)

    @property
    def first_item(self) -> int | None:
        """The boot server type of the menu's first item, which is the default; 0 boots the disk."""
        menu = self._last(PxeTag.BOOT_MENU)
        return int.from_bytes(menu[:2]) if len(menu) >= 3 else None

    @property
    def boot_servers(self) -> dict[int, tuple[IPv4Address, ...]]:
        """Addresses by boot server type, in order."""
        data, found = self._last(PxeTag.BOOT_SERVERS), dict[int, tuple[IPv4Address, ...]]()
        while len(data) >= 3:
            end = 3 + 4 * data[2]
            addresses = [data[at : at + 4] for at in range(3, min(end, len(data)), 4)]
            found.setdefault(
                int.from_bytes(data[:2]), tuple(IPv4Address(each) for each in addresses if len(each) == 4)
            )
            data = data[end:]
        return found

    def _last(self, tag: PxeTag) -> bytes:
        return (self.options.all(tag) or (b"",))[-1]
