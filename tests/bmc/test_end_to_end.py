"""A run of the suite switches a site's machine on by its BMC, sees it boot, and puts it back."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.machines.redfish.orders import look_at
from fixtures.libvirt_daemon import LibvirtDaemon, libvirt_daemon
from tests.bmc import uplink
from tests.bmc.bmc import MAC, PASSWORD, USER, Bmc, emulator
from tests.bmc.defects import Defect
from tests.bmc.domain import defined
from tests.harness.suite import Run, own_environment

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.timeout(400)]
_INVENTORY: Final = """
[[machine]]
name = "node-7"
mac = "{mac}"
kind = "redfish"
url = "{bmc.url}"
username = "{user}"
password_file = "{bmc.directory}/password"
ca_file = "{bmc.directory}/ca.pem"
answer_within = "30s"
power_within = "{power_within}"
starts_within = "{starts_within}"
may_be_power_cycled = true
"""


def run_of_the_suite(bmc: Bmc, directory: Path, namespace: str | None = None) -> Run:
    """A run with that BMC's machine.

    Args:
        bmc: of the machine.
        directory: for its files.
        namespace: where the machine's bridge is, which is joined with the lab's segment.
    """
    inventory = directory / "machines.toml"
    limits = ("90s", "20s") if namespace else ("5s", "2s")
    text = _INVENTORY.format(mac=MAC, bmc=bmc, user=USER, starts_within=limits[0], power_within=limits[1])
    inventory.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--lab=netns", "-m", "machine", "-p", "tests.bmc.any_machine"]
    command += ["-p", "tests.bmc.uplink"] if namespace else []
    command += [f"--machines={inventory}", "--machine=node-7", f"--evidence={directory / 'evidence'}"]
    command += ["--evidence-all", "--numprocesses=0", "-v", "tests/e2e/test_machine_of_site.py"]
    variables = {"XDG_STATE_HOME": str(directory / "state"), "COLUMNS": "600"}
    variables |= {uplink.NAMESPACE: namespace} if namespace else {}
    finished = subprocess.run(
        command, cwd=PROJECT, env=own_environment() | variables, capture_output=True, text=True, check=False
    )
    return Run(finished.returncode, finished.stdout + finished.stderr)


@pytest.mark.libvirt
def test_a_run_boots_a_machine_by_its_bmc(libvirt_daemon: LibvirtDaemon, tmp_path: Path) -> None:
    """It takes the server's offer; it is off afterwards with its own boot order; nothing has the password."""
    links.add_bridge(LinkEnd(libvirt_daemon.namespace, uplink.BRIDGE), None)
    nic: Any = f"<interface type='bridge'><source bridge='{uplink.BRIDGE}'/>"
    uri = libvirt_daemon.uri
    with defined(uri, tmp_path, nic) as domain, emulator(tmp_path, SUSHY_EMULATOR_LIBVIRT_URI=uri) as bmc:
        run = run_of_the_suite(bmc, tmp_path, libvirt_daemon.namespace)
        assert run.status == 0, run.output
        assert re.search(r"machines node-7 \(redfish", run.output)
        assert re.search(r"^=+ 1 passed in", run.output, re.MULTILINE)
        assert (domain.isActive(), look_at(bmc.entry(answer_within="30s")).boot.target) == (False, "Hdd")
    kept = [file.read_bytes() for file in (tmp_path / "evidence").rglob("*") if file.is_file()]
    assert kept
    assert not any(PASSWORD.encode() in content for content in [*kept, run.output.encode()])


def test_a_bmc_that_lies_is_found_by_its_machine_s_silence(tmp_path: Path) -> None:
    """It says On whatever it is; what is told is what is known."""
    with emulator(tmp_path, DEFECT=Defect.SAYS_ON.value) as bmc:
        run = run_of_the_suite(bmc, tmp_path)
    assert run.status == 1, run.output
    told = (
        r"node-7 \(.*\) stopped after power on: no DHCPDISCOVER; "
        r"no frame of \S+ passed a port beside it, or the server's; it says that its power is on"
    )
    assert re.search(told, run.output), run.output


def test_a_bmc_that_does_not_power_on_fails_its_test_alone(tmp_path: Path) -> None:
    """The lab is in order: the run ends as one with a failed test, and the machine is told at power on."""
    with emulator(tmp_path, DEFECT=Defect.STAYS_OFF.value) as bmc:
        run = run_of_the_suite(bmc, tmp_path)
    assert run.status == 1, run.output
    told = (
        "machine node-7: did not start: no power on; it was asked to power on; "
        ".* accepted reset On, and after 2 s says: power is off; read"
    )
    assert re.search(told, run.output), run.output
    assert PASSWORD not in run.output
