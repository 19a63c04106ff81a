"""A machine's firmware and a row: the comparison, and what of it is worth telling."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.clients.versions import version_asked
from edgeboot.host.wire.frame import Frame
from tests.firmware.boots import message_differences, really_boots, said_to_boot
from tests.firmware.clients.virtual import MACHINE, FirmwareClient, ReadyMachine
from tests.firmware.comparison import Compared
from tests.firmware.offer import Row
from tests.firmware.scripted_server import ScriptedServer


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
    profile = asked or CLIENTS[client.name]
    compared = Compared(
        client.name,
        client.version,
        row.name,
        really_boots(done),
        said_to_boot(profile, done),
        message_differences(profile, done, MACHINE),
        line or ("declines its address" if done.declined else ""),
        version_asked=asked is not None,
    )
    return Played(compared, frames)
