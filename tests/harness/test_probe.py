"""``edgeboot probe`` at a port of a segment with real servers."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from scapy.utils import rdpcap

from edgeboot.base.paths import CONTRACTS
from tests.harness.probed_segment import ProbedSegment, probed_segment

pytestmark = pytest.mark.harness

SERVER = """
port=0
interface=eth0
bind-interfaces
log-dhcp
dhcp-range=192.168.99.{first},192.168.99.{last},12h
dhcp-boot=signed_ipxe.efi,,192.168.99.40
"""
FIRST = SERVER.format(first=100, last=109)
SECOND = SERVER.format(first=200, last=209)
FAST = "no-ping\n"
"""Without it dnsmasq pings an address for 3 s before it offers it."""
RESERVED = "52:54:00:00:99:07"


@pytest.fixture
def segment(environment: dict[str, str]) -> Iterator[ProbedSegment]:
    """A segment without a server."""
    with probed_segment(environment) as segment:
        yield segment


def test_good_server_has_status_0(segment: ProbedSegment) -> None:
    """As a table for people, and as JSON with every option."""
    segment.serve(FIRST, "192.168.99.10/24")
    shown, read = segment.probe("--all-options"), segment.probe("--json")
    assert (shown.returncode, read.returncode) == (0, 0), shown.stderr + read.stderr
    assert "tftp://192.168.99.40/signed_ipxe.efi" in shown.stdout
    assert "dhcp-message-type (53)" in shown.stdout
    [server] = json.loads(read.stdout)
    assert {"code": 53, "name": "dhcp-message-type", "value": "DHCPOFFER", "hex": "02"} in server["options"]


@pytest.mark.parametrize("slow", ["192.168.99.10", "192.168.99.20"])
def test_server_that_pings_first_is_shown_too(slow: str, segment: ProbedSegment) -> None:
    """It answers 3 s after the other, and firmware may take either."""
    for config, address in ((FIRST, "192.168.99.10"), (SECOND, "192.168.99.20")):
        segment.serve(config + ("" if address == slow else FAST), f"{address}/24")
    probed = segment.probe()
    assert probed.returncode == 1, probed.stderr
    assert "192.168.99.10 (52:54:00" in probed.stdout
    assert "192.168.99.20 (52:54:00" in probed.stdout
    assert "2 servers offer an address" in probed.stdout


def test_segment_without_a_boot_file_has_status_1(segment: ProbedSegment) -> None:
    """A node gets an address and boots nothing."""
    segment.serve(FIRST.replace("dhcp-boot=signed_ipxe.efi,,192.168.99.40\n", FAST), "192.168.99.10/24")
    probed = segment.probe()
    assert probed.returncode == 1
    assert "problem: edk2-pxe-x86-64 would boot nothing" in " ".join(probed.stdout.split())


def test_options_43_and_60_are_shown(segment: ProbedSegment) -> None:
    """They decide whom PXE firmware asks for its boot file."""
    control = "dhcp-option-force=60,PXEClient\ndhcp-option-force=vendor:PXEClient,6,8\n"
    segment.serve(FIRST + FAST + control, "192.168.99.10/24")
    [server] = json.loads(segment.probe("--json").stdout)
    values = {option["code"]: option["value"] for option in server["options"]}
    assert values[60] == "PXEClient"
    assert values[43].startswith("hex:06 01")


def test_machine_that_is_named_gets_its_reservation(segment: ProbedSegment) -> None:
    """Another one gets an address of the range."""
    segment.serve(FIRST + FAST + f"dhcp-host={RESERVED},192.168.99.77\n", "192.168.99.10/24")
    addresses = [
        json.loads(segment.probe("--json", *arguments).stdout)[0]["address"]
        for arguments in (("--mac", RESERVED), ())
    ]
    assert addresses[0] == "192.168.99.77"
    assert addresses[1] != "192.168.99.77"


def test_relay_gets_an_address_of_its_own_network(segment: ProbedSegment) -> None:
    """The server answers the relay's address, which the probe has for the time being."""
    other = "dhcp-range=10.99.0.50,10.99.0.60,255.255.255.0,1h\n"
    segment.serve(FIRST + FAST + other, "192.168.99.10/24", "10.99.0.10/24")
    probed = segment.probe("--giaddr", "10.99.0.1", "--json")
    assert json.loads(probed.stdout)[0]["address"].startswith("10.99.0."), probed.stderr


def test_frames_are_written_for_wireshark(segment: ProbedSegment, tmp_path: Path) -> None:
    """Question and answer."""
    segment.serve(FIRST + FAST, "192.168.99.10/24")
    segment.probe("--pcap", str(tmp_path / "probe.pcap"))
    ports = [(frame.sport, frame.dport) for frame in rdpcap(str(tmp_path / "probe.pcap")) if "UDP" in frame]
    assert ports == [(68, 67), (67, 68)]


def test_nobody_within_the_wait_has_status_1(segment: ProbedSegment) -> None:
    """The server still pings by then."""
    segment.serve(FIRST, "192.168.99.10/24")
    probed = segment.probe("--wait", "1s", "--json")
    assert (probed.returncode, probed.stdout) == (1, "[]\n")
    assert "within 1 s" in " ".join(probed.stderr.split())


def test_difference_from_the_contract_has_status_1(segment: ProbedSegment) -> None:
    """Each is a line; this server is right in its address, and wrong in its router and lease time."""
    config = FIRST.replace(",12h", ",1h") + FAST + "dhcp-option=3,192.168.99.1\n"
    segment.serve(config, "192.168.99.10/24")
    probed = segment.probe("--contract", str(CONTRACTS / "poc-fixed.toml"))
    said = " ".join(probed.stdout.split())
    assert probed.returncode == 1
    assert (
        "not as the contract says: lease_time: expected 12:00:00, received 1:00:00 from 192.168.99.10" in said
    )
    assert "not as the contract says: routers: expected 192.168.99.10, received 192.168.99.1 from" in said
    assert "address:" not in said


def test_watch_shows_a_server_that_comes(segment: ProbedSegment) -> None:
    """Until it is interrupted; the status is that of the last probe."""
    segment.serve(FIRST + FAST, "192.168.99.10/24")
    watching = segment.start("--watch")
    assert watching.stdout is not None
    for line in watching.stdout:
        if line.startswith("└"):
            break
    segment.serve(SECOND + FAST, "192.168.99.20/24")
    change = watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=30)
    assert "192.168.99.20 (52:54:00" in change
    assert watching.returncode == 1


@pytest.mark.parametrize("interface", ["lo", "edgeboot-none"])
def test_interface_without_a_segment_is_refused(interface: str, segment: ProbedSegment) -> None:
    """One line and status 4."""
    probed = segment.probe("-i", interface)
    assert (probed.returncode, probed.stdout, probed.stderr.count("\n")) == (4, "", 1)
    assert probed.stderr.startswith(f"edgeboot: --interface {interface}: ")
