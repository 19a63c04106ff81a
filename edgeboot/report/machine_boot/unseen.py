"""The stages of a site's own machine that nothing of the suite sees, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.spec.contract.contract import Contract, Role

_LINK: Final = "what it sends first may be for one machine alone"
_ACK: Final = "the site's server may send it to the machine alone"
_FILE: Final = "its boot server is another than the server under test"
_CONSOLE: Final = "nobody sees its console"
_SCRIPT: Final = "what iPXE fetches passes neither the server nor this machine"


def unseen_at_a_site(contract: Contract, *, has_console: bool) -> Mapping[BootStage, str]:
    """By the segment's broadcasts, the server's port and log, and the machine's console.

    Args:
        contract: says whether the server under test gives the addresses, and serves the boot file.
        has_console: whether the machine's console is read.
    """
    unseen = {BootStage.LINK: _LINK, BootStage.SCRIPT: _SCRIPT}
    if contract.role is Role.PROXY:
        unseen[BootStage.ACK] = _ACK
    else:
        unseen[BootStage.BOOT_SERVER_4011] = _FILE
    if not contract.serves_boot_files:
        # Without a file on the wire, iPXE in the machine's own card looks like a boot file that is one.
        unseen |= dict.fromkeys((BootStage.FILE, BootStage.STARTED, BootStage.SECOND_ROUND), _FILE)
    if not has_console:
        unseen |= dict.fromkeys((BootStage.STARTED, BootStage.KERNEL), _CONSOLE)
    return unseen
