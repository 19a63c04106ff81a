"""The versions of clients that were asked every row of ``tests/firmware``, and what each of them sends.

Each of them boots what ``firmware`` and ``client_routes`` say of its profile here, in every row
(docs/firmware.md, docs/firmware-releases.md). A version that is not here was never asked, or does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientProfile

_IPXE: Final = (1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66, 67, 119)
"""What later ones ask for first: the time server (42), too."""
_IPXE_FEATURES: Final = bytes.fromhex(
    "260101 170101 270101 220101 130101 140101 110101 190101 290101 100102 210101 1b0101 150101 120101 180101"
)
_IPXE_OTHERS: Final = (*range(128, 136), 175, 203)


def _ipxe(name: str, version: str, stated: bytes, parameters: tuple[int, ...]) -> dict[str, ClientProfile]:
    """A later iPXE; ``stated`` is the version that sub-option 235 has."""
    etherboot = bytes.fromhex("b105011af41000 eb03") + stated + _IPXE_FEATURES
    asked = (*parameters, *_IPXE_OTHERS)
    return {version: replace(CLIENTS[name], version=version, parameters=asked, etherboot=etherboot)}


def _alike(client: str, *versions: str) -> dict[str, ClientProfile]:
    """Versions that send what the table says of their client."""
    return dict.fromkeys(versions, CLIENTS[client])


def _u_boot_of_2021(version: str) -> dict[str, ClientProfile]:
    """It sends what later ones send, and reads a name otherwise."""
    client = CLIENTS["u-boot-arm64"]
    return {version: replace(client, version=version, rules=BootRules.U_BOOT_2021)}


_EDK2: Final = ("2020.11-2+deb11u2", "2022.11-6+deb12u2", "2025.02-8+deb13u1", "2026.08+ds-2")
_U_BOOT: Final = ("2023.01+dfsg-2+deb12u3", "2025.01-3+deb13u1", "2025.01-3.2")

VERSIONS: Final[Mapping[str, Mapping[str, ClientProfile]]] = MappingProxyType(
    {
        "edk2-pxe-x86-64": _alike("edk2-pxe-x86-64", *_EDK2),
        "edk2-pxe-arm64": _alike("edk2-pxe-arm64", *_EDK2),
        "edk2-pxe-ia32": _alike("edk2-pxe-ia32", *_EDK2[:-1]),
        "edk2-http-arm64": _alike("edk2-http-arm64", *_EDK2),
        "edk2-http-ia32": _alike("edk2-http-ia32", *_EDK2[:-1]),
        "edk2-http-x86-64": _alike("edk2-http-x86-64", *_EDK2),
        "ipxe-bios": {
            **_alike("ipxe-bios", "1.0.0+git-20190125.36a4c85-5.1"),
            **_ipxe("ipxe-bios", "1.21.1+git20250501.dad20602+dfsg-1", bytes((1, 0, 0)), _IPXE),
            # It ignores routers where it has classless routes: older ones know no others.
            **_ipxe("ipxe-bios", "2.0.0+dfsg-5", bytes((2, 0, 0)), (*_IPXE, 121)),
        },
        "ipxe-x86-64": _alike("ipxe-x86-64", "1.0.0+git-20190125.36a4c85-5.1"),
        "grub": _alike("grub", "2.06-13+deb12u2"),
        "u-boot-arm64": {**_u_boot_of_2021("2021.01+dfsg-5"), **_alike("u-boot-arm64", *_U_BOOT)},
        "dhclient": _alike("dhclient", "4.4.3-P1-2"),
        "dhcpcd": _alike("dhcpcd", "9.4.1-24~deb12u5"),
        "klibc-ipconfig": _alike("klibc-ipconfig", "2.0.12-1"),
        "network-manager": _alike("network-manager", "1.42.4-1+deb12u1"),
        "systemd-networkd": _alike("systemd-networkd", "252.39-1~deb12u2"),
        "udhcpc": _alike("udhcpc", "1:1.35.0-4+deb12u1+b1"),
    }
)
"""Clients of the table, each with its versions as Debian writes them, and what these send."""


def with_versions(client: ClientProfile) -> tuple[ClientProfile, ...]:
    """A client, and each of its versions that asks for other options: a server may answer it otherwise."""
    versions = VERSIONS.get(client.name, {}).values()
    return (client, *(each for each in versions if each.parameters != client.parameters))


def version_asked(client: str, version: str) -> ClientProfile | None:
    """The profile of a client in this version; None for one that the rules are not known to hold for."""
    return VERSIONS.get(client, {}).get(version)
