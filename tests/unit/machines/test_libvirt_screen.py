"""The screen of a libvirt domain: what libvirt does not send in time is given up."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest

from edgeboot.machines.libvirt_domain import screen


def test_screen_that_is_sent_is_returned() -> None:
    """The limit costs nothing where libvirt answers."""
    assert screen.in_time(lambda: b"\x89PNG") == b"\x89PNG"


def test_screen_that_is_never_sent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that failed tells why, whatever libvirt does."""
    monkeypatch.setattr(screen, "Wait", SimpleNamespace(LIBVIRT=timedelta(milliseconds=50)))
    sent = Event()
    with pytest.raises(TimeoutError):
        screen.in_time(lambda: b"" if sent.wait() else None)
    sent.set()


def test_error_of_libvirt_is_raised() -> None:
    """A refusal is no silence."""

    def refused() -> bytes:
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        screen.in_time(refused)
