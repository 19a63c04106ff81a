"""A contract whose relays may be anywhere: it leaves no address that is foreign to it."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms
from tests.faults.fault import Fault

GOOD_EVERY_NETWORK: Final = (
    Fault(
        "good contract: relays of every network",
        "the contract promises every relay an answer, of the one range there is",
        "nothing",
        (ContractTerms('relay_networks = ["0.0.0.0/0"]\n'),),
        files=("test_relay.py", "test_init_reboot.py", "test_malformed_messages.py"),
    ),
)
"""Entries for the runner in which no test may fail."""
