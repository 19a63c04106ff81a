"""A time limit for what has none of its own: a stream of libvirt, a look-up of a name, an answer in drops."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def in_time(take: Callable[[], T], limit: timedelta) -> T:
    """What ``take`` returns, or raises, within the limit.

    Raises:
        TimeoutError: it takes longer, and is left to itself; it does not keep the process from ending.
    """
    taken: Future[T] = Future()
    Thread(target=_take, args=(take, taken), name="in time", daemon=True).start()
    return taken.result(limit.total_seconds())


def _take(take: Callable[[], T], taken: Future[T]) -> None:
    try:
        taken.set_result(take())
    except BaseException as error:
        taken.set_exception(error)
