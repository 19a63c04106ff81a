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
    BOOT_ITEM = 71
    """Of a request and its reply: the type that is asked for."""


_MTFTP: Final = frozenset(range(1, 6))
_NO_BROADCAST: Final = 1
_NO_MULTICAST: Final = 2
_ONLY_LISTED: Final = 4
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
        return any(tag in self.options for tag in PxeTag if tag is not PxeTag.BOOT_ITEM)

    @property
    def multicast_only(self) -> bool:
        """Whether all five MTFTP sub-options (tags 1 to 5) are present: EDK2 discards such an offer."""
        return set(self.options.codes) >= _MTFTP

    @property
    def boots_named_file(self) -> bool:
        """Bit 3 of the discovery control: a named boot file is booted without prompt, menu or discovery."""
        return self._controls(_BOOT_NAMED_FILE)

    @property
    def broadcast_disabled(self) -> bool:
        """Bit 0 of the discovery control: no boot server is asked by broadcast."""
        return self._controls(_NO_BROADCAST)

    @property
    def multicast_disabled(self) -> bool:
        """Bit 1 of the discovery control: no boot server is asked by multicast."""
        return self._controls(_NO_MULTICAST)

    @property
    def only_listed_servers(self) -> bool:
        """Bit 2 of the discovery control: only boot servers of tag 8 are asked and accepted."""
        return self._controls(_ONLY_LISTED)

    @property
    def multicast_address(self) -> IPv4Address | None:
        """Where boot servers are asked by multicast, tag 7."""
        data = self._last(PxeTag.MULTICAST_ADDRESS)
        return IPv4Address(data) if len(data) == 4 else None

    @property
    def has_prompt(self) -> bool:
        """Whether the time until the default item is taken is stated, tag 10."""
        return bool(self._last(PxeTag.MENU_PROMPT))

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
    def lists_servers(self) -> bool:
        """Whether it has a list of boot servers, tag 8, be it empty."""
        return PxeTag.BOOT_SERVERS in self.options

    @property
    def boot_servers(self) -> tuple[tuple[int, tuple[IPv4Address, ...]], ...]:
        """The entries of tag 8 in the order sent: boot server type, and the addresses of its servers."""
        data, servers = self._last(PxeTag.BOOT_SERVERS), list[tuple[int, tuple[IPv4Address, ...]]]()
        while len(data) >= 3:
            end = 3 + 4 * data[2]
            addresses = [data[start : start + 4] for start in range(3, min(end, len(data)), 4)]
            whole = tuple(IPv4Address(address) for address in addresses if len(address) == 4)
            servers.append((int.from_bytes(data[:2]), whole))
            data = data[end:]
        return tuple(servers)

    @property
    def item(self) -> int | None:
        """The boot server type that a boot server answers for, tag 71; None without."""
        data = self._last(PxeTag.BOOT_ITEM)
        return int.from_bytes(data[:2]) if len(data) >= 2 else None

    def _controls(self, bit: int) -> bool:
        control = self._last(PxeTag.DISCOVERY_CONTROL)
        return bool(control and control[0] & bit)

    def _last(self, tag: PxeTag) -> bytes:
        return (self.options.all(tag) or (b"",))[-1]
