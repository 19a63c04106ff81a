"""Why a storm's nodes have no boot file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Final

from edgeboot.stress.storm.fetch_columns import FetchColumns, Step
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.numbering import mac_of

THE_NODE: Final = "(the node)"
"""In place of a node's own address in what a server has said to it: the others were told the same."""


class FetchEnd(StrEnum):
    """What a node gives up by; the value is its name for other programs."""

    NOTHING_NAMED = "nothing-named"
    """No reply names a file that it can read, by firmware's rules."""
    NO_ARP_REPLY = "no-arp-reply"
    """Nobody has the address of its boot server, or of the router before it."""
    NO_BOOT_SERVER = "no-boot-server"
    """Port 4011 did not answer."""
    NO_ANSWER = "no-answer"
    """Its read request was not answered."""
    STOPPED = "stopped"
    """The server sent no more in the middle of the file."""
    REFUSED = "refused"
    """The server sent an ERROR."""
    WRONG_SIZE = "wrong-size"
    """The file was not as long as had been announced."""
    BREACH = "breach"
    """The server broke the protocol."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Why nodes have no boot file."""

    reason: str
    """The same for all of these nodes."""
    nodes: int
    error: int | None = None
    """The code of the TFTP server's ERROR (RFC 1350); None where it sent none."""
    end: FetchEnd | None = None
    """None in a result that was made before this was told."""
    server: IPv4Address | None = None
    """Whom the nodes asked, or asked for; None where nobody was named."""


class FetchFailures:
    """Nodes that have given up without their boot file.

    Args:
        nodes: of the round.
        columns: of its fetches.
        own: makes a node's number the one in its frames.
    """

    def __init__(self, nodes: VirtualNodes, columns: FetchColumns, own: Callable[[int], int] = int) -> None:
        self.count = 0
        """How many nodes that are."""
        self._nodes = nodes
        self._columns = columns
        self._own = own
        self._reasons: Counter[tuple[FetchEnd, str, int | None, int]] = Counter()

    def add(
        self, number: int, end: FetchEnd, reason: str, error: int | None = None, server: int | None = None
    ) -> None:
        """A node gives up.

        Args:
            number: the node's.
            end: by what.
            reason: the same in words.
            error: the code of the server's ERROR.
            server: whom it asked, as 32 bits, if that is not its boot server; 0 for nobody.
        """
        asked = self._columns.server[number] if server is None else server
        self._columns.step[number], self._columns.due[number] = Step.FAILED, 0.0
        self._nodes.phase[number] = Phase.NOT_FETCHED
        self._reasons[end, self._of_any_node(number, reason), error, asked] += 1
        self.count += 1

    @property
    def told(self) -> tuple[FetchFailure, ...]:
        """Why, the most frequent reason first."""
        return tuple(
            FetchFailure(reason, nodes, error, end, IPv4Address(server) if server else None)
            for (end, reason, error, server), nodes in self._reasons.most_common()
        )

    def _of_any_node(self, number: int, reason: str) -> str:
        """Without the node's addresses: dnsmasq says for whom it has not found a file, and may look there."""
        address = re.escape(str(IPv4Address(self._nodes.address[number])))
        mac = str(mac_of(self._own(number))).replace(":", "[:-]")
        own = rf"(?<![\d.]){address}(?!\d|\.\d)|(?<![0-9a-f]){mac}(?![0-9a-f])"
        return re.sub(own, THE_NODE, reason, flags=re.IGNORECASE)
