"""What a machine is ordered by commands, and whether its status command then says that it is so."""

from __future__ import annotations

import re
from datetime import timedelta

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from edgeboot.base.waiting import waiting
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.command.running import failed, run, told
from edgeboot.machines.credentials import without
from edgeboot.machines.protocol import PowerState


def power_of(entry: CommandEntry, asked: str = "for its power state") -> PowerState:
    """What the status command says; raises MachineError where it says neither on nor off, or both."""
    if entry.status is None:
        return PowerState.UNKNOWN
    printed = run(entry, asked, entry.status)
    on, off = re.search(entry.says_on, printed), re.search(entry.says_off, printed)
    if bool(on) == bool(off):
        which = "both says_on and says_off" if on else "neither says_on nor says_off"
        problem = f"printed {told(without(printed, *entry.secrets))}, in which is {which}"
        raise failed(entry, asked, entry.status, problem, "correct says_on and says_off")
    return PowerState.ON if on else PowerState.OFF


def order_power(entry: CommandEntry, state: PowerState) -> None:
    """Switch on or off, and return when the status command says so, if there is one; raises MachineError."""
    on = state is PowerState.ON
    asked, template = ("to power on", entry.on) if on else ("to power off", entry.off)
    if power_of(entry, asked) is state:
        return
    run(entry, asked, template)
    _until(entry, asked, template, state)


def order_restart(entry: CommandEntry) -> None:
    """Start anew at once; one that is off is switched on. Raises MachineError."""
    if entry.reset is None or power_of(entry, "to restart") is PowerState.OFF:
        if entry.reset is None:
            order_power(entry, PowerState.OFF)
        order_power(entry, PowerState.ON)
        return
    run(entry, "to restart", entry.reset)
    _until(entry, "to restart", entry.reset, PowerState.ON)


def _until(entry: CommandEntry, asked: str, template: str, state: PowerState) -> None:
    if entry.status is None:
        return
    within = entry.power_within
    retrying = Retrying(
        retry=retry_if_result(lambda power: power is not state),
        wait=wait_exponential(multiplier=0.1, max=2),
        stop=stop_after_delay(within),
    )
    try:
        with waiting(f"machine {entry.name} {asked}", within + timedelta(seconds=1)):
            retrying(power_of, entry, asked)
    except RetryError as error:
        power = error.last_attempt.result().value
        problem = (
            f"ended with status 0, and after {within.total_seconds():g} s its status command says: {power}"
        )
        hint = "do the machine and the command belong together? run both by hand; see its event log"
        raise failed(entry, asked, template, problem, hint) from None
