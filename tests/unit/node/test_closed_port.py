"""Whether a UDP port is closed, and the words for one that is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from edgeboot.host.wire.neighbour import Neighbour, UdpAnswer, UdpPort
from edgeboot.node.closed_port import open_state


@dataclass
class Host:
    """A host whose ports all have one state."""

    outcome: UdpPort
    asked: list[bytes] = field(default_factory=list)

    def ask_udp(self, port: int, payload: bytes, **_: Any) -> UdpAnswer:
        """Note what was asked."""
        assert port
        self.asked.append(payload)
        return UdpAnswer(self.outcome)


@pytest.mark.parametrize(
    "outcome,state",
    [(UdpPort.CLOSED, "None"), (UdpPort.ANSWERED, "open: it answers"), (UdpPort.SILENT, "open, or a packet")],
)
def test_port_that_is_not_closed_is_said_to_be_open(outcome: UdpPort, state: str) -> None:
    """A program that ignores the question is there all the same."""
    assert str(open_state(cast(Neighbour, Host(outcome)), 69, "a.efi")).startswith(state)


def test_port_is_asked_what_its_program_answers() -> None:
    """A name server ignores a read request."""
    host = Host(UdpPort.CLOSED)
    for port in (53, 69):
        assert open_state(cast(Neighbour, host), port, "a.efi") is None
    assert host.asked[0][-4:] == b"\0\x02\0\x01"
    assert host.asked[1].startswith(b"\0\x01a.efi\0")
