"""A site's virtual machine in the kind lab: by its definition it is on the lab's bridge, or it is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.base.errors import LabError
from edgeboot.labs.kind.lab_kind import KIND
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from fixtures.libvirt_daemon import LibvirtDaemon, libvirt_daemon
from tests.bmc.bmc import MAC
from tests.bmc.domain import defined

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.libvirt]


def why_not(daemon: LibvirtDaemon, name: str = "node-7") -> str | None:
    """Why the lab with that libvirt has no place for a domain of it."""
    stated = {"name": name, "mac": MAC, "kind": "libvirt", "uri": daemon.uri}
    return KIND.no_place_for(
        LibvirtEntry.model_validate(stated), replace(KIND.defaults, libvirt_uri=daemon.uri)
    )


@pytest.mark.parametrize(
    "nic,why",
    [
        ("<interface type='network'><source network='edge'/>", None),
        ("<interface type='bridge'><source bridge='virbr1'/>", None),
        ("<interface type='bridge'><source bridge='br0'/>", f"its card {MAC} is on br0, not on virbr1"),
        ("<interface type='user'>", f"its card {MAC} is on no bridge, not on virbr1"),
    ],
)
def test_domain_is_on_the_lab_s_bridge_or_refused(
    nic: str, why: str | None, libvirt_daemon: LibvirtDaemon, tmp_path: Path
) -> None:
    """It need not be on for that."""
    with defined(libvirt_daemon.uri, tmp_path, nic):
        assert why_not(libvirt_daemon) == why


def test_domain_that_is_not_there_is_named(libvirt_daemon: LibvirtDaemon) -> None:
    """Before the lab is made."""
    with pytest.raises(LabError, match=r"machine node-8: Domain not found.*; see virsh"):
        why_not(libvirt_daemon, "node-8")
