"""Firmware in a virtual machine does with an offer what the suite says of it: a sample of the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.firmware import machines
from tests.firmware.boot_rows import BOOT_ROWS, SAMPLED
from tests.firmware.clients.virtual import EDK2_X64, U_BOOT, FirmwareClient, ReadyMachine, ready
from tests.firmware.comparison import check
from tests.firmware.offer import Row
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.segment import Segment

pytestmark = [pytest.mark.firmware, pytest.mark.filterwarnings("default:.* is not in dhcp/clients/versions")]


@pytest.fixture(scope="module")
def ready_machine(
    request: pytest.FixtureRequest, scripted_segment: Segment
) -> Iterator[tuple[FirmwareClient, ReadyMachine, ScriptedServer]]:
    """A machine before its network boot, and the servers that it meets."""
    client: FirmwareClient = request.param
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedServer(scripted_segment.port, client.mac))
        yield client, stack.enter_context(ready(client, scripted_segment, server)), server


@pytest.mark.usefixtures("unpacked_firmware")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("ready_machine", [EDK2_X64, U_BOOT], indirect=True, ids=lambda each: each.name)
@pytest.mark.parametrize(
    "row", [each for each in BOOT_ROWS if each.name in SAMPLED], ids=lambda each: each.name
)
def test_firmware_boots_what_is_said_of_it(
    ready_machine: tuple[FirmwareClient, ReadyMachine, ScriptedServer], row: Row
) -> None:
    """A rule that was read in a document only may be wrong: a green run would boot nothing."""
    client, machine, server = ready_machine
    check(machines.compare(client, machine, row, server).compared)
