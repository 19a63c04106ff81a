"""A TCP proxy before a BMC, which lets its answers wait."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


@contextmanager
def slow_proxy(url: str, seconds: float) -> Iterator[str]:
    """The URL at which a BMC answers that much later."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    target = (parts.hostname, parts.port or 443)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, target, seconds, ended), daemon=True).start()
        try:
            yield f"{parts.scheme}://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)  # Ends accept() in the thread.


def _serve(server: socket.socket, target: tuple[str, int], seconds: float, ended: threading.Event) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            bmc = socket.create_connection(target)
            for source, sink, delay in ((client, bmc, 0.0), (bmc, client, seconds)):
                threading.Thread(target=_pump, args=(source, sink, delay, ended), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, delay: float, ended: threading.Event) -> None:
    with source, suppress(OSError):
        octets = source.recv(1 << 16)
        ended.wait(delay)
        while octets:
            sink.sendall(octets)
            octets = source.recv(1 << 16)
        sink.shutdown(socket.SHUT_WR)
