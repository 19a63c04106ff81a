"""A ping check is known by the times of a storm's offers; these are dnsmasq 2.90's."""

from __future__ import annotations

import pytest

from edgeboot.stress.storm.staircase import Offered, Staircase

BURST = (3.01, 6.08, 9.08, 12.16, 15.16, *[18.23] * 5, *[18.24] * 10)
"""Twenty nodes at once."""
TEN_A_SECOND = (3.00, 6.31, 9.31, 12.38, 15.39, 18.46, *[18.47] * 26, *[18.48] * 18, *[18.49] * 10)
"""Sixty nodes."""
ONE_IN_TWO_SECONDS = (
    *(3.01, 6.08, 9.09, 12.16, 15.17, 18.24, 18.24, 18.24, 18.24, 18.25),
    *(20.00, 22.01, 24.00, 26.00, 28.00, 30.00, 35.00, 38.08, 41.12, 44.16),
)
"""Twenty nodes; half a minute after the first checks it pings again."""
NO_PING = tuple(number / 10 + 0.001 for number in range(60))
SLOW_BUT_STEADY = tuple(1 + number * 0.5 for number in range(20))


def offered(times: tuple[float, ...], apart: float) -> list[Offered]:
    """Offers at these times to nodes that ask so far apart."""
    return [Offered(at, number, number * apart) for number, at in enumerate(times)]


@pytest.mark.parametrize(
    "times,apart,steps,waiting",
    [
        pytest.param(BURST, 0.0, 6, 14, id="burst"),
        pytest.param(TEN_A_SECOND, 0.1, 6, 54, id="ten-a-second"),
        pytest.param(ONE_IN_TWO_SECONDS, 2.0, 6, 2, id="one-in-two-seconds"),
    ],
)
def test_a_ping_check_is_a_staircase(
    times: tuple[float, ...], apart: float, steps: int, waiting: int
) -> None:
    """Six steps of three seconds, and all others behind them."""
    found = Staircase.of(offered(times, apart), {})
    assert found is not None
    assert (found.steps, found.looked_for) == (steps, 0)
    assert found.waiting >= waiting
    assert found.mean == pytest.approx(3.06, abs=0.05)


@pytest.mark.parametrize(
    "times,apart",
    [
        pytest.param(NO_PING, 0.1, id="no-ping"),
        pytest.param(SLOW_BUT_STEADY, 0.0, id="slow-but-steady"),
        pytest.param(tuple(3.0 * number for number in range(10)), 3.0, id="nodes-that-come-so"),
        pytest.param(BURST[:2], 0.0, id="two-steps"),
        pytest.param((), 0.0, id="no-offers"),
    ],
)
def test_other_delays_are_none(times: tuple[float, ...], apart: float) -> None:
    """A slow server, and nodes that come three seconds apart, have no ping check."""
    assert Staircase.of(offered(times, apart), {}) is None


def test_addresses_that_were_looked_for_are_counted() -> None:
    """Those for which the server asked by ARP a step before it offered them are evidence of the cause."""
    looked_for = {number: at - 3 for number, at in enumerate(BURST[:4])}
    found = Staircase.of(offered(BURST, 0.0), looked_for)
    assert found is not None
    assert found.looked_for == 4
