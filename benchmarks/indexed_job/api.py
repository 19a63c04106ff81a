"""The API server by plain HTTP: a client that costs less than what it measures."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

MERGE_PATCH = "application/strategic-merge-patch+json"

_IDLE = 30.0
"""Seconds; net/http's server closes a connection that is idle for longer than its own limit."""


class Api:
    """One connection, for one thread."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, token: str) -> None:
        self._place = host, port, context
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._connection = http.client.HTTPSConnection(host, port, context=context)
        self._used = time.monotonic()

    @classmethod
    def of(cls, kubeconfig: Path) -> Self:
        """The server and the user of a kubeconfig that has one of each, and a token."""
        stated = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        cluster, user = stated["clusters"][0]["cluster"], stated["users"][0]["user"]
        place = urlsplit(cluster["server"])
        context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        assert place.hostname is not None
        assert place.port is not None
        return cls(place.hostname, place.port, context, user["token"])

    def again(self) -> Api:
        """Another connection of the same user."""
        host, port, context = self._place
        return Api(host, port, context, self._headers["Authorization"].removeprefix("Bearer "))

    def text(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> str:
        """What is answered.

        Raises:
            ConnectionRefusedError: it is refused, with the status and the server's words.
        """
        content = None if body is None else json.dumps(body)
        if time.monotonic() - self._used > _IDLE:
            self._connection.close()  # The server has, or is about to.
        self._used = time.monotonic()
        self._connection.request(method, path, content, self._headers | {"Content-Type": kind})
        response = self._connection.getresponse()
        answer = response.read().decode()
        if response.status >= http.client.BAD_REQUEST:
            raise ConnectionRefusedError(f"{method} {path}: {response.status} {answer[:500]}")
        return answer

    def json(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """The same, decoded."""
        return json.loads(self.text(method, path, body, kind))

    def watch(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each event's type and object, from all that is there now.

        A watcher that is too slow is dropped by the server, and begins again with all that is there then.
        """
        while True:
            listed = self.json("GET", path)
            yield from (("ADDED", each) for each in listed["items"])
            since = f"watch=1&resourceVersion={listed['metadata']['resourceVersion']}"
            self._connection.request("GET", f"{path}?{since}", headers=self._headers)
            for line in self._connection.getresponse():
                event = json.loads(line)
                if event["type"] == "ERROR":
                    break
                yield event["type"], event["object"]
            self._connection.close()
