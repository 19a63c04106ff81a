"""Captures of real clients with their verdicts, which were written by hand from what their servers did."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.clients.versions import version_asked
from edgeboot.dhcp.vocabulary import SERVER_PORT
from edgeboot.host.wire.frame import dissect
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.machine_boot.diagnoses.diagnose import diagnose
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.rounds import Round, rounds
from edgeboot.report.machine_boot.traffic import MachineTraffic

CAPTURES: Final = sorted((PROJECT / "tests" / "captures").rglob("*.pcap"))


def verdict(path: Path) -> list[str]:
    """The diagnoses that stand beside a capture."""
    return list(_told(path)["why"])


def diagnosed(path: Path) -> tuple[Diagnosis, ...]:
    """Those that are made of the machine of a capture, who is the only one that asks for an address."""
    frames = tuple(read_pcap(path))
    datagrams = (dissect(frame) for frame in frames)
    asks = (each.source_mac for each in datagrams if each and each.destination_port == SERVER_PORT)
    every = rounds(MachineTraffic(next(iter(asks)), frames))
    return diagnose(every, [_client(each, _told(path)) for each in every], max(each.at for each in frames))


def _client(each: Round, told: Mapping[str, Any]) -> ClientProfile | None:
    """The client that the verdict names, in its version; EDK2 goes on to its HTTP Boot."""
    version = told.get("version", "").partition(" ")[2]
    named = version_asked(told["client"], version)
    if named is not None and named.architecture == each.architecture:
        return named
    firmware = (client for client in CLIENTS.values() if client.name.startswith("edk2"))
    return next((client for client in firmware if client.architecture == each.architecture), None)


def _told(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
