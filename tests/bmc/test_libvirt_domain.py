"""A BMC that switches a virtual machine: what it says is what QEMU does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeboot.host.journal import Journal
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.machine import RedfishMachine
from edgeboot.machines.redfish.orders import look_at
from fixtures.libvirt_daemon import LibvirtDaemon, libvirt_daemon
from tests.bmc.bmc import Bmc, emulator
from tests.bmc.domain import defined, number_of

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.libvirt]


@pytest.fixture
def domain(libvirt_daemon: LibvirtDaemon, tmp_path: Path) -> Iterator[Any]:
    """A virtual machine that is off."""
    with defined(libvirt_daemon.uri, tmp_path) as domain:
        yield domain


@pytest.fixture
def virtual(libvirt_daemon: LibvirtDaemon, domain: Any, tmp_path: Path) -> Iterator[Bmc]:
    """Its BMC."""
    del domain
    with emulator(tmp_path, SUSHY_EMULATOR_LIBVIRT_URI=libvirt_daemon.uri) as bmc:
        yield bmc


def test_a_virtual_machine_is_switched_by_its_bmc(virtual: Bmc, domain: Any, tmp_path: Path) -> None:
    """On from the network, restarted, off; afterwards its boot order is as before."""
    entry = virtual.entry(power_within="20s", answer_within="20s")
    with Journal("test", tmp_path / "journal") as journal:
        machine = RedfishMachine(entry, journal)
        machine.boot_network_once()
        machine.power_on()
        first = number_of(domain)
        assert (domain.isActive(), look_at(entry).boot.target) == (True, "Pxe")
        machine.reset()
        assert number_of(domain) != first
        assert machine.power_state() is PowerState.ON
    assert (domain.isActive(), look_at(entry).boot.target) == (False, "Hdd")
