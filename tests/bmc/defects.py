"""What is wrong with an emulated BMC."""

from __future__ import annotations

from enum import StrEnum


class Defect(StrEnum):
    """What is wrong with a BMC."""

    NONE = "none"
    STAYS_OFF = "stays off"
    """Takes every order to power on, and does nothing."""
    SAYS_ON = "says on"
    """Its power state is On whatever it is."""
    REFUSES_POWER = "refuses power"
    IGNORES_BOOT = "ignores boot"
    """Takes every boot override, and keeps its own."""
