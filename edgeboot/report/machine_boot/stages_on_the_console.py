"""The stages that a machine's console shows: what its firmware starts, and what that says first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.watched import Watched

_STARTING: Final = re.compile(r'BdsDxe: starting Boot\w+ "[^"]*(PXE|HTTP)v[46]')
"""What EDK2 writes before it starts what was loaded, also a program that it cannot run."""
_CANNOT: Final = re.compile(r"BdsDxe: failed to start .*: Unsupported")
_OF_FIRMWARE: Final = "BdsDxe: "
_STARTED: Final = re.compile(
    r"^iPXE initialising devices|^iPXE \d|^edgeboot: started |## Starting EFI application"
)
"""The first lines of iPXE and of the boot program that is built here; U-Boot."""
_KERNEL: Final = re.compile(r"\bLinux version \d|EFI stub: |^edgeboot: started kernel on ")
"""Linux, and the boot program in its place."""


def stages_on_the_console(watched: Watched) -> Iterator[StageSeen]:
    """A console shows what is started; its lines of addresses and files say what the wire shows better."""
    fetched = [each.ended for one in watched.rounds for each in one.fetched]
    for number, line in enumerate(watched.console):
        after = watched.console[number + 1 : number + 3]
        if _KERNEL.search(line.text):
            yield StageSeen(BootStage.KERNEL, line.at, Witness.CONSOLE, line.text)
        elif fetched and line.at >= min(fetched) and _is_start(line, after):
            # iPXE in a machine's own ROM says the same before anything was fetched.
            yield StageSeen(BootStage.STARTED, line.at, Witness.CONSOLE, line.text)


def _is_start(line: ConsoleLine, after: Sequence[ConsoleLine]) -> bool:
    """Whether a program has begun: by its own line, or by firmware's, unless it cannot run it."""
    if not _STARTING.search(line.text):
        return _STARTED.search(line.text) is not None
    if not after or _CANNOT.search(after[0].text):
        return False
    # The last line may be half of one, whose end says that it cannot.
    return len(after) > 1 or not after[0].text.startswith(_OF_FIRMWARE[: len(after[0].text)])
