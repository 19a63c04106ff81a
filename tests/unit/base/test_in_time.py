"""What has no time limit of its own is given one."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from edgeboot.base.in_time import in_time


def test_what_comes_in_time_is_returned() -> None:
    """The limit costs nothing then."""
    assert in_time(lambda: b"\x89PNG", timedelta(seconds=10)) == b"\x89PNG"


def test_what_never_comes_is_given_up() -> None:
    """It is left to itself."""
    comes = Event()
    with pytest.raises(TimeoutError):
        in_time(comes.wait, timedelta(milliseconds=50))
    comes.set()


def test_its_error_is_raised() -> None:
    """A refusal is no silence."""

    def refused() -> bytes:
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        in_time(refused, timedelta(seconds=10))
