"""PXE sub-options of option 43 in a server's reply (PXE 2.1 table 2-1)."""

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
    """The sub-options that change what a client does."""

    DISCOVERY_CONTROL = 6
    MULTICAST_ADDRESS = 7
    BOOT_SERVERS = 8
    BOOT_MENU = 9
    MENU_PROMPT = 10


_MTFTP: Final = frozenset(range(1, 6))
_BOOT_NAMED_FILE: Final = 8
_NO_TIMEOUT: Final = 255


@dataclass(frozen=True, slots=True)
class PxeOptions:
    """Option 43 as a PXE client reads it; the last occurrence of a repeated sub-option counts."""

    options: Options

    @classmethod
    def of(cls, message: DhcpMessage) -> PxeOptions:
        """The sub-options of a message; empty where it has no option 43."""
        data = message.options.get(OptionCode.VENDOR_SPECIFIC) or b""
        return cls(parse_options(MAGIC_COOKIE + data))

    @property
    def is_pxe10(self) -> bool:
        """Whether it has boot servers, a menu or discovery control: a PXE10 offer for EDK2."""
        return any(tag in self.options for tag in PxeTag)

    @property
    def multicast_only(self) -> bool:
        """Whether all five MTFTP sub-options (tags 1 to 5) are present: EDK2 discards such an offer."""
        return set(self.options.codes) >= _MTFTP

    @property
    def boots_named_file(self) -> bool:
        """Bit 3 of the discovery control: a named boot file is booted without prompt, menu or discovery."""
        control = self._last(PxeTag.DISCOVERY_CONTROL)
        return bool(control and control[0] & _BOOT_NAMED_FILE)

    @property
    def waits_for_user(self) -> bool:
        """Whether the menu prompt's time-out is 255, which means: wait for a key without limit."""
        prompt = self._last(PxeTag.MENU_PROMPT)
        return bool(prompt and prompt[0] == _NO_TIMEOUT)

    @property
    def first_item(self) -> int | None:
        """The boot server type of the menu's first item, the default; 0 is the disk, None no menu."""
        menu = self._last(PxeTag.BOOT_MENU)
        return int.from_bytes(menu[:2]) if len(menu) >= 3 else None

    @property
    def boot_servers(self) -> dict[int, tuple[IPv4Address, ...]]:
        """Addresses by boot server type, in the order sent."""
        data, servers = self._last(PxeTag.BOOT_SERVERS), dict[int, tuple[IPv4Address, ...]]()
        while len(data) >= 3:
            end = 3 + 4 * data[2]
            addresses = [data[start : start + 4] for start in range(3, min(end, len(data)), 4)]
            servers.setdefault(
                int.from_bytes(data[:2]),
                tuple(IPv4Address(address) for address in addresses if len(address) == 4),
            )
            data = data[end:]
        return servers

    def _last(self, tag: PxeTag) -> bytes:
        return (self.options.all(tag) or (b"",))[-1]
