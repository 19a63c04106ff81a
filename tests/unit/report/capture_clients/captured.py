"""Captures of real clients as clients and stories."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.stories import stories
from edgeboot.report.capture_clients.story import ClientStory

CAPTURES: Final = Path(__file__).parents[3] / "captures"
STATED: Final = sorted(path.stem for path in CAPTURES.glob("*.toml"))
"""The captures with the name of the client and what it booted beside them."""


def stated(name: str) -> dict[str, str]:
    """What is written beside a capture."""
    return tomllib.loads((CAPTURES / f"{name}.toml").read_text(encoding="utf-8"))


def clients_of(frames: Iterable[Frame]) -> Clients:
    """The clients of a capture that has these frames."""
    clients = Clients()
    for number, frame in enumerate(frames, 1):
        clients.take(number, frame.at, frame.octets)
    return clients


def story(*frames: Frame) -> ClientStory:
    """The story of the only client."""
    (found,) = stories(clients_of(frames))
    return found


def captured(name: str) -> tuple[Frame, ...]:
    """The frames of a capture, by its file's name without the suffix."""
    return tuple(read_pcap(CAPTURES / f"{name}.pcap"))
