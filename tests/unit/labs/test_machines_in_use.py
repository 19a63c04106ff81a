"""A site's machine that a run is told to power-cycle: what shows that somebody uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address
from types import SimpleNamespace
from typing import Any

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.labs.orchestrator.machines_in_use import sign_of_use
from edgeboot.labs.orchestrator.safety import SwitchedOff
from edgeboot.labs.orchestrator.survey import SurveyResult
from edgeboot.labs.site_machine import check_clients, site_machine
from edgeboot.machines.protocol import MachineError
from edgeboot.machines.wake_on_lan.entry import WakeOnLanEntry

MAC = MacAddress.parse("52:54:00:00:00:07")
OTHER = MacAddress.parse("52:54:00:00:00:08")
ADDRESS = IPv4Address("192.0.2.7")
END = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "survey,leases,sign",
    [
        ({"booting": {MAC: "DHCPDISCOVER"}}, (), "its DHCPDISCOVER was heard"),
        ({"owners": {ADDRESS: (OTHER, MAC)}}, (), "it answers ARP for 192.0.2.7"),
        ({}, ((MAC, ADDRESS, END),), "it has a lease of 192.0.2.7 from libvirt until 12:00:00"),
        ({}, ((MAC, ADDRESS, None),), "it has a lease of 192.0.2.7 from libvirt"),
        ({"heard": frozenset({MAC})}, (), "it sent to everybody on the segment"),
        ({"booting": {OTHER: "DHCPDISCOVER"}, "heard": frozenset({OTHER})}, ((OTHER, ADDRESS, None),), None),
    ],
)
def test_a_machine_in_use_is_known_by_its_packets_or_its_lease(
    survey: dict[str, Any], leases: tuple[Any, ...], sign: str | None
) -> None:
    """Another machine's are no sign."""
    off = SwitchedOff(IPv4Address("192.0.2.1"), leases)
    assert sign_of_use(MAC, SurveyResult(**survey), off) == sign


def test_a_client_that_nobody_knows_is_told_before_the_run() -> None:
    """With what may be stated in its place."""
    entry = WakeOnLanEntry.model_validate(
        {"name": "a", "mac": str(MAC), "kind": "wake-on-lan", "client": "b"}
    )
    check_clients([entry], ["b"])
    with pytest.raises(UsageError, match=r"machine a, field client: 'b' is no client .*; choose from c, d"):
        check_clients([entry], ["d", "c"])


def test_a_machine_in_use_is_not_touched() -> None:
    """And which option takes it all the same."""
    entry = WakeOnLanEntry.model_validate({"name": "a", "mac": str(MAC), "kind": "wake-on-lan"})
    lab: Any = SimpleNamespace(in_use=lambda _: "it answers ARP for 192.0.2.7")
    with pytest.raises(
        MachineError, match=r"^machine a: is in use: it answers ARP .*; it was not touched; switch"
    ):
        site_machine(entry, lab)
