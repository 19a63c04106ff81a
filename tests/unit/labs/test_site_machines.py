"""Which machines of an inventory each lab has a place for."""

from __future__ import annotations

from typing import Any, Final

import pytest

from edgeboot.labs.kind.lab_kind import KIND
from edgeboot.labs.netns.lab_kind import KIND as NETNS
from edgeboot.labs.orchestrator.lab_kind import KIND as ORCHESTRATOR
from edgeboot.machines.inventory import MachineEntry
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.wake_on_lan.entry import WakeOnLanEntry

NAMED: Final = {"name": "node-3", "mac": "52:54:00:00:00:03"}
WOKEN: Final = WakeOnLanEntry.model_validate({**NAMED, "kind": "wake-on-lan"})
ELSEWHERE: Final = LibvirtEntry.model_validate(
    {**NAMED, "kind": "libvirt", "uri": "qemu+ssh://host-2/system"}
)


@pytest.mark.parametrize(
    "kind,entry,problem",
    [
        (NETNS, WOKEN, "no cable leads out of its segment"),
        (NETNS, ELSEWHERE, "no cable leads out of its segment"),
        (KIND, WOKEN, "only domains of its libvirt (kind libvirt) are on virbr1"),
        (KIND, ELSEWHERE, "virbr1 is of qemu:///system, and the machine of qemu+ssh://host-2/system"),
    ],
)
def test_machine_that_cannot_be_on_a_lab_s_segment_is_refused(
    kind: Any, entry: MachineEntry, problem: str
) -> None:
    """It would be switched, and be silent: nothing that is known before is told by a failed test."""
    assert problem in kind.no_place_for(entry, kind.defaults)


@pytest.mark.parametrize("entry", [WOKEN, ELSEWHERE])
def test_machines_of_any_kind_are_on_a_site_s_segment(entry: MachineEntry) -> None:
    """The operator's inventory says so."""
    assert ORCHESTRATOR.no_place_for(entry, ORCHESTRATOR.defaults) is None
