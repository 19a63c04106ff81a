"""The screen of a running virtual machine of libvirt's, by a stream."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any

from edgeboot.base.deadline import Wait


def picture_of(domain: Any) -> bytes | None:
    """Its screen as PNG; None where libvirt makes another format. Raises libvirtError."""
    stream = domain.connect().newStream()
    kind = domain.screenshot(stream, 0)
    picture = bytearray()
    stream.recvAll(lambda _, octets, __: picture.extend(octets), None)
    stream.finish()
    return bytes(picture) if kind == "image/png" else None


def in_time(take: Callable[[], bytes | None]) -> bytes | None:
    """What ``take`` returns, or raises, within ``Wait.LIBVIRT``: a stream of libvirt has no time limit.

    Raises:
        TimeoutError: it takes longer, and is left to itself.
    """
    taken: Future[bytes | None] = Future()
    Thread(target=_take, args=(take, taken), name="screen of a domain", daemon=True).start()
    return taken.result(Wait.LIBVIRT.total_seconds())


def _take(take: Callable[[], bytes | None], taken: Future[bytes | None]) -> None:
    try:
        taken.set_result(take())
    except BaseException as error:
        taken.set_exception(error)
