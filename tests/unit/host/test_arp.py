"""ARP messages as they come: whatever is none of IPv4 over Ethernet is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.host.wire import arp
from tests.unit.report.machine_boot.frames import claimed

CLAIM = claimed(1.0)


def test_claim_is_read() -> None:
    """The sender's addresses."""
    found = arp.claim(CLAIM)
    assert found is not None
    assert str(found[1]) == "52:54:00:00:00:40"


@pytest.mark.parametrize("at", range(14, 20), ids=lambda at: f"octet {at}")
def test_message_of_other_hardware_or_protocol_is_none(at: int) -> None:
    """A capture has any octets."""
    octets = CLAIM.octets[:at] + bytes((CLAIM.octets[at] ^ 0x11,)) + CLAIM.octets[at + 1 :]
    assert arp.claim(replace(CLAIM, octets=octets)) is None


@pytest.mark.parametrize("length", range(42))
def test_message_that_was_cut_is_none(length: int) -> None:
    """By a snap length."""
    assert arp.message(replace(CLAIM, octets=CLAIM.octets[:length])) is None
