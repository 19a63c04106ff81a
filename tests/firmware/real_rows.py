"""Rows of real servers: dnsmasq as the only DHCP server, and as a ProxyDHCP beside a site's own."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from tests.firmware.offer import BOOT_SERVER, LEASED, Dnsmasq, Row

DNSMASQ: Final = IPv4Address("192.168.99.20")
SITES_DNSMASQ: Final = IPv4Address("192.168.99.21")
ADDRESSES: Final = (DNSMASQ, SITES_DNSMASQ)

_POOL: Final = f"dhcp-range={LEASED},{LEASED},1h"
_AT_ONCE: Final = "no-ping"
_PROXY: Final = "dhcp-range=192.168.99.0,proxy"
_SERVICES: Final = (
    'pxe-service=x86PC,"network",undionly',
    'pxe-service=X86-64_EFI,"network",proxy.efi',
    'pxe-service=ARM64_EFI,"network",proxy.efi',
    'pxe-service=IA32_EFI,"network",proxy.efi',
)
_GRUB: Final = "grubnetx64.efi"
_GRUB_SERVICE: Final = f'pxe-service=X86-64_EFI,"network",{_GRUB}'
_SECOND_SERVICE: Final = (
    'pxe-service=x86PC,"other",other',
    'pxe-service=X86-64_EFI,"other",other.efi',
)


def _server(*lines: str) -> Dnsmasq:
    return Dnsmasq(DNSMASQ, (_POOL, *lines))


def _proxy(*lines: str) -> Dnsmasq:
    return Dnsmasq(DNSMASQ, (_PROXY, *lines))


_SITE: Final = Dnsmasq(SITES_DNSMASQ, (_POOL, _AT_ONCE))
_SITE_THAT_PINGS: Final = Dnsmasq(SITES_DNSMASQ, (_POOL,))
_SITE_WITH_FILE: Final = Dnsmasq(SITES_DNSMASQ, (_POOL, _AT_ONCE, "dhcp-boot=site.efi"))

REAL_ROWS: Final = (
    Row("dnsmasq", servers=(_server(_AT_ONCE, "dhcp-boot=boot.efi"),)),
    Row("dnsmasq, other boot server", servers=(_server(_AT_ONCE, f"dhcp-boot=boot.efi,,{BOOT_SERVER}"),)),
    Row("dnsmasq that pings first", servers=(_server("dhcp-boot=boot.efi"),)),
    Row("dnsmasq with pxe-service", servers=(_server(_AT_ONCE, *_SERVICES),)),
    Row("dnsmasq without a file", servers=(_server(_AT_ONCE),)),
    Row(
        "dnsmasq, dhcp-no-override",
        servers=(_server(_AT_ONCE, "dhcp-no-override", "dhcp-boot=boot.efi"),),
    ),
    Row("dnsmasq as proxy", servers=(_SITE, _proxy(*_SERVICES))),
    Row("dnsmasq as proxy, site pings first", servers=(_SITE_THAT_PINGS, _proxy(*_SERVICES))),
    Row("dnsmasq as proxy, and the site's own file", servers=(_SITE_WITH_FILE, _proxy(*_SERVICES))),
    Row("dnsmasq as proxy, dhcp-boot alone", servers=(_SITE, _proxy("dhcp-boot=boot.efi"))),
    Row(
        "dnsmasq as proxy, menu of two",
        servers=(_SITE, _proxy('pxe-prompt="which",1', *_SERVICES, *_SECOND_SERVICE)),
    ),
)
"""Most without the three seconds in which dnsmasq looks whether an address is in use."""

REAL_HTTP_ROWS: Final = (
    Row(
        "dnsmasq, a URL",
        servers=(
            _server(_AT_ONCE, "dhcp-option-force=60,HTTPClient", "dhcp-boot=http://192.168.99.40/u.efi"),
        ),
    ),
)


def rows_with_program(directory: Path) -> tuple[Row, ...]:
    """Rows of servers that have GRUB in this directory, for firmware that loads it from there."""
    tftp = ("enable-tftp", f"tftp-root={directory}")
    boot = f"dhcp-boot={_GRUB}"
    return (
        Row("dnsmasq", servers=(_server(_AT_ONCE, *tftp, boot),)),
        Row("dnsmasq as proxy", servers=(_SITE, _proxy(*tftp, _GRUB_SERVICE))),
        Row(
            "dnsmasq as proxy, and the site's own file",
            servers=(_SITE_WITH_FILE, _proxy(*tftp, _GRUB_SERVICE)),
        ),
    )
