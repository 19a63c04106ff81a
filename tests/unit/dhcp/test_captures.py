"""What real firmware did with real bytes: captures of tests/firmware, each with what the machine booted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.dhcp.clients.versions import version_asked
from edgeboot.dhcp.vocabulary import SERVER_PORT
from edgeboot.host.wire.frame import Datagram, dissect
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.node.boot.tftp_clients import READ_REQUESTS
from tests.firmware.boots import message_differences, really_boots, said_to_boot
from tests.firmware.clients.virtual import MACHINE
from tests.firmware.seen import Seen, seen

CAPTURES: Final = sorted((PROJECT / "tests" / "captures").glob("*.pcap"))
MOST_FRAMES: Final = 40


def captured(path: Path) -> tuple[dict[str, str], Seen]:
    """What stands beside a capture, and what its client did in it: it is who sends first."""
    frames = tuple(read_pcap(path))
    assert len(frames) <= MOST_FRAMES
    told = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    return told, seen(frames, MacAddress(frames[0].octets[6:12]))


def profile_of(told: Mapping[str, str]) -> ClientProfile:
    """The client in the version that was captured."""
    profile = version_asked(told["client"], told["version"].partition(" ")[2])
    assert profile is not None
    return profile


def test_there_are_captures_of_each_family() -> None:
    """Rules that no real client was held against would be read in documents only."""
    clients = {captured(path)[0]["client"] for path in CAPTURES}
    of_firmware = {"edk2-pxe-x86-64", "edk2-http-x86-64", "ipxe-bios", "ipxe-x86-64"}
    assert clients >= {*of_firmware, "u-boot-arm64", "grub"}


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_rules_say_what_the_machine_did(path: Path) -> None:
    """It booted this file, or nothing."""
    told, done = captured(path)
    assert really_boots(done.fetched) == told["boots"]
    assert said_to_boot(profile_of(told), done) == told["boots"]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_table_sends_what_the_machine_sent(path: Path) -> None:
    """A server that looks at options, their order or their size must not tell our node from it."""
    told, done = captured(path)
    assert message_differences(profile_of(told), done, MACHINE) == ()


@pytest.mark.parametrize("name", ["started", "arm", "truncated"])
def test_edk2_asks_for_the_size_and_then_for_the_file(name: str) -> None:
    """A server that counts requests, or refuses options, sees both; the second has no tsize."""
    frames = tuple(read_pcap(PROJECT / "tests" / "captures" / "machines" / f"{name}.pcap"))
    clients = {
        datagram.source_mac for datagram in map(dissect, frames) if datagram and asks_a_server(datagram)
    }
    [machine] = clients
    assert seen(frames, machine).read_requests == READ_REQUESTS[BootRules.EDK2_PXE]


def asks_a_server(datagram: Datagram) -> bool:
    """Whether it is a DHCP client's."""
    return datagram.destination_port == SERVER_PORT
