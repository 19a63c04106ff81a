"""A machine that a magic packet switches on."""

from __future__ import annotations

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.machines.protocol import MachineError
from edgeboot.machines.wake_on_lan.entry import WakeOnLanEntry
from edgeboot.machines.wake_on_lan.machine import WakeOnLanMachine

SOURCE = MacAddress.parse("02:eb:00:00:00:01")
FIELDS = {"name": "node-3", "mac": "52:54:00:00:00:03", "kind": "wake-on-lan"}


def test_power_on_sends_the_magic_packet() -> None:
    """Six times ff, then sixteen times its address, to everybody on the segment."""
    sent: list[bytes] = []
    WakeOnLanMachine(WakeOnLanEntry.model_validate(FIELDS), SOURCE, sent.append).power_on()
    assert [frame.hex() for frame in sent] == [
        "ffffffffffff02eb000000010842" + "ff" * 6 + "525400000003" * 16
    ]


@pytest.mark.parametrize("verb", ["power_off", "reset", "boot_network_once"])
def test_what_a_magic_packet_cannot_do_is_an_error(verb: str) -> None:
    """Which says what would."""
    machine = WakeOnLanMachine(WakeOnLanEntry.model_validate(FIELDS), SOURCE, lambda _: None)
    with pytest.raises(MachineError, match=r"machine node-3: was asked to .* a magic packet .*; (use|put)"):
        getattr(machine, verb)()
