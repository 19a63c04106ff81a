"""Boots of a virtual machine with OVMF 2022.11 (EDK2), as its port and its console saw them.

``tests/captures/machines/NAME.pcap`` has the frames, ``NAME.console`` the lines with their seconds since
power-on. The servers were dnsmasq 2.90 and, for HTTP, a server whose content type is in the name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.watched import Watched

POWERED_ON: Final = 1_772_330_400.0
"""1 March 2026, 02:00 UTC; when the captures begin."""
MAC: Final = MacAddress.parse("52:54:00:eb:00:01")
_DIRECTORY: Final = Path(__file__).parents[3] / "captures" / "machines"


def watched(name: str) -> Watched:
    """What was seen of the machine in one of these boots."""
    lines = (_DIRECTORY / f"{name}.console").read_text(encoding="utf-8").splitlines()
    timed = (line.strip().partition(" ") for line in lines)
    console = tuple(ConsoleLine(POWERED_ON + float(at), text) for at, _, text in timed)
    frames = tuple(read_pcap(_DIRECTORY / f"{name}.pcap"))
    return Watched(MAC, frames, console=console, powered_on=POWERED_ON)
