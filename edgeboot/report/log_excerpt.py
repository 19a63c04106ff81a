"""What the server's log says about a test: the lines of its own messages, and of no earlier ones.

A known machine has asked before, under the same MAC address. With log-dhcp each line carries the
xid, which belongs to one message and its answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from edgeboot.node.exchange import Exchange
from edgeboot.server.dnsmasq.listening import without_a_range
from edgeboot.server.log import LogLine, ServerLog

_BESIDE_THE_TABLE: Final = re.compile(r"requested options:|sent size:")
"""The exchange table has every option already."""


def lines_about(log: ServerLog, exchange: Exchange) -> list[LogLine]:
    """The lines about one message and its answer, or about a request that no range is for."""
    request, began = exchange.request, exchange.sent.at
    ended = began + exchange.waited.total_seconds()
    return log.transaction(request.chaddr, request.xid, began, ended) or without_a_range(
        log.lines, began, ended
    )


def log_excerpt(log: ServerLog, exchanges: Sequence[Exchange], before: Iterable[Exchange], since: int) -> str:
    """The lines about a test's messages in the order of the log, and which of them left none.

    Args:
        log: the server's.
        exchanges: the test's.
        before: earlier ones, whose lines are left out.
        since: the first line that arrived during the test; messages without an exchange, such as a
            DHCPRELEASE, are looked for from there on.
    """
    others = {each.request.xid for each in before} | {each.request.xid for each in exchanges}
    found = [(exchange.summary, lines_about(log, exchange)) for exchange in exchanges]
    lines = {line.number: line for _, own in found for line in own}
    lines |= {line.number: line for line in _without_exchange(log, exchanges, others, since)}
    shown = [str(line) for _, line in sorted(lines.items()) if not _BESIDE_THE_TABLE.search(line.text)]
    silent = dict.fromkeys(summary for summary, own in found if not own)
    return "\n".join((*shown, *(f"(no line about {each})" for each in silent))) or "(nothing)"


def _without_exchange(
    log: ServerLog, exchanges: Sequence[Exchange], known: Collection[int], since: int
) -> Iterator[LogLine]:
    macs = {exchange.request.chaddr for exchange in exchanges}
    for mac in macs:
        for line in log.about(mac, since):
            if line.xid not in known:
                yield line
