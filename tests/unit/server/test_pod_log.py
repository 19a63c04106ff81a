"""The reader of a Pod's log, against an API server that has one Pod."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import ClassVar

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.server.log import ServerLog

pytest.importorskip("kubernetes", reason="the kind lab's packages are not installed")

from kubernetes.client import ApiClient, Configuration

from edgeboot.server.pod.pod_log import PodLog

READY = "dnsmasq-dhcp: DHCP, sockets bound exclusively to interface ens3"


def status(container: str, state: str) -> dict[str, object]:
    """The status of the Pod's one container."""
    return {
        "name": "dnsmasq",
        "image": "dnsmasq",
        "imageID": "",
        "ready": True,
        "restartCount": 0,
        "containerID": f"containerd://{container}",
        "state": {state: {"exitCode": 1} if state == "terminated" else {}},
    }


class Kubelet(BaseHTTPRequestHandler):
    """Has a status for each look at the Pod, the last of them for all further ones, and a log for each time.

    A log that is None is refused, as a kubelet refuses that of a container which it has just started. Each
    line has the time at which it was logged, which is its own however often it is read.
    """

    looks: ClassVar[list[dict[str, object]]] = []
    logs: ClassVar[list[str | None]] = []
    unstamped: ClassVar[str | None] = None
    """A line of the kubelet's own, which has no time."""
    logged_at: ClassVar[dict[str, int]] = {}
    """Nanoseconds of a line's time; of those without an entry each has a later one than those before it."""

    def do_GET(self) -> None:
        """The Pod, or its log."""
        if not self.path.split("?")[0].endswith("/log"):
            look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
            return self._answer(200, json.dumps({"status": {"containerStatuses": [look]}}).encode())
        log = self.logs.pop(0) if self.logs else ""
        if log is None:
            return self._answer(500, b"failed to try resolving symlinks")
        lines = [self._dated(line) for line in log.splitlines()]
        return self._answer(200, "".join(f"{line}\n" for line in lines).encode())

    def _dated(self, line: str) -> str:
        if line == self.unstamped:
            return line
        at = self.logged_at.setdefault(line, 1000 * (len(self.logged_at) + 1))
        return f"2026-11-28T01:30:00.{at:09}Z {line}" if "timestamps=true" in self.path.lower() else line

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


@contextmanager
def followed(
    api: ApiClient, looks: list[dict[str, object]], logs: list[str | None]
) -> Iterator[tuple[PodLog, ServerLog]]:
    """The reader of a Pod that is seen so."""
    Kubelet.looks, Kubelet.logs, log = looks, logs, ServerLog()
    Kubelet.logged_at, Kubelet.unstamped = {}, None
    follower = PodLog(lambda: api, SimpleNamespace(name="dhcp-server", namespace="x"), log)  # type: ignore[arg-type]
    follower.start()
    yield follower, log
    follower.stop()


def test_log_that_is_refused_at_first_is_asked_for_again(api: ApiClient) -> None:
    """Its lines say that the server is ready: without them a lab that serves would not come up."""
    with followed(api, [status("1", "running")], [None, READY]) as (_, log):
        assert log.wait_for("sockets bound", within=Wait.SERVER_START).text == READY


def test_lines_of_a_container_are_told_from_those_of_the_one_before(api: ApiClient) -> None:
    """A server that was started again is ready by its own lines alone."""
    looks = [*[status("1", "running")] * 2, status("2", "running")]
    with followed(api, looks, [f"range\n{READY}", "failed"]) as (follower, log):
        line = log.wait_for("failed", within=Wait.SERVER_START)
        assert [follower.begin_after(before) for before in (None, "containerd://1", "containerd://2")] == [
            *(0, line.number, None)
        ]


def test_log_is_not_taken_for_that_of_a_container_which_has_been_replaced(api: ApiClient) -> None:
    """The API has the log of the last one, whose lines would come twice."""
    looks = [status("1", "running"), status("2", "running")]
    with followed(api, looks, [READY, READY, "end"]) as (_, log):
        log.wait_for("sockets bound", within=Wait.SERVER_START)
        Kubelet.looks = [status("3", "running")]
        log.wait_for("end", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == [READY, "end"]


def test_log_of_a_start_that_the_kubelet_will_repeat_is_read(api: ApiClient) -> None:
    """It says why the server ended, though its container was never seen running."""
    with followed(api, [status("1", "waiting")], ["unknown interface ens3"]) as (_, log):
        assert log.wait_for("unknown interface", within=Wait.SERVER_START)


def test_log_whose_reading_has_broken_is_read_on(api: ApiClient) -> None:
    """The API server restarts while the container runs: no line is missed, and none comes twice."""
    with followed(api, [status("1", "running")], ["one", "one\ntwo"]) as (_, log):
        log.wait_for("two", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == ["one", "two"]


def test_log_that_was_rotated_while_it_was_not_read_is_read_on(api: ApiClient) -> None:
    """The kubelet's new file begins anew: by its number a line of it would be one that was read."""
    with followed(api, [status("1", "running")], ["one\ntwo\nthree", "four", "four\nfive"]) as (_, log):
        log.wait_for("five", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == ["one", "two", "three", "four", "five"]


def test_lines_of_one_moment_are_told_apart_by_their_order(api: ApiClient) -> None:
    """One was read before the connection broke, the other one was not."""
    with followed(api, [status("1", "running")], []) as (_, log):
        Kubelet.logged_at = dict.fromkeys(("one", "two"), 5)
        Kubelet.logs = ["one", "one\ntwo", "one\ntwo\nthree"]
        log.wait_for("three", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == ["one", "two", "three"]


def test_clock_that_is_set_back_hides_no_line(api: ApiClient) -> None:
    """Lines behind the last one that was read are new, whatever their time says."""
    with followed(api, [status("1", "running")], []) as (_, log):
        Kubelet.logged_at = {"one": 900, "two": 100, "three": 50}
        Kubelet.logs = ["one\ntwo", "one\ntwo\nthree"]
        log.wait_for("three", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == ["one", "two", "three"]


def test_kubelet_s_own_words_are_read_once(api: ApiClient) -> None:
    """It says without a time why it has no log; the reader asks again and again."""
    words = "unable to retrieve container logs for containerd://1"
    with followed(api, [status("1", "running")], []) as (_, log):
        Kubelet.unstamped = words
        Kubelet.logs = [words, words, f"{words}\none"]
        log.wait_for("one", within=Wait.SERVER_START)
        assert [line.text for line in log.lines] == [words, "one"]


def test_outage_is_over_when_the_api_server_answers_of_a_container_that_has_ended(api: ApiClient) -> None:
    """There is nothing more to read: a line that is missing then is missed at once."""
    with followed(api, [status("1", "terminated")], ["failed"]) as (follower, log):
        log.wait_for("failed", within=Wait.SERVER_START)
        host, api.configuration.host = api.configuration.host, "http://127.0.0.1:9"
        eventually(
            "the outage", lambda: None if follower.reachable else True, Wait.SERVER_START, "see _status"
        )
        api.configuration.host = host
        eventually("its end", lambda: follower.reachable or None, Wait.SERVER_START, "see _read")


def test_line_is_awaited_while_the_api_server_does_not_answer() -> None:
    """Nothing is known of the log meanwhile, so it lacks no line."""
    log = ServerLog()

    def is_back() -> bool:
        log.add(READY)
        return True

    log.reader_is_back = is_back
    assert log.wait_for("sockets bound", within=Wait.GRACE).text == READY
