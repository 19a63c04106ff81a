"""The actions of probes and lifecycle hooks, as the kubelet does them.

Source: Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes": TCP succeeds
once the connection is open, HTTP with a status from 200 to 399.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

_AGENT: Final = "kube-probe/1.0"
_SUCCESS: Final = range(200, 400)


def connect(host: str, port: int, within: timedelta) -> str | None:
    """Open a TCP connection and close it; None, or why it did not open."""
    try:
        socket.create_connection((host, port), within.total_seconds()).close()
    except OSError as error:
        return f"connection to {host}:{port}: {_why(error, within)}"
    return None


def get(
    host: str, port: int, path: str, within: timedelta, *, headers: Mapping[str, str], tls: bool
) -> str | None:
    """Send a GET without following a redirection; None, or why it was no success.

    Args:
        host: where to.
        port: its TCP port.
        path: with the query.
        within: for the connection and each part of the answer.
        headers: in addition to the agent's name.
        tls: over TLS; no certificate is verified, as by the kubelet.
    """
    seconds = within.total_seconds()
    connection = (
        http.client.HTTPSConnection(host, port, timeout=seconds, context=_unverified())
        if tls
        else http.client.HTTPConnection(host, port, timeout=seconds)
    )
    try:
        connection.request("GET", path, headers={"User-Agent": _AGENT, **headers})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"GET {path} from {host}:{port}: {_why(error, within)}"
    finally:
        connection.close()
    return None if status in _SUCCESS else f"GET {path} from {host}:{port}: status {status}"


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _why(error: Exception, within: timedelta) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {within.total_seconds():g} s"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
