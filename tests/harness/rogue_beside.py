"""A plugin for runs of the suite (``-p tests.harness.rogue_beside``): a rogue on every lab's segment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edgeboot.labs.host import Host
from edgeboot.labs.protocol import Lab
from fixtures.rogue import rogue_on


@pytest.fixture(scope="session", autouse=True)
def rogue_beside(lab: Lab) -> Iterator[Host]:
    """Somebody's DHCP server, as long as the lab is up."""
    with rogue_on(lab, "server") as host:
        yield host
