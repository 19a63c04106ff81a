"""``edgeboot storm`` in a process of its own: a real server, an interrupted storm and a killed one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.unit.stress.storm.held import held_leases

pytestmark = pytest.mark.harness

STORM = ("storm", "--macs=consecutive")
"""Of nodes to which dnsmasq offers no address of another."""
CONFIG = MANIFESTS / "dhcp-server" / "overlays" / "poc-fixed" / "dnsmasq.conf"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A dnsmasq.conf without ping checks, so that a storm takes as long as firmware waits."""
    file = tmp_path / "no-ping.conf"
    file.write_text(CONFIG.read_text(encoding="utf-8") + "no-ping\n", encoding="utf-8")
    return file


@pytest.fixture
def storms(environment: dict[str, str]) -> Path:
    """The directory of the leases of storms."""
    return Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "storms"


def command(*arguments: str) -> list[str]:
    """The command line of ``edgeboot``."""
    return [sys.executable, "-m", "edgeboot.cli.main", *arguments]


@pytest.fixture
def endless_storm(config: Path, storms: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A storm that goes on, once its first node asks for a lease."""
    arguments = ("--profile=poc-fixed", f"--dhcp-config={config}", "--arrival=constant", "--rate=2", "--json")
    with subprocess.Popen(
        command(*STORM, *arguments), cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:

        def asks() -> bool | None:
            return True if any(any(held_leases(file)) for file in storms.glob("*.leases")) else None

        eventually("the first node", asks, Wait.SUITE_START, "see what the storm printed")
        yield process
        process.kill()


def test_every_node_of_a_storm_is_bound(
    config: Path, storms: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Fifty at once, as EDK2 asks: none has the address of another, a page tells it, and nothing is left."""
    page = tmp_path / "storm.html"
    arguments = ("--profile=poc-fixed", f"--dhcp-config={config}", "--nodes=50", "--arrival=burst", "--json")
    run = subprocess.run(
        command(*STORM, *arguments, f"--report={page}"),
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert (result["bound"], result["addresses"], result["duplicates"]) == (50, 50, [])
    assert "50 of 50 nodes were ready" in page.read_text(encoding="utf-8")
    assert list(storms.iterdir()) == []


@pytest.mark.parametrize(
    "arguments,fetched",
    [
        (("--profile=poc-fixed", "--rounds=firmware,ipxe,system"), [10, 10, 0]),
        (("--profile=proxydhcp",), [10]),
    ],
)
def test_every_node_reads_its_boot_file_in_each_round(
    arguments: tuple[str, ...], fetched: list[int], config: Path, environment: dict[str, str]
) -> None:
    """From the boot server that the offer names, and from the ProxyDHCP that is asked on port 4011."""
    own = () if "proxydhcp" in arguments[0] else (f"--dhcp-config={config}",)
    given = ("--arrival=constant", "--rate=5", "--nodes=10", "--fetch", "--json")
    run = subprocess.run(
        command(*STORM, *arguments, *own, *given),
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    result = json.loads(run.stdout)
    assert [each["fetched"] for each in result["rounds"]] == fetched, run.stderr
    assert [failure for each in result["rounds"] for failure in each["failures"]] == []
    assert result["bound"] == 10


def test_an_interrupted_storm_says_how_far_it_was(endless_storm: subprocess.Popen[str], storms: Path) -> None:
    """Its leases are released, and its status is that of an interrupted command."""
    endless_storm.send_signal(signal.SIGINT)
    output, _ = endless_storm.communicate(timeout=60)
    assert endless_storm.returncode == 130
    result = json.loads(output)
    assert result["interrupted"]
    assert result["started"] < result["nodes"]
    assert list(storms.iterdir()) == []


def test_clean_releases_the_leases_of_a_killed_storm(
    endless_storm: subprocess.Popen[str], storms: Path, environment: dict[str, str]
) -> None:
    """One entry of the journal stands for all of them."""
    endless_storm.kill()
    endless_storm.wait()
    run = subprocess.run(
        command("clean"), cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert list(storms.iterdir()) == []
