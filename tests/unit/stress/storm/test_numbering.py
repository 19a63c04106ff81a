"""The numbers of a storm's nodes, in their frames and out of them."""

from __future__ import annotations

from typing import Final

from edgeboot.stress.storm.numbering import gathered, scattered

MANY: Final = 10_000


def test_scattered_numbers_are_gathered_again() -> None:
    """A reply to a node is that node's, however its MAC address was made."""
    assert [gathered(scattered(number)) for number in range(MANY)] == list(range(MANY))


def test_scattered_numbers_have_no_order() -> None:
    """Of a hundred addresses, chosen by a number's remainder, as many are hit as by chance: 63 of 100."""
    for size in (100, 101, 1000):
        hit = len({scattered(number) % size for number in range(size)}) / size
        assert 0.55 < hit < 0.72, size
