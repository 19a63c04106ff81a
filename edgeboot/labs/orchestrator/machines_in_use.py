"""What a segment's survey shows of a machine that a run is told to power-cycle: whether somebody uses it."""

from __future__ import annotations

from edgeboot.base.mac import MacAddress
from edgeboot.labs.orchestrator.safety import SwitchedOff
from edgeboot.labs.orchestrator.survey import SurveyResult


def sign_of_use(mac: MacAddress, survey: SurveyResult, off: SwitchedOff | None) -> str | None:
    """The first sign that a machine is in use; None where there is none.

    A machine that is on and silent for the whole survey shows none, and neither does one that uses
    another of its interfaces.

    Args:
        mac: the machine's.
        survey: of the segment.
        off: the libvirt DHCP that was switched off, with its leases.
    """
    if mac in survey.booting:
        return f"its {survey.booting[mac]} was heard"
    addresses = sorted(address for address, macs in survey.owners.items() if mac in macs)
    if addresses:
        return f"it answers ARP for {addresses[0]}"
    leases = [] if off is None else [(address, end) for holder, address, end in off.leases if holder == mac]
    for address, end in leases:
        return f"it has a lease of {address} from libvirt" + (f" until {end:%H:%M:%S}" if end else "")
    return "it sent to everybody on the segment" if mac in survey.heard else None
