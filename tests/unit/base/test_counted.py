"""Numbers of things in words."""

from __future__ import annotations

import pytest

from edgeboot.base.counted import counted


@pytest.mark.parametrize(
    "number,noun,words",
    [
        (1, "node", "1 node"),
        (0, "node", "0 nodes"),
        (2, "address", "2 addresses"),
        (1, "address", "1 address"),
    ],
)
def test_one_thing_is_called_otherwise_than_several(number: int, noun: str, words: str) -> None:
    """None is called as several are."""
    assert counted(number, noun) == words
