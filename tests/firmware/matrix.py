"""The whole matrix: each real client with each row that is for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.machines.qemu.efi_program import GRUB
from edgeboot.machines.qemu.guest import NetworkBoot
from tests.firmware import machines, systems
from tests.firmware.boot_rows import BOOT_ROWS, HTTP_ROWS, SAMPLED
from tests.firmware.clients.linux import LINUX_CLIENTS, LinuxClient
from tests.firmware.clients.virtual import (
    EDK2_ARM64,
    EDK2_IA32,
    FIRMWARE_CLIENTS,
    GRUB_OF_FIRMWARE,
    GRUB_X64,
    FirmwareClient,
    ReadyMachine,
    ready,
)
from tests.firmware.lease_rows import LEASE_ROWS, SILENCE
from tests.firmware.machines import Played
from tests.firmware.offer import Row
from tests.firmware.real_rows import ADDRESSES, rows_with_program
from tests.firmware.real_servers import plugs, serving
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.segment import Segment, segment

_NOT_SHOWN_BY_GRUB: Final = {"60 HTTPClient", "60 HTTPClient, header a URL"}
"""Its command net_bootp takes a URL for a name like others: only GRUB that firmware has loaded reads it."""
ALL: Final[tuple[LinuxClient | FirmwareClient, ...]] = (*LINUX_CLIENTS, *FIRMWARE_CLIENTS)
_OF_THE_SAME_SOURCE: Final = {EDK2_ARM64.name, EDK2_IA32.name}
"""Built from that of another client, which is asked all rows: a sample shows that they do the same."""
_NO_PACKAGE: Final = "no package of Debian has it"
_REASONS: Final = {
    "edk2-pxe-efi-bc": "Debian has no build of EDK2 for EFI byte code, and none for x86-64 that sends 9",
    "pxe-bios": "a card's own ROM is no package; the BIOS clients that Debian has are iPXE's",
    "ipxe-arm64": "Debian 12 has none; package ipxe of Debian 13 and 14 has ipxe-arm64.efi",
    "ipxe-ia32": "the EFI programs and ROMs in ipxe and ipxe-qemu of Debian 12 to 14 are not for IA-32",
    "u-boot-http-arm64": "Debian's U-Boot 2023.01 has no HTTP",
    "linux-ip-dhcp": "Debian's kernels have no CONFIG_IP_PNP: their ip=dhcp is klibc-ipconfig",
    "raspberry-pi": "it is the ROM of a processor, which no machine of QEMU has",
    "raspberry-pi-4": "it is in the EEPROM of a board that QEMU does not have",
    "systemd-networkd-255": "Debian 12 has version 252",
    "windows": "it is not free",
    "windows-pe": "it is not free",
}
NEVER_ASKED: Final = {
    name: _REASONS.get(name, _NO_PACKAGE) for name in CLIENTS if name not in {each.name for each in ALL}
}
"""The clients of the table of which no real one has been asked, each with the reason."""


def rows_of(client: LinuxClient | FirmwareClient) -> tuple[Row, ...]:
    """The rows that are for a client."""
    if isinstance(client, LinuxClient):
        return (*LEASE_ROWS, SILENCE)
    if client.boot is NetworkBoot.HTTP:
        return HTTP_ROWS
    if client is GRUB_X64:
        return tuple(row for row in BOOT_ROWS if row.name not in _NOT_SHOWN_BY_GRUB)
    if client is GRUB_OF_FIRMWARE:
        return rows_with_program(GRUB.directory)
    return (
        tuple(row for row in BOOT_ROWS if row.name in SAMPLED)
        if client.name in _OF_THE_SAME_SOURCE
        else BOOT_ROWS
    )


def of_releases(
    clients: Iterable[LinuxClient | FirmwareClient], releases: Sequence[str]
) -> Iterator[FirmwareClient]:
    """The firmware among the clients, in each version that is unpacked of these releases of Debian."""
    for client in clients:
        if isinstance(client, FirmwareClient):
            each = (replace(client, release=release) for release in releases if client.is_in(release))
            yield from {one.version: one for one in each}.values()


def played(client: LinuxClient | FirmwareClient, rows: Sequence[Row]) -> Iterator[Played | str]:
    """What came of each row, one after the other; a text where a client shows nothing.

    Raises:
        UsageError: the client is not unpacked, or QEMU not installed.
    """
    with segment() as own:
        mac = client.mac if isinstance(client, FirmwareClient) else systems.MACHINE
        with ScriptedServer(own.port, mac) as server:
            if isinstance(client, LinuxClient):
                yield from (_of_system(client, row, own, server) for row in rows)
                return
            with plugs(own, ADDRESSES) as plugged, ready(client, own, server) as machine:
                for row in rows:
                    with serving(row.servers, plugged, own.directory):
                        yield _of_machine(client, machine, row, server)


def _of_system(client: LinuxClient, row: Row, own: Segment, server: ScriptedServer) -> Played | str:
    try:
        compared = systems.compare(client, row, own, server)
    except AssertionError as error:
        return f"{client.name}, {row.name}: not decided: {error}"
    return Played(compared, server.frames)


def _of_machine(
    client: FirmwareClient, machine: ReadyMachine, row: Row, server: ScriptedServer
) -> Played | str:
    try:
        return machines.compare(client, machine, row, server)
    except AssertionError as error:
        return f"{client.name}, {row.name}: not decided: {error}"
