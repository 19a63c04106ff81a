"""What the replies to a storm, the server's log and its machine show of causes that no line decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.host.neighbour_table import LIMIT
from edgeboot.report.storm.cause import StormCause
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests.cause import Cause
from edgeboot.stress.storm.repliers import Replier
from edgeboot.stress.storm.result import StormResult

_SHOWN: Final = 3
_LOGGED_LATER: Final = 2.0
"""Seconds by which the last line of a log may come later than the last reply, with which it was written."""
_REASONS: Final = (
    Telling.WRONG_ADDRESS,
    Telling.WRONG_NETWORK,
    Telling.NO_LEASE_FOUND,
    Telling.STATIC_LEASE,
)
"""Of a DHCPNAK, which no other cause tells."""

_NOT_COMPARED: Final = "an unknown number, since another server may have been asked"


def wire_causes(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    """Each of them, the most telling first."""
    if server.ended:
        yield StormCause(StormCauseKind.ENDED)
    else:
        yield from _silent(result, server)
    if server.restarts:
        yield StormCause(StormCauseKind.RESTARTED, {"restarts": server.restarts})
    yield from _shared(result)
    yield from _other_servers(result, server)
    if result.counters.wrong_acks:
        yield StormCause(
            StormCauseKind.WRONG_ACK,
            {"acks": result.counters.wrong_acks, "senders": _senders(result, "acks")},
        )
    yield from _refused(result, server)
    if server.drops:
        yield StormCause(
            StormCauseKind.SOCKET_FULL,
            {"drops": server.drops, "buffer": server.socket_buffer or "an unknown number of"},
        )
    yield from _full_table(result, server)
    yield from _lost(result, server)
    if result.counters.unanswered_requests:
        yield StormCause(
            StormCauseKind.UNANSWERED,
            {
                "unanswered": result.counters.unanswered_requests,
                "requests": result.counters.requests,
                "senders": _senders(result, "offers"),
            },
        )


def _silent(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    """Where its log ends with its replies: one that goes on shows that it reads, and often why."""
    silence, logged = result.silence, server.logged_until
    if silence is None or (logged is not None and logged > silence.since + _LOGGED_LATER):
        return
    since = f"after {silence.since:.1f} s" if silence.since else "from the beginning"
    log = "its log has no line about them" if logged is None else f"its log ends at {logged:.1f} s"
    figures: dict[str, float | str] = {
        "since": since,
        "nodes": silence.nodes,
        "until": silence.until,
        "log": log,
    }
    yield StormCause(StormCauseKind.SILENT, figures)


def _full_table(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    """Where nodes had to ask again: others on that machine may have needed places, too."""
    counters, refused = result.counters, server.neighbours_refused
    asked = counters.unanswered_discovers + counters.unanswered_requests + counters.repeated_packets
    if not refused or not asked:
        return
    said = server.logged.get(Telling.ARP_REFUSED, 0)
    log = f"; its log says {Telling.ARP_REFUSED.value!r} {said} times" if said else ""
    figures: dict[str, float | str] = {"refused": refused, "limit": server.neighbours_limit or 0, "log": log}
    place = Cause(str(LIMIT), None, f"is {server.neighbours_limit}")
    yield StormCause(StormCauseKind.NEIGHBOURS_FULL, figures, (place,))


def _shared(result: StormResult) -> Iterator[StormCause]:
    for each in result.shared[:_SHOWN]:
        nodes = ", ".join(each.nodes[:_SHOWN])
        more = len(each.nodes) - _SHOWN
        yield StormCause(
            StormCauseKind.SHARED_ADDRESS,
            {
                "address": str(each.address),
                "nodes": f"{nodes} and {more} more" if more > 0 else nodes,
                "servers": ", ".join(map(str, each.servers)),
            },
        )


def _other_servers(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    """Beside a ProxyDHCP, which gives no addresses, there has to be another."""
    if server.mac is None or result.counters.proxy_offers:
        return
    for each in result.repliers:
        if each.mac != server.mac and each.offers:
            yield StormCause(
                StormCauseKind.OTHER_SERVER,
                {
                    "offers": each.offers,
                    "acks": each.acks,
                    "mac": each.mac,
                    "server": str(each.server),
                    "own": str(server.address),
                    "own_mac": server.mac,
                },
            )


def _refused(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    logged = server.logged
    told = logged.get(Telling.IN_USE, 0) + logged.get(Telling.NO_LEASE, 0)
    naks = result.counters.naks - told
    if naks <= 0:
        return
    reasons = [f"{each.value!r} {logged[each]} times" for each in _REASONS if each in logged]
    reason = f"its log says {', '.join(reasons)}" if reasons else "its log says nothing of why"
    if not logged.get(Telling.NAK) and logged.get(Telling.OFFER):
        reason = "the server's log has none of them"
    yield StormCause(
        StormCauseKind.REFUSED,
        {
            "naks": naks,
            "requests": result.counters.requests,
            "senders": _senders(result, "naks"),
            "reason": reason,
        },
    )


def _lost(result: StormResult, server: ServerUse) -> Iterator[StormCause]:
    """By comparison with the log, where that has the messages.

    The log of the release after the storm counts as the storm's DHCPREQUESTs: some lost ones are not seen so.
    A DHCPOFFER that was logged after the storm's end is not expected. A DHCPREQUEST that selects another
    server is not logged without dhcp-authoritative (dnsmasq's rfc2131.c): beside one none is missed.
    """
    counters, logged, in_time = result.counters, server.logged, server.logged_in_time
    if not logged.get(Telling.DISCOVER) or result.not_valid is not None:
        return
    drops = server.drops or 0
    discovers = max(0, counters.discovers - logged[Telling.DISCOVER])
    others = _another_may_be_asked(result, server)
    requests = 0 if others else max(0, counters.requests - logged.get(Telling.REQUEST, 0))
    came = counters.offers + counters.proxy_offers
    offers = max(0, in_time.get(Telling.OFFER, 0) - came)
    if discovers + requests + offers > drops:
        yield StormCause(
            StormCauseKind.LOST,
            {
                "discovers": counters.discovers,
                "lost_discovers": discovers,
                "requests": counters.requests,
                "lost_requests": _NOT_COMPARED if others else requests,
                "lost_offers": offers,
                "drops": drops,
            },
        )


def _another_may_be_asked(result: StormResult, server: ServerUse) -> bool:
    """Whether a node has an address of another server, or an offer that may be one's."""
    granted = any(each.server != server.address for each in result.grants)
    return granted or any(each.mac != server.mac and each.offers for each in result.repliers)


def _senders(result: StormResult, what: str) -> str:
    """Who sent such messages, as far as it was captured."""
    found = [each for each in result.repliers if getattr(each, what)]
    return ", ".join(map(_named, found[:_SHOWN])) or "a machine that the capture does not show"


def _named(replier: Replier) -> str:
    return f"{replier.server} ({replier.mac})"
