"""Linux systems' clients, as they are packaged, have the messages of the table and the routes it expects."""

from __future__ import annotations

import pytest

from tests.firmware.clients.linux import LINUX_CLIENTS, LinuxClient
from tests.firmware.comparison import check
from tests.firmware.lease_rows import LEASE_ROWS
from tests.firmware.offer import Row
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.segment import Segment
from tests.firmware.systems import MACHINE, compare

pytestmark = [pytest.mark.firmware, pytest.mark.filterwarnings("default:.* is not in dhcp/clients/versions")]


@pytest.mark.usefixtures("unpacked_clients")
@pytest.mark.parametrize("client", LINUX_CLIENTS, ids=lambda each: each.name)
@pytest.mark.parametrize("row", LEASE_ROWS, ids=lambda each: each.name)
def test_system_has_the_routes_that_are_read_for_it(
    client: LinuxClient, row: Row, scripted_segment: Segment
) -> None:
    """What an edge node reaches is told of this table: the real client is asked."""
    with ScriptedServer(scripted_segment.port, MACHINE) as server:
        check(compare(client, row, scripted_segment, server))
