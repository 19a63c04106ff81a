"""A machine's firmware and a row: the comparison, and what of it is worth telling."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.clients.versions import version_asked
from edgeboot.dhcp.firmware import grub
from edgeboot.host.wire.frame import Frame
from tests.firmware.boots import NOTHING, message_differences, really_boots, said_to_boot
from tests.firmware.clients.virtual import GRUB_READS_FIRST, MACHINE, FirmwareClient, ReadyMachine
from tests.firmware.comparison import Compared
from tests.firmware.offer import Row
from tests.firmware.repeats import waits_told
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.seen import Seen


@dataclass(frozen=True, slots=True)
class Played:
    """A row that was played."""

    compared: Compared
    frames: tuple[Frame, ...]


def compare(client: FirmwareClient, machine: ReadyMachine, row: Row, server: ScriptedServer) -> Played:
    """Play a row to a machine; raises AssertionError where the machine shows nothing."""
    done, frames, line = machine.play(row, server)
    assert done.sent, f"it sends nothing: {line or 'without a word'}"
    asked = version_asked(client.name, client.version.partition(" ")[2])
    profile = asked or CLIENTS[client.profile or client.name]
    compared = Compared(
        client.name,
        client.version,
        row.name,
        really_boots(client.fetches(done)),
        _said(client, profile, done) if row.is_answered else NOTHING,
        message_differences(profile, done, MACHINE),
        "; ".join(filter(None, (line, _remark(client, row, done, frames)))),
        version_asked=asked is not None,
    )
    return Played(compared, frames)


def _said(client: FirmwareClient, profile: ClientProfile, done: Seen) -> str:
    if client.loaded is None:
        return said_to_boot(profile, done)
    return f"tftp://{grub.server_of(done.acks[-1])}{GRUB_READS_FIRST}"


def _remark(client: FirmwareClient, row: Row, done: Seen, frames: tuple[Frame, ...]) -> str:
    if not row.is_answered:
        return waits_told(frames, client.mac)
    if done.declined:
        return "declines its address"
    asked = len(done.discovers)
    return f"{asked} DHCPDISCOVER{'s' if asked > 1 else ''}" if row.is_late else ""
