"""Machines of a site that do not come as far as the server: their inventory is what is broken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.fault import Fault, Setup

_BOOTS: Final = "test_machine_of_site.py::test_a_machine_of_the_site_boots_as_far_as_can_be_seen"
_MACHINE: Final = """
[[machine]]
name = "node-9"
mac = "52:54:00:12:34:59"
kind = "command"
on = "true"
off = "true"
boots_network_first = true
may_be_power_cycled = true
"""
"""One whose commands do nothing."""


@dataclass(frozen=True, slots=True)
class SiteMachine:
    """A machine in ``--machines``, whose commands do nothing, with these further fields."""

    fields: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """Write the inventory; the option that names it, and a lab that takes what has no cable to it."""
        path = directory / "machines.toml"
        path.write_text(f"{_MACHINE}{self.fields}\n", encoding="utf-8")
        return Setup(("-p", "tests.bmc.any_machine", f"--machines={path}"))


SITE_MACHINE_FAULTS: Final = (
    Fault(
        "BMC that does not power on",
        "the command that switches a machine on ends with status 0, and its power stays off",
        "a node that is not there, and a provisioning that says that all went well",
        (SiteMachine("status = 'echo Chassis Power is off'\npower_within = '1s'"),),
        {
            f"{_BOOTS}[node-9]": r"machine node-9: did not start: no power on; it was asked to power on; "
            r"'true' ended with status 0, and after 1 s its status command says: off"
        },
        files=("test_machine_of_site.py",),
    ),
    Fault(
        "machine that is on and does not ask",
        "its power is on, its cable is not in the segment's switch",
        "the machine waits before its own screen",
        (SiteMachine("status = 'echo Chassis Power is on'\nreset = 'true'\nstarts_within = '3s'"),),
        {
            f"{_BOOTS}[node-9]": r"node-9 \(unknown\) stopped after power on: no DHCPDISCOVER; "
            r"no frame of 52:54:00:12:34:59 passed a port beside it, or the server's; "
            r"it says that its power is on"
        },
        files=("test_machine_of_site.py",),
    ),
)
