"""The actions of probes, against real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Final

import pytest

from edgeboot.host.probe import connect, get

SOON: Final = timedelta(seconds=5)
STATUS: Final = {"/healthz": 200, "/moved": 302, "/broken": 500}


class Health(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self) -> None:
        """The status of the path, 401 without the header that is asked for."""
        self.send_response(STATUS.get(self.path, 404) if "X-Probe" in self.headers else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a web server of this machine."""
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_open_port_is_connected_to(port: int) -> None:
    """And nothing is sent."""
    assert connect("127.0.0.1", port, SOON) is None


def test_closed_port_refuses() -> None:
    """With the kernel's words."""
    assert connect("127.0.0.1", 1, SOON) == "connection to 127.0.0.1:1: Connection refused"


@pytest.mark.parametrize(
    "path,failure",
    [("/healthz", None), ("/moved", None), ("/broken", "status 500"), ("/absent", "status 404")],
)
def test_get_succeeds_from_200_to_399(path: str, failure: str | None, port: int) -> None:
    """A redirection is a success, as for the kubelet."""
    outcome = get("127.0.0.1", port, path, SOON, headers={"X-Probe": "yes"}, tls=False)
    assert outcome == (None if failure is None else f"GET {path} from 127.0.0.1:{port}: {failure}")


def test_get_of_no_web_server_fails() -> None:
    """With the kernel's words."""
    failure = get("127.0.0.1", 1, "/", SOON, headers={}, tls=True)
    assert failure == "GET / from 127.0.0.1:1: Connection refused"
