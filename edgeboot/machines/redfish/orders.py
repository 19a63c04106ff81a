"""What a machine is ordered by its BMC, and whether the BMC then says that it is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.connection import BmcUnavailable, asking, machine_error
from edgeboot.machines.redfish.entry import RedfishEntry

DISABLED: Final = "Disabled"
_NO_TARGET: Final = "None"
_POWER: Final = {
    PowerState.ON: ("to power on", ("On", "ForceOn")),
    PowerState.OFF: ("to power off", ("ForceOff",)),
}
"""Each power state with the ``ResetType`` values that lead to it, the usual one first."""
_IS: Final = MappingProxyType({"On": PowerState.ON, "Off": PowerState.OFF})
_LEADS_TO: Final = MappingProxyType({**_IS, "PoweringOn": PowerState.ON, "PoweringOff": PowerState.OFF})
"""What the values of ``PowerState`` say (Redfish DSP2046)."""
_RESTARTS: Final = ("ForceRestart", "PowerCycle")


@dataclass(frozen=True, slots=True)
class BootOverride:
    """``BootSourceOverrideEnabled`` and ``BootSourceOverrideTarget`` of a ComputerSystem."""

    enabled: str | None
    target: str | None

    @property
    def is_none(self) -> bool:
        """Whether its next start boots by its own order; a BMC need not say so."""
        return self.enabled in {None, DISABLED} or (self.target in {None, _NO_TARGET})

    def __str__(self) -> str:
        if self.is_none:
            return "none"
        return f"{self.target} ({self.enabled})"


@dataclass(frozen=True, slots=True)
class BootProgress:
    """What a BMC says of a boot, where it does: ``LastState``, and since when."""

    state: str
    since: datetime | None

    def __str__(self) -> str:
        return self.state + (f" since {self.since:%H:%M:%S}" if self.since else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A machine as its BMC describes it."""

    power: PowerState
    """UNKNOWN on the way from one to the other."""
    power_soon: PowerState
    """The same, and on the way that to which it leads: ``PoweringOn``, ``PoweringOff``."""
    boot: BootOverride
    boot_targets: tuple[str, ...]
    """From which its next start can be told to boot; empty where the BMC does not say."""
    macs: frozenset[MacAddress]
    """Of its interfaces; empty where the BMC does not say."""
    firmware: str
    progress: BootProgress | None

    @property
    def told(self) -> str:
        """Power, and where a boot is, in the BMC's words."""
        return f"power is {self.power.value}" + (f", {self.progress.state}" if self.progress else "")


def glance_at(entry: RedfishEntry, asked: str) -> Seen:
    """The machine without its interfaces, each of which is a question more; raises MachineError."""
    with asking(entry, asked) as system:
        return _seen(system)


def look_at(entry: RedfishEntry, asked: str = "what it is") -> Seen:
    """The machine as its BMC describes it, with its interfaces; raises MachineError.

    A BMC that lists interfaces of which none is the machine's is another machine's: MachineError.
    """
    with asking(entry, asked) as system:
        seen = _seen(system, _macs(system))
    if seen.macs and entry.mac not in seen.macs:
        listed = ", ".join(sorted(map(str, seen.macs)))
        problem = f"is another machine's: its interfaces are {listed}, none is {entry.mac}"
        raise machine_error(entry, asked, problem, "correct url, system or mac; nothing was changed")
    return seen


def order_power(entry: RedfishEntry, state: PowerState) -> None:
    """Switch on or off, and return when the BMC says that it is so; raises MachineError."""
    asked, resets = _POWER[state]
    with asking(entry, asked) as system:
        if _power(system) is state:
            return
        reset = _reset(entry, asked, system, resets)
    hint = "read the BMC's event log (power supply, interlock, a role that may not), and do it once by hand"
    _until(entry, asked, reset, lambda seen: seen.power is state, hint)


def order_restart(entry: RedfishEntry) -> None:
    """Start anew at once; one that is off is switched on. Raises MachineError."""
    asked = "to restart"
    with asking(entry, asked) as system:
        off = _power(system) is PowerState.OFF
        if not off:
            reset = _reset(entry, asked, system, _RESTARTS)
    if off:
        order_power(entry, PowerState.ON)
        return
    hint = "read the BMC's event log, and press its reset button once by hand"
    _until(entry, asked, reset, lambda seen: seen.power is PowerState.ON, hint)


def order_boot(entry: RedfishEntry, boot: BootOverride, asked: str) -> None:
    """Set the boot override, and return when the BMC says that it is set; raises MachineError."""
    import sushy  # noqa: PLC0415 - asking() tells who has not got it

    with asking(entry, asked) as system:
        if boot.is_none:
            system.set_system_boot_options(enabled=sushy.BootSourceOverrideEnabled.DISABLED)
        else:
            system.set_system_boot_options(
                target=sushy.BootSource(boot.target), enabled=sushy.BootSourceOverrideEnabled(boot.enabled)
            )

    def is_set(seen: Seen) -> bool:
        # Not every BMC has both Once and Continuous: which of them is no reason to refuse.
        if boot.is_none or seen.boot.is_none:
            return boot.is_none and seen.boot.is_none
        return seen.boot.target == boot.target

    hint = "update the BMC's firmware, or set the boot order in the machine's own set-up"
    _until(entry, asked, f"boot override {boot}", is_set, hint, lambda seen: f"boot override is {seen.boot}")


def _reset(entry: RedfishEntry, asked: str, system: Any, resets: tuple[str, ...]) -> str:
    """Order the first of these that the BMC offers, and return it."""
    offered = {each.value: each for each in system.get_allowed_reset_system_values()}
    for reset in resets:
        if reset in offered:
            system.reset_system(offered[reset])
            return f"reset {reset}"
    offers = ", ".join(sorted(offered))
    raise machine_error(
        entry, asked, f"offers {offers}, not {resets[0]}", "use kind command for this machine"
    )


def _until(
    entry: RedfishEntry,
    asked: str,
    accepted: str,
    holds: Callable[[Seen], bool],
    hint: str,
    told: Callable[[Seen], str] = lambda seen: seen.told,
) -> None:
    """Look until it holds; a BMC that is busy is asked again."""
    within = entry.power_within

    def look() -> Seen | BmcUnavailable:
        try:
            return glance_at(entry, asked)
        except BmcUnavailable as error:
            return error

    retrying = Retrying(
        retry=retry_if_result(lambda seen: isinstance(seen, BmcUnavailable) or not holds(seen)),
        wait=wait_exponential(multiplier=0.1, max=2),
        stop=stop_after_delay(within),
    )
    try:
        with waiting(f"machine {entry.name} {asked}", within + timedelta(seconds=1)):
            retrying(look)
    except RetryError as error:
        last = error.last_attempt.result()
        if isinstance(last, BmcUnavailable):
            raise last from None
        problem = f"accepted {accepted}, and after {within.total_seconds():g} s says: {told(last)}"
        raise machine_error(entry, asked, problem, hint) from None


def _seen(system: Any, macs: frozenset[MacAddress] = frozenset()) -> Seen:
    boot = system.boot
    parts = (system.manufacturer, system.json.get("Model"), "firmware", system.bios_version or "unknown")
    return Seen(
        power=_power(system),
        power_soon=_power(system, _LEADS_TO),
        boot=BootOverride(_word(boot and boot.enabled), _word(boot and boot.target)),
        boot_targets=tuple(boot.allowed_values or ()) if boot else (),
        macs=macs,
        firmware=" ".join(str(part) for part in parts if part),
        progress=_progress(system),
    )


def _power(system: Any, words: Mapping[str, PowerState] = _IS) -> PowerState:
    return words.get(_word(system.power_state) or "", PowerState.UNKNOWN)


def _progress(system: Any) -> BootProgress | None:
    progress = system.boot_progress
    state = _word(progress and progress.last_state)
    return BootProgress(state, progress.last_state_updated_at) if state is not None else None


def _macs(system: Any) -> frozenset[MacAddress]:
    """The addresses of its interfaces as far as the BMC tells them: many do only once it has booted."""
    if "EthernetInterfaces" not in system.json:
        return frozenset()
    told = [
        each
        for interface in system.ethernet_interfaces.get_members()
        for each in (interface.mac_address, interface.permanent_mac_address)
    ]
    return frozenset(mac for each in told if each and (mac := _mac(each)) is not None)


def _mac(text: str) -> MacAddress | None:
    try:
        return MacAddress.parse(text.replace("-", ":"))
    except ValueError:
        return None


def _word(value: Any) -> str | None:
    """The word of Redfish that sushy has made a constant of."""
    return None if value is None else str(getattr(value, "value", value))
