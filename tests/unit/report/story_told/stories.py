"""Clients of captures: real ones, of tests/captures, and edge nodes whose servers' words are made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap, write_pcap
from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.capture_clients.story import ClientStory
from tests.unit.report.capture_clients.captured import clients_of
from tests.unit.report.captured import from_node, from_server, who_has
from tests.unit.samples import NODE, XID

MACHINES: Final = PROJECT / "tests" / "captures" / "machines"
BOOTED: Final = MACHINES / "running.pcap"
GONE: Final = MACHINES / "http-404.pcap"


def captured(file: Path) -> CaptureRead:
    """This file, read."""
    return read(frames_of(file))


def read(frames: Iterable[Frame]) -> CaptureRead:
    """These frames, read."""
    clients = clients_of(frames)
    stories = tuple(explained(clients))
    return CaptureRead("some.pcap", stories, clients.packets, clients.began, clients.until)


def frames_of(file: Path) -> list[Frame]:
    """Those of a file, and one of another machine long after: whoever waits has waited in vain."""
    frames = list(read_pcap(file))
    return [*frames, replace(who_has(0.0), at=frames[-1].at + 120)]


def story(file: Path) -> ClientStory:
    """The only client of a capture."""
    [one] = captured(file).stories
    return one


def offered(reply: DhcpMessage) -> list[Frame]:
    """The suite's node's DHCPDISCOVER, and this reply to it 3 s later, with the flags that it had."""
    discover = NODE.discover(XID)
    return [from_node(discover, 0.0), from_server(replace(reply, flags=discover.flags), 3.0)]


def written(directory: Path, frames: Iterable[Frame]) -> Path:
    """A capture file of these frames."""
    file = directory / "some.pcap"
    write_pcap(file, frames)
    return file
