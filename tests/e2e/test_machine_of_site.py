"""A site's own machine is switched on, and comes as far as can be seen there."""

from __future__ import annotations

import pytest

from edgeboot.machines.inventory import MachineEntry
from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.spec.contract.contract import Contract, Role

pytestmark = [pytest.mark.e2e, pytest.mark.machine, pytest.mark.timeout(1800)]


def test_a_machine_of_the_site_boots_as_far_as_can_be_seen(
    site_watch: MachineWatch, machine_entry: MachineEntry, contract: Contract, check: Check
) -> None:
    """Real hardware takes the stated server's offer, has an address, and fetches a file that it may start."""
    client = contract.all_clients[machine_entry.client or contract.default_client.name]
    boots = contract.url_for(client) is not None
    site_watch.start_from_network()
    check.reaches(site_watch, BootStage.DISCOVER, client=client, within=machine_entry.starts_within)
    last = BootStage.STARTED if boots else BootStage.ACK
    check.reaches(site_watch, last, client=client, asks_4011=boots and contract.role is Role.PROXY)
    check.value(None, "server_identifier", site_watch.watched.traffic.chosen_server, contract.address_server)
    check.can_start(site_watch, secure_boot=machine_entry.secure_boot)
