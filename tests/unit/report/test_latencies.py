"""How soon offers come, by the exchanges of a run."""

from __future__ import annotations

import pytest

from edgeboot.node.exchange import Exchange
from edgeboot.report.latencies import Latency, Nodes, OfferTimes, latencies
from tests.unit.samples import NODE, OFFER, exchange, message, reply


def offered(after: float) -> Exchange:
    """A DHCPDISCOVER of one client, and its offer after so many seconds."""
    return exchange(reply(message(OFFER), after=after), request=NODE.discover(1))


def test_first_offer_is_to_a_new_node_and_the_next_to_a_known_one() -> None:
    """The server pings an address before it offers it for the first time."""
    times = OfferTimes()
    assert times.since_last([offered(3.0), offered(0.002)]) == {Nodes.NEW: (3.0,), Nodes.KNOWN: (0.002,)}


def test_each_exchange_is_measured_once() -> None:
    """Every test asks for those since the last one."""
    times, exchanges = OfferTimes(), [offered(3.0)]
    times.since_last(exchanges)
    assert times.since_last([*exchanges, offered(0.004)]) == {Nodes.KNOWN: (0.004,)}


def test_message_without_an_offer_is_not_measured() -> None:
    """Silence has no latency, and a DHCPREQUEST asks for no offer."""
    unanswered = exchange(request=NODE.discover(1))
    assert OfferTimes().since_last([unanswered]) == {}


@pytest.mark.parametrize(
    "seconds,p50,p90,p99",
    [([0.5], 0.5, 0.5, 0.5), ([2, 1], 1, 2, 2), (list(range(1, 101)), 50, 90, 99)],
)
def test_percentile_is_a_latency_that_was_measured(
    seconds: list[float], p50: float, p90: float, p99: float
) -> None:
    """The smallest one that so many of them do not exceed."""
    latency = Latency.of(Nodes.NEW, seconds)
    assert (latency.p50, latency.p90, latency.p99, latency.longest) == (p50, p90, p99, max(seconds))


def test_latencies_of_all_tests_are_taken_together() -> None:
    """Nothing is said of nodes that were never offered anything."""
    both = latencies([{Nodes.NEW: (3.0,)}, {}, {Nodes.NEW: (3.1,)}])
    assert both == (Latency(Nodes.NEW, 2, 3.0, 3.1, 3.1, 3.1),)


def test_latency_comes_whole_out_of_json() -> None:
    """As it is in result.json."""
    latency = Latency.of(Nodes.KNOWN, [0.002])
    assert Latency.from_json(latency.to_json()) == latency
