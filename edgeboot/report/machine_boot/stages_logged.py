"""The stages that logs show: dnsmasq's lines about a machine, and a boot server's about its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.watched import Watched
from edgeboot.server.log import LogLine

_LOGGED: Final = (
    (BootStage.DISCOVER, r"\bDHCPDISCOVER\(\S+\) .*{mac}"),
    (BootStage.OFFER, r"\bDHCPREQUEST\(\S+\) .*{mac}"),
    (BootStage.ACK, r"\bDHCPACK\(\S+\) .*{mac}"),
    (BootStage.BOOT_SERVER_4011, r"\bPXE\(\S+\) \d\S+ {mac} (?!proxy)"),
)
"""dnsmasq's lines; those about port 4011 begin with the client's address."""
_SENT: Final = (
    r"\bdnsmasq-tftp(?:\[\d+\])?: (?:\d+ \S+ )?sent \S.* to {address}\b"
    r"|^{address} .*\"GET \S+ HTTP/\S+\" 200 "
)
"""dnsmasq's line about a whole transfer, and one of an access log."""
_ENDED: Final = r"\bdnsmasq-tftp(?:\[\d+\])?: (?:\d+ \S+ )?error \d+ .*received from {address}\b"
"""dnsmasq's line about a transfer that the client ended, such as EDK2's question for the size."""


def stages_logged(watched: Watched) -> Iterator[StageSeen]:
    """What the server under test and the boot server have written about the machine."""
    server = tuple(watched.server_log)
    patterns = [(stage, re.compile(text.format(mac=watched.mac), re.IGNORECASE)) for stage, text in _LOGGED]
    for stage, pattern in patterns:
        for line in server:
            if pattern.search(line.text):
                yield StageSeen(stage, line.at, Witness.SERVER_LOG, line.text.strip())
                break
    address = watched.traffic.address
    if address is None:
        return
    for lines, witness in (
        (server, Witness.SERVER_LOG),
        (watched.boot_server_log, Witness.BOOT_SERVER_LOG),
    ):
        whole = _sent_whole(lines, str(address))
        if whole is not None:
            yield StageSeen(BootStage.FILE, whole.at, witness, whole.text.strip())


def _sent_whole(lines: Sequence[LogLine], address: str) -> LogLine | None:
    """The first line about a whole transfer; dnsmasq logs one also for what the client has just ended."""
    sent, ended = (re.compile(each.format(address=re.escape(address))) for each in (_SENT, _ENDED))
    was_ended = False
    for line in lines:
        if ended.search(line.text):
            was_ended = True
        elif sent.search(line.text):
            if not was_ended:
                return line
            was_ended = False
    return None
