"""The options that a contract can state by name: code, names and format.

Codes and formats are those of RFC 2132 and IANA's registry of BOOTP vendor extensions; each option
has its name there, shortened as in ``vocabulary``, and dnsmasq's (``dnsmasq --help dhcp``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeboot.dhcp import option_formats as formats
from edgeboot.dhcp.option_formats import OptionFormat


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: its code, its names and the format of its data."""

    code: int
    names: tuple[str, ...]
    format: OptionFormat


def _row(code: int, names: str, format_: OptionFormat) -> OptionRow:
    return OptionRow(code, tuple(names.split()), format_)


_ROWS: Final = (
    _row(1, "subnet-mask netmask", formats.ADDRESSES),
    _row(2, "time-offset", formats.NUMBER_32),
    _row(3, "router", formats.ADDRESSES),
    _row(4, "time-server", formats.ADDRESSES),
    _row(5, "name-server", formats.ADDRESSES),
    _row(6, "domain-name-server dns-server", formats.ADDRESSES),
    _row(7, "log-server", formats.ADDRESSES),
    _row(9, "lpr-server", formats.ADDRESSES),
    _row(12, "host-name hostname", formats.TEXT),
    _row(13, "boot-file-size", formats.NUMBER_16),
    _row(15, "domain-name", formats.TEXT),
    _row(16, "swap-server", formats.ADDRESSES),
    _row(17, "root-path", formats.TEXT),
    _row(18, "extensions-path extension-path", formats.TEXT),
    _row(19, "ip-forwarding ip-forward-enable", formats.NUMBER_8),
    _row(20, "non-local-source-routing", formats.NUMBER_8),
    _row(21, "policy-filter", formats.ADDRESSES),
    _row(22, "maximum-datagram-reassembly-size max-datagram-reassembly", formats.NUMBER_16),
    _row(23, "default-ip-ttl default-ttl", formats.NUMBER_8),
    _row(26, "interface-mtu mtu", formats.NUMBER_16),
    _row(27, "all-subnets-local", formats.NUMBER_8),
    _row(28, "broadcast-address broadcast", formats.ADDRESSES),
    _row(31, "router-discovery", formats.NUMBER_8),
    _row(32, "router-solicitation", formats.ADDRESSES),
    _row(33, "static-route", formats.HOST_ROUTES),
    _row(34, "trailer-encapsulation", formats.NUMBER_8),
    _row(35, "arp-timeout", formats.NUMBER_32),
    _row(36, "ethernet-encapsulation ethernet-encap", formats.NUMBER_8),
    _row(37, "tcp-ttl", formats.NUMBER_8),
    _row(38, "tcp-keepalive", formats.NUMBER_32),
    _row(40, "nis-domain", formats.TEXT),
    _row(41, "nis-servers nis-server", formats.ADDRESSES),
    _row(42, "ntp-servers ntp-server", formats.ADDRESSES),
    _row(43, "vendor-specific vendor-encap", formats.SUB_OPTIONS),
    _row(44, "netbios-name-server netbios-ns", formats.ADDRESSES),
    _row(45, "netbios-datagram-server netbios-dd", formats.ADDRESSES),
    _row(46, "netbios-node-type netbios-nodetype", formats.NUMBER_8),
    _row(47, "netbios-scope", formats.TEXT),
    _row(48, "x-window-font-server x-windows-fs", formats.ADDRESSES),
    _row(49, "x-window-display-manager x-windows-dm", formats.ADDRESSES),
    _row(51, "ip-address-lease-time lease-time", formats.NUMBER_32),
    _row(54, "server-identifier", formats.ADDRESSES),
    _row(58, "renewal-time T1", formats.NUMBER_32),
    _row(59, "rebinding-time T2", formats.NUMBER_32),
    _row(60, "vendor-class-identifier vendor-class", formats.TEXT),
    _row(64, "nis-plus-domain nis+-domain", formats.TEXT),
    _row(65, "nis-plus-server nis+-server", formats.ADDRESSES),
    _row(66, "tftp-server-name tftp-server", formats.TEXT),
    _row(67, "bootfile-name", formats.TEXT),
    _row(69, "smtp-server", formats.ADDRESSES),
    _row(70, "pop3-server", formats.ADDRESSES),
    _row(71, "nntp-server", formats.ADDRESSES),
    _row(74, "irc-server", formats.ADDRESSES),
    _row(97, "client-machine-identifier client-machine-id", formats.OCTETS),
    _row(100, "posix-timezone", formats.TEXT),
    _row(101, "tzdb-timezone", formats.TEXT),
    _row(108, "ipv6-only", formats.NUMBER_32),
    _row(114, "captive-portal", formats.TEXT),
    _row(119, "domain-search", formats.DOMAINS),
    _row(120, "sip-server", formats.OCTETS),
    _row(121, "classless-static-route", formats.ROUTES),
    _row(125, "vendor-identifying-specific vendor-id-encap", formats.OCTETS),
    _row(150, "tftp-server-address", formats.ADDRESSES),
    _row(175, "etherboot", formats.OCTETS),
    _row(249, "microsoft-classless-static-route", formats.ROUTES),
    _row(252, "web-proxy-auto-discovery wpad", formats.TEXT),
)
OPTIONS: Final = {row.code: row for row in _ROWS}
"""By code."""
CODES: Final = {name: row.code for row in _ROWS for name in row.names}
"""Every name."""
_HIGHEST: Final = 254
"""255 is END."""


def code_of(name: str) -> int:
    """The code of an option that is named, or given as a number.

    Raises:
        ValueError: no option has this name or number.
    """
    if name in CODES:
        return CODES[name]
    if not name.isdecimal() or not 1 <= int(name) <= _HIGHEST:
        raise ValueError(f"no option is called {name!r}; write its number, or a name such as dns-server")
    return int(name)
