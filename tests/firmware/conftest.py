"""The segment that each process of a run has for its rows."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from edgeboot.base.paths import PROJECT
from tests.firmware.segment import Segment, segment


@pytest.fixture(scope="session")
def unpacked_clients() -> None:
    """The real clients, unpacked from their packages."""
    subprocess.run([PROJECT / "tools" / "real-clients"], check=True)


@pytest.fixture(scope="session")
def unpacked_firmware() -> None:
    """The firmware of virtual machines, unpacked from its packages."""
    subprocess.run([PROJECT / "tools" / "firmware"], check=True)


@pytest.fixture(scope="session")
def scripted_segment() -> Iterator[Segment]:
    """A segment whose servers say what a row says."""
    with segment() as made:
        yield made
