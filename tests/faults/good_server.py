"""Servers that are known to be good: how each is started, and its contract."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT, cache_directory
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from tests.faults.fault import WHOLE, Fault, Setup
from tests.harness.suite import own_environment

DIRECTORY: Final = Path(__file__).with_name("good")


@dataclass(frozen=True, slots=True)
class GoodServer:
    """A server of tools/good-servers.

    ``command`` is for --dhcp-command, with ``PROGRAM`` for its program; ``passes`` is the minimum
    number of tests that it passes: with fewer, the contract deselects too many.
    """

    name: str
    config: Path
    command: str
    passes: int

    @property
    def contract_file(self) -> Path:
        """The file of its contract."""
        return DIRECTORY / f"{self.name}.toml"

    @property
    def contract(self) -> Contract:
        """Its contract: what an edge node gets from it."""
        return load_contract(self.contract_file)

    @property
    def options(self) -> tuple[str, ...]:
        """The options of a run against it."""
        command = self.command.replace("PROGRAM", str(cache_directory() / "servers" / self.name / "program"))
        return (
            f"--dhcp-command={command}",
            f"--dhcp-config={self.config}",
            f"--contract={self.contract_file}",
        )


GOOD_SERVERS: Final = (
    GoodServer(
        "kea",
        DIRECTORY / "kea.json",
        "env KEA_PIDFILE_DIR=/run KEA_LOCKFILE_DIR=/run PROGRAM -c {config}",
        passes=540,
    ),
    GoodServer(
        "dhcpd",
        DIRECTORY / "dhcpd.conf",
        "sh -c 'touch /var/lib/misc/dhcpd.leases && exec PROGRAM -4 -f -d -cf {config}"
        " -lf /var/lib/misc/dhcpd.leases -pf /run/dhcpd.pid {interface}'",
        passes=540,
    ),
    GoodServer(
        "udhcpd",
        DIRECTORY / "udhcpd.conf",
        "sh -c 'touch /var/lib/misc/udhcpd.leases && exec PROGRAM udhcpd -f -a 20 {config}'",
        passes=540,
    ),
)


@dataclass(frozen=True, slots=True)
class GoodServerCause:
    """No fault: a good server in dnsmasq's place."""

    server: GoodServer

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The server's options; no file is needed."""
        return Setup(self.server.options)


GOOD_SERVER_ENTRIES: Final = tuple(
    Fault(f"good server: {server.name}", "nothing", "nothing", (GoodServerCause(server),), files=WHOLE)
    for server in GOOD_SERVERS
)
"""Entries for the runner in which no test may fail."""


def run_suite(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the suite in the embedded lab, in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", "--profile=poc-fixed"]
    return subprocess.run(
        [*command, *options, "tests/e2e"],
        cwd=PROJECT,
        env=own_environment() | {"COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
