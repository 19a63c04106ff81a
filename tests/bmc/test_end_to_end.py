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
from tests.bmc.domain import defined
from tests.harness.suite import own_environment

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.timeout(400)]
pytest.importorskip("libvirt", reason="the kind lab's packages are not installed")
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
starts_within = "90s"
may_be_power_cycled = true
"""


def run_of_the_suite(bmc: Bmc, namespace: str, directory: Path) -> str:
    """What a run with that BMC's machine has printed; it passed."""
    inventory = directory / "machines.toml"
    inventory.write_text(_INVENTORY.format(mac=MAC, bmc=bmc, user=USER), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.bmc.uplink", "--lab=netns", "-m", "machine"]
    command += [f"--machines={inventory}", "--machine=node-7", f"--evidence={directory / 'evidence'}"]
    command += ["--evidence-all", "--numprocesses=0", "-v", "tests/e2e/test_machine_of_site.py"]
    variables = {"XDG_STATE_HOME": str(directory / "state"), uplink.NAMESPACE: namespace}
    finished = subprocess.run(
        command, cwd=PROJECT, env=own_environment() | variables, capture_output=True, text=True, check=False
    )
    printed = finished.stdout + finished.stderr
    assert finished.returncode == 0, printed
    return printed


def test_a_run_boots_a_machine_by_its_bmc(libvirt_daemon: LibvirtDaemon, tmp_path: Path) -> None:
    """It takes the server's offer; it is off afterwards with its own boot order; nothing has the password."""
    links.add_bridge(LinkEnd(libvirt_daemon.namespace, uplink.BRIDGE), None)
    nic: Any = f"<interface type='bridge'><source bridge='{uplink.BRIDGE}'/>"
    uri = libvirt_daemon.uri
    with defined(uri, tmp_path, nic) as domain, emulator(tmp_path, SUSHY_EMULATOR_LIBVIRT_URI=uri) as bmc:
        printed = run_of_the_suite(bmc, libvirt_daemon.namespace, tmp_path)
        assert re.search(r"machines node-7 \(redfish", printed)
        assert re.search(r"^=+ 1 passed in", printed, re.MULTILINE)
        assert (domain.isActive(), look_at(bmc.entry(answer_within="30s")).boot.target) == (False, "Hdd")
    kept = [file.read_bytes() for file in (tmp_path / "evidence").rglob("*") if file.is_file()]
    assert kept
    assert not any(PASSWORD.encode() in content for content in [*kept, printed.encode()])
