"""Two machines that answer by ARP for one address, as two with the server's own do."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire import arp
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis, Evidence
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic

_AT_ONCE: Final = 1.0
"""Seconds within which both answer one question; a machine that moves to another card answers later."""


def about_two_owners(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The addresses for which two Ethernet addresses have answered this client at once, each once."""
    claims: dict[IPv4Address, tuple[MacAddress, Evidence]] = {}
    told = set()
    for frame in traffic.frames:
        said = arp.claim(frame) if frame.octets[:6] == traffic.mac.packed else None
        if said is None or said[0] in told:
            continue
        address, mac = said
        seen = Evidence(frame.number, frame.at, f"ARP reply: {address} is at {mac}")
        other, before = claims.get(address, (mac, seen))
        claims[address] = (mac, seen)
        if other != mac and frame.at - before.at <= _AT_ONCE:
            told.add(address)
            yield Diagnosis(
                Kind.ADDRESS_CONFLICT,
                f"two machines answer by ARP for {address}: {other} and {mac}",
                f"one machine alone with {address}",
                Certainty.CERTAIN,
                (before, seen),
                "address",
                address,
            )
