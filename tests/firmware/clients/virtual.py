"""Firmware in a virtual machine that is brought to its network boot once, and set back to there for each row.

A power-on takes ten seconds and more; a snapshot of the memory is loaded in less than one.
"""

from __future__ import annotations

import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.tap import add_tap
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.console import ConsoleLine
from edgeboot.machines.qemu.efi_program import GRUB, IPXE, EfiProgram
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.guest import Guest, NetworkBoot
from edgeboot.machines.qemu.vm import QemuMachine
from tests.firmware.offer import Row
from tests.firmware.repeats import ENOUGH
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.seen import Seen, answered_in_vain, seen
from tests.firmware.segment import BRIDGE, Segment

MACHINE: Final = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
"""In the machines' SMBIOS tables: no two of its octets are the same."""
_MAC: Final = MacAddress.parse("52:54:00:99:00:08")
_READY: Final = timedelta(minutes=4)
"""From power-on to the network boot, on a busy machine without KVM."""
_ROW: Final = timedelta(seconds=180)
"""Until a machine has shown what it does: only one that shows nothing takes so long."""
_ATTEMPTS: Final = 10
_SNAPSHOT: Final = "ready"


@dataclass(frozen=True, slots=True)
class FirmwareClient:
    """A client of the table as firmware of a virtual machine."""

    name: str
    """In the table of clients, unless ``profile`` is."""
    firmware: str
    """In the table of QEMU's firmware."""
    ready: str
    """A regular expression of the console's line before its network boot."""
    interrupt: str = ""
    """What is typed then to get a command line; nothing where it goes on by itself."""
    prompt: str = ""
    """A regular expression of that command line's prompt."""
    keys: str = ""
    """The command that boots from the network."""
    keys_of_release: tuple[tuple[str, str], ...] = ()
    """The same where it is another in a release of Debian."""
    gave_up: str = "$^"
    """A regular expression of the line that says that nothing more will come."""
    repeats: bool = True
    """Whether it boots nothing once it sends a DHCPDISCOVER behind all offers, or a boot request again.

    Where offers are late it may have asked before they came.
    """
    boot: NetworkBoot = NetworkBoot.PXE
    mac: MacAddress = _MAC
    release: str | None = None
    """Of Debian, as ``tools/firmware --release`` names it; None for this machine's firmware."""
    program: EfiProgram | None = None
    """What the firmware starts from a disk, and what is the client then; None for the firmware itself."""
    loaded: EfiProgram | None = None
    """What the firmware loads from the network, and what then fetches files by the firmware's DHCPACK."""
    profile: str = ""
    """The client of the table whose messages it sends, where it is another."""

    @property
    def version(self) -> str:
        """Package and version; raises UsageError where it is not unpacked."""
        started = self.program or self.loaded
        if started is not None:
            return started.version
        firmware = FIRMWARE[self.firmware]
        return f"{firmware.package} {firmware.version(self.release)}"

    def fetches(self, done: Seen) -> tuple[str, ...]:
        """The URLs that it asked for, without that of the program that its firmware loads."""
        if self.loaded is None:
            return done.fetched
        return tuple(url for url in done.fetched if not url.endswith(f"/{self.loaded.file}"))

    def is_in(self, release: str) -> bool:
        """Whether it is unpacked of this release; Debian 14 has no EDK2 for i386, for example."""
        return self.program is self.loaded is None and FIRMWARE[self.firmware].is_unpacked(release)


class ReadyMachine:
    """A virtual machine that waits, halted, before its network boot."""

    def __init__(self, machine: QemuMachine, client: FirmwareClient, directory: Path) -> None:
        self._machine = machine
        self._client = client
        self._directory = directory

    def make_ready(self, server: ScriptedServer) -> None:
        """Switch it on, halt it when it is about to boot, and take the snapshot.

        Where the processor was busy it may be halted too late, and is started anew.

        Raises:
            AssertionError: it says nothing of a network boot, or is never halted in time.
        """
        for _ in range(_ATTEMPTS):
            server.play(Row("nothing", ()))
            self._machine.power_on()
            line = self._until_ready(Deadline.after(_READY))
            self._machine.monitor.execute("stop")
            assert line is not None, [each.text for each in self._machine.console.lines[-5:]]
            if not seen(server.frames, self._client.mac).discovers:
                break
            self._machine.power_off()
        else:
            raise AssertionError(f"{self._client.name} was halted too late {_ATTEMPTS} times")
        self._give_place_for_a_snapshot()
        self._command(f"savevm {_SNAPSHOT}")

    def _until_ready(self, deadline: Deadline) -> ConsoleLine | None:
        since = time.time()
        line = self._machine.console.wait_for(self._client.ready, deadline, since)
        if line is None or not self._client.interrupt:
            return line
        self._machine.type(self._client.interrupt)
        return self._machine.console.wait_for(self._client.prompt, deadline, since)

    def play(self, row: Row, server: ScriptedServer) -> tuple[Seen, tuple[Frame, ...], str]:
        """Set it back and let it boot; what it did, the frames, and the line by which it gave up, if any.

        Raises:
            AssertionError: it neither fetches a file nor gives up.
        """
        self._command(f"loadvm {_SNAPSHOT}")
        console = self._machine.console
        console.feed(b"\n")  # Ends a line that the machine of the row before has begun.
        since = time.time()
        server.play(row)
        self._machine.monitor.execute("cont")
        keys = dict(self._client.keys_of_release).get(self._client.release or "", self._client.keys)
        if keys:
            self._machine.type(keys)
        gave_up = re.compile(self._client.gave_up)

        def decided(frames: tuple[Frame, ...]) -> str | None:
            done = seen(frames, self._client.mac)
            said = next(
                (each.text for each in console.lines if each.at >= since and gave_up.search(each.text)), None
            )
            if said is not None:
                return said
            in_vain = answered_in_vain(frames, self._client.mac, row.replies) or done.asks_again
            is_told = self._client.repeats and not row.is_late
            if not row.is_answered:
                return "" if len(done.sent) >= ENOUGH else None
            ended = self._client.fetches(done) or done.declined or (is_told and in_vain)
            return "" if ended else None

        line = server.wait_for(decided, Deadline.after(_ROW))
        self._machine.monitor.execute("stop")
        assert line is not None, [each.text for each in console.lines[-5:]]
        frames = server.frames
        return seen(frames, self._client.mac), frames, line

    def _give_place_for_a_snapshot(self) -> None:
        """A snapshot is kept in an image in format qcow2, which all that is written has to be in."""
        image = self._directory / "snapshot.qcow2"
        monitor = self._machine.monitor
        if any(each["device"] == "pflash1" for each in monitor.execute("query-block")):
            monitor.execute("blockdev-snapshot-sync", device="pflash1", **{"snapshot-file": str(image)})
        else:
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "64k"], check=True)
            file = {"driver": "file", "filename": str(image)}
            monitor.execute("blockdev-add", driver="qcow2", **{"node-name": "snapshot", "file": file})

    def _command(self, line: str) -> None:
        said = self._machine.monitor.execute("human-monitor-command", **{"command-line": line})
        assert not said, f"{line}: {said}"


@contextmanager
def _removed(tap: LinkEnd) -> Iterator[None]:
    """The next machine's interface has the same name."""
    try:
        yield
    finally:
        links.remove(tap)


@contextmanager
def ready(client: FirmwareClient, segment: Segment, server: ScriptedServer) -> Iterator[ReadyMachine]:
    """A machine with this firmware on the segment, before its network boot; gone at the end of the block."""
    tap = LinkEnd(segment.namespace, "machine")
    add_tap(tap, BRIDGE)
    disk = None if client.program is None else client.program.on_a_disk(segment.directory / "disk")
    firmware, version = FIRMWARE[client.firmware], client.release
    guest = Guest(client.name, client.mac, firmware, client.boot, uuid=MACHINE, disk=disk, version=version)
    directory = segment.directory / client.name
    with _removed(tap), QemuMachine(guest, tap, directory, segment.journal) as machine:
        made = ReadyMachine(machine, client, directory)
        made.make_ready(server)
        yield made


_EDK2_GAVE_UP: Final = r"PXE-E\d\d|BdsDxe: failed to load"
EDK2_X64: Final = FirmwareClient("edk2-pxe-x86-64", "ovmf-x64", r"Start PXE over IPv4", gave_up=_EDK2_GAVE_UP)
EDK2_HTTP_X64: Final = FirmwareClient(
    "edk2-http-x86-64",
    "ovmf-x64",
    r"Start HTTP Boot over IPv4",
    gave_up=r"Error: |BdsDxe: failed to load",
    boot=NetworkBoot.HTTP,
)
EDK2_ARM64: Final = replace(EDK2_X64, name="edk2-pxe-arm64", firmware="aavmf")
EDK2_IA32: Final = replace(EDK2_X64, name="edk2-pxe-ia32", firmware="ovmf-ia32")
EDK2_HTTP_ARM64: Final = replace(EDK2_HTTP_X64, name="edk2-http-arm64", firmware="aavmf")
EDK2_HTTP_IA32: Final = replace(EDK2_HTTP_X64, name="edk2-http-ia32", firmware="ovmf-ia32")
IPXE_BIOS: Final = FirmwareClient(
    "ipxe-bios",
    "ipxe-lkrn",
    r"Press Ctrl-B",
    interrupt="\x02",
    prompt=r"iPXE>",
    keys="autoboot\n",
    gave_up=r"iPXE>$|^A\. install",  # A menu without a time until it goes on waits for a key.
    repeats=False,
)
IPXE_X64: Final = replace(
    IPXE_BIOS,
    name="ipxe-x86-64",
    firmware="ovmf-x64",
    program=IPXE,
    gave_up=r"iPXE>$",
)
_GRUB_COMMAND: Final = (
    "net_bootp",
    "server=$net_efinet0_dhcp_next_server",
    'if [ -z "$server" ]; then server=$net_efinet0_dhcp_dhcp_server_name; fi',
    "name=$net_efinet0_dhcp_boot_file",
    "regexp --set=1:directory '^(.*)/[^/]*$' $name",
    'if [ -n "$name" -a -n "$server" ]; then cat (tftp,$server)$directory/grub.cfg; fi',
    "echo That was all.",
)
"""What GRUB has read of a DHCPACK is in variables; for what that is to it its rules say."""
GRUB_X64: Final = FirmwareClient(
    "grub",
    "ovmf-x64",
    r"^grub>",
    keys="; ".join(_GRUB_COMMAND) + "\r",
    gave_up=r"^That was all\.",
    repeats=False,
    program=GRUB,
)
GRUB_OF_FIRMWARE: Final = replace(EDK2_X64, name="grub-of-edk2-pxe", loaded=GRUB, profile=EDK2_X64.name)
"""GRUB as firmware has loaded it: without a word of its own to any DHCP server."""
GRUB_READS_FIRST: Final = "//grub/x86_64-efi/command.lst"
"""Path of what Debian's image reads first, then others beside it, and at last /grub/grub.cfg."""
U_BOOT: Final = FirmwareClient(
    "u-boot-arm64",
    "u-boot-arm64",
    r"Hit any key",
    interrupt="\n",
    prompt=r"=>",
    keys="dhcp\n",
    keys_of_release=(
        ("bullseye", "pci enum; virtio scan; dhcp\n"),
    ),  # It looks for its card when it is told.
    gave_up=r"^=>$",
    # Whatever QEMU gives the card: Debian's build has an address of its own.
    mac=MacAddress.parse("52:52:52:52:52:52"),
)
FIRMWARE_CLIENTS: Final = (
    U_BOOT,
    IPXE_BIOS,
    IPXE_X64,
    GRUB_X64,
    GRUB_OF_FIRMWARE,
    EDK2_HTTP_X64,
    EDK2_HTTP_ARM64,
    EDK2_HTTP_IA32,
    EDK2_ARM64,
    EDK2_IA32,
    EDK2_X64,
)
