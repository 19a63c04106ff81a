"""The reader of a Pod's log, against an API server that has one Pod."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.server.log import ServerLog

pytest.importorskip("kubernetes", reason="the kind lab's packages are not installed")

from kubernetes.client import ApiClient, Configuration

from edgeboot.server.pod.pod_log import PodLog

STATUS = {
    "name": "dnsmasq",
    "image": "dnsmasq",
    "imageID": "",
    "ready": True,
    "restartCount": 0,
    "containerID": "containerd://1",
    "state": {"running": {}},
}


class Kubelet(BaseHTTPRequestHandler):
    """Refuses the first request for the log, as a kubelet does whose container has just been started."""

    refused = 0

    def do_GET(self) -> None:
        """The Pod, or its log."""
        if not self.path.split("?")[0].endswith("/log"):
            return self._answer(200, json.dumps({"status": {"containerStatuses": [STATUS]}}).encode())
        Kubelet.refused += 1
        if Kubelet.refused == 1:
            return self._answer(500, b"failed to try resolving symlinks")
        return self._answer(200, b"dnsmasq-dhcp: DHCP, sockets bound exclusively to interface ens3\n")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def api() -> Iterator[ApiClient]:
    """A client of that API server."""
    with HTTPServer(("127.0.0.1", 0), Kubelet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield ApiClient(Configuration(host=f"http://127.0.0.1:{server.server_port}"))
        server.shutdown()


def test_log_that_is_refused_at_first_is_asked_for_again(api: ApiClient) -> None:
    """Its lines say that the server is ready: without them a lab that serves would not come up."""
    log = ServerLog()
    follower = PodLog(lambda: api, SimpleNamespace(name="dhcp-server", namespace="x"), log)  # type: ignore[arg-type]
    follower.start()
    line = log.wait_for("sockets bound", within=Wait.SERVER_START)
    follower.stop()
    assert line.text.endswith("ens3")
