"""A storm's result as a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rich.table import Table

from edgeboot.base.counted import counted
from edgeboot.report.throttled_group import throttled_group
from edgeboot.server.server_use import ServerUse
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.release import Release, ReleaseEnd
from edgeboot.stress.storm.result import StormResult
from edgeboot.stress.storm.round_result import RoundResult
from edgeboot.stress.storm.silence import Silence

_SHOWN_DUPLICATES: Final = 5
_SHOWN_FAILURES: Final = 1
"""Reasons for which nodes have no file: the most frequent one."""
_ENDED: Final = MappingProxyType(
    {
        ReleaseEnd.UNANSWERED: "the server did not answer",
        ReleaseEnd.OUT_OF_TIME: "the server was too slow for more",
        ReleaseEnd.INTERRUPTED: "interrupted",
    }
)


def storm_table(results: Mapping[str, StormResult]) -> Table:
    """What became of the nodes, how long it took, and what was counted: a column for each result.

    Args:
        results: by the headings of their columns, at least one; all of the same storm.
    """
    first = next(iter(results.values()))
    table = Table(title=storm_title(first), title_justify="left", show_header=len(results) > 1)
    table.add_column("")
    for heading in results:
        table.add_column(heading, overflow="fold")
    for name, texts in storm_rows(results):
        table.add_row(name, *texts)
    return table


def storm_rows(results: Mapping[str, StormResult]) -> Iterator[tuple[str, list[str]]]:
    """Each figure's name and its text for every result; empty where a result has it not."""
    rows: dict[str, dict[str, str]] = {}
    for heading, result in results.items():
        for name, text in _rows(result):
            rows.setdefault(name, {})[heading] = text
    for name, texts in rows.items():
        yield name, [texts.get(heading, "") for heading in results]


def storm_title(result: StormResult) -> str:
    """What it was."""
    rate = "" if result.rate is None else f" at {result.rate:g}/s"
    cut = ", interrupted" if result.interrupted else ""
    clients = ", then ".join(each.client for each in result.rounds) or result.client
    return f"storm of {counted(result.nodes, 'node')}, {clients}, {result.arrival}{rate}{cut}"


def _rows(result: StormResult) -> Iterator[tuple[str, str]]:
    counters = result.counters
    last = f", the last one after {result.completion[-1].seconds:.1f} s" if result.completion else ""
    yield (
        "ready" if len(result.rounds) > 1 or result.to_file or result.not_fetched else "bound",
        f"{result.bound} of {result.nodes}{last}",
    )
    if result.gave_up:
        yield "firmware gave up", _gave_up(result)
    if result.unfinished or result.started < result.nodes:
        switched_on = result.nodes - result.started
        yield "at the end", f"{result.unfinished} still asking, {switched_on} not switched on yet"
    if result.silence is not None:
        yield "no reply", _silence(result.silence)
    yield "duplicate addresses", _duplicates(result)
    yield from _latencies(result)
    yield "server's answer to DISCOVER", _times(result.offer_answers)
    yield "server's answer to REQUEST", _times(result.ack_answers)
    yield "DHCPDISCOVER", _discovers(result)
    # A DHCPNAK is an answer, which iPXE ignores: it waits on.
    yield (
        "DHCPREQUEST",
        _asked(
            counters.requests, counters.repeated_requests, counters.unanswered_requests, lacks="a DHCPACK"
        ),
    )
    yield "DHCPNAK", str(counters.naks)
    yield from _oddities(result)
    if result.bound:
        each = f"{1e6 * result.client_cpu / result.bound:.0f} µs for each node that was bound"
        yield "this client's processor time", each
    yield from _server_rows(result.server, result.bound)
    if result.release is not None and result.release.leases:
        # Offered ones, too: a DHCPACK may have been lost on its way.
        yield "addresses given back", _released(result.release)
    if result.macs is not None:
        yield "seed", f"{result.seed}, {result.macs} MAC addresses"
    if result.not_valid is not None:
        yield "not valid", result.not_valid


def _server_rows(server: ServerUse | None, bound: int) -> Iterator[tuple[str, str]]:
    if server is None:
        return
    if server.processor is not None and bound:
        each = f", {1e6 * server.processor / bound:.0f} µs for each node that was bound"
        yield "server's processor time", f"{server.processor:.2f} s{each}"
    if server.throttled is not None and server.throttled.periods:
        periods = counted(server.throttled.periods, "period")
        told = f"in {periods}, {server.throttled.waited:.1f} s together"
        yield "server kept from the processor", f"{told}: {throttled_group(server.throttled)}"
    if server.drops:
        yield "datagrams dropped at its socket", str(server.drops)
    if server.restarts:
        yield "server restarted", str(server.restarts)


def _silence(silence: Silence) -> str:
    asked = f"to {counted(silence.nodes, 'node')} that asked until {silence.until:.1f} s"
    return f"after {silence.since:.1f} s, {asked}" if silence.since else f"at all, {asked}"


def _released(release: Release) -> str:
    told = f"{release.released} of {release.leases}"
    if release.end is not ReleaseEnd.ALL:
        return f"{told}: {_ENDED[release.end]}, and the others last as long as their time"
    if release.remaining is None and release.logged >= release.released:
        return f"{told}, as the server's log says"
    if release.remaining is None:
        return f"{told}: not verified, since neither lease database nor log shows it"
    if not release.remaining:
        return f"{told}, as the server's lease database shows"
    return f"{told}, but {release.remaining} are in the server's lease database still"


def _oddities(result: StormResult) -> Iterator[tuple[str, str]]:
    """What is told only where it has happened."""
    counters = result.counters
    if result.offer_collisions:
        yield (
            "offer collisions",
            f"the last offers of {counted(result.offer_collisions, 'node')} were an address of another",
        )
    if counters.wrong_acks:
        yield "wrong DHCPACKs", f"{counters.wrong_acks}, of another address or server than was asked for"
    if counters.proxy_offers:
        yield "offers of a ProxyDHCP", f"{counters.proxy_offers}, without an address"
    if counters.unidentified_offers:
        yield "offers without option 54", f"{counters.unidentified_offers}, which no firmware takes"


def _latencies(result: StormResult) -> Iterator[tuple[str, str]]:
    if len(result.rounds) < 2:
        yield "to OFFER", _times(result.to_offer)
        yield "to ACK", _times(result.to_ack)
        for each in result.rounds:
            yield from _fetches("", each)
        return
    yield "until ready", _times(result.to_ready)
    for each in result.rounds:
        yield from _round(each)


def _round(result: RoundResult) -> Iterator[tuple[str, str]]:
    ends = {"bound": result.bound, "gave up": result.gave_up, "unfinished": result.unfinished}
    yield result.client, ", ".join(f"{count} {end}" for end, count in ends.items() if count) or "nobody began"
    yield f"{result.client}, to OFFER", _times(result.to_offer)
    yield f"{result.client}, to ACK", _times(result.to_ack)
    yield from _fetches(f"{result.client}, ", result)


def _fetches(of: str, result: RoundResult) -> Iterator[tuple[str, str]]:
    """Of the boot files of a round, if it has any."""
    if not result.fetches:
        return
    size = f"; {result.counters.fetched_octets / 1e6:.1f} MB" if result.counters.fetched_octets else ""
    yield f"{of}boot files", f"{result.fetched} read, {result.not_fetched} not{size}"
    yield f"{of}to file", _times(result.to_file)
    for each in result.failures[:_SHOWN_FAILURES]:
        yield f"{of}without a file", f"{counted(each.nodes, 'node')}: {each.reason}"


def _gave_up(result: StormResult) -> str:
    reasons = {
        "without an offer": result.not_offered,
        "without a DHCPACK": result.not_acknowledged,
        "by a DHCPNAK": result.refused,
        "without its boot file": result.not_fetched,
    }
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
    return f"{result.gave_up}: {told}"


def _duplicates(result: StormResult) -> str:
    if not result.duplicates:
        return "none"
    shown = ", ".join(str(each) for each in result.duplicates[:_SHOWN_DUPLICATES])
    more = len(result.duplicates) - _SHOWN_DUPLICATES
    return f"{shown}{f' and {more} more' if more > 0 else ''}: each was given to two nodes or more"


def _times(times: Percentiles | None) -> str:
    if times is None:
        return "none"
    p50, p90, p99, longest = (_shown(each) for each in (times.p50, times.p90, times.p99, times.longest))
    return f"p50 {p50}, p90 {p90}, p99 {p99}, longest {longest}"


def _shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.2f} ms"


def _discovers(result: StormResult) -> str:
    """With those that a node has sent although it had an offer: iPXE collects offers, and asks meanwhile."""
    counters = result.counters
    # A wait without an offer ends with another DHCPDISCOVER, or as the last one of a node that gives up.
    after_silence = counters.unanswered_discovers - result.not_offered
    collecting = counters.repeated_discovers - after_silence
    beside = f" ({collecting} by nodes that had an offer, and waited for others)" if collecting > 0 else ""
    sent, repeated = counters.discovers, counters.repeated_discovers
    return _asked(sent, repeated, counters.unanswered_discovers, lacks="an offer", beside=beside)


def _asked(sent: int, repeated: int, unanswered: int, *, lacks: str, beside: str = "") -> str:
    again = f", {repeated} of them again{beside}" if repeated else ""
    return f"{sent} sent{again}; {unanswered} without {lacks} in time"
