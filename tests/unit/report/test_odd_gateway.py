"""What a run says of a gateway's odd answer: one line, within its time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Final

import pytest
from prometheus_client import CollectorRegistry

from edgeboot.report.pushgateway import NotPushed, Pushgateway

LEADS: Final = b"HTTP/1.1 302 Found\r\nLocation: http://edge:secret@other/login\r\nContent-Length: 0\r\n\r\n"
CUT: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 1000\r\n\r\nmetric has\nno type"
BREAKS: Final = b"HTTP/1.1 400 a\x00\x1b[31mb\r\nContent-Length: 0\r\n\r\n"
ANSWERS: Final = {
    "a redirection": (LEADS, "answered 302 Found, leading to 'http://other/login';"),
    "a body that is cut short": (CUT, "answered 400 Bad Request, saying 'metric has';"),
    "hidden characters": (BREAKS, r"answered 400 a\u0000\u001b[31mb;"),
    "no HTTP": (b"\x00SSH-2.0\n\r\n", r"answers no HTTP (\u0000SSH-2.0 );"),
}


@contextmanager
def gateway(answer: Callable[[socket.socket], None]) -> Iterator[Pushgateway]:
    """One on loopback that does this with each connection, while the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):  # Either end has closed it.
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        answer(connection)

        Thread(target=serve, daemon=True).start()
        yield Pushgateway(f"http://127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("odd", ANSWERS)
def test_answer_is_told_in_one_line(odd: str) -> None:
    """Without a user that it names."""
    answer, words = ANSWERS[odd]
    with (
        gateway(lambda connection: connection.sendall(answer)) as odd_one,
        pytest.raises(NotPushed) as refused,
    ):
        odd_one.push(CollectorRegistry(), {})
    assert str(refused.value).startswith(f"--push {odd_one.url}: {words}")
    assert str(refused.value).isprintable()


def test_answer_without_an_end_has_its_time() -> None:
    """A header of a drop now and then, each in time for the connection."""
    ended = Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not ended.wait(0.05):
            connection.sendall(b"x")

    with (
        gateway(drip) as dripping,
        pytest.raises(NotPushed, match=r": has not answered to its end within 0\.5 s;"),
    ):
        dripping.push(CollectorRegistry(), {}, timedelta(seconds=0.5))
    ended.set()
