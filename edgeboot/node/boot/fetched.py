"""The result of a fetch: the file with its server and duration, or the error."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.base.mac import MacAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as a node received it."""

    url: str
    content: bytes = field(repr=False)
    server: IPv4Address
    """The IP address the content came from."""
    mac: MacAddress
    """The MAC address it came from, which identifies the machine that served it."""
    server_port: int
    """The UDP or TCP port it came from."""
    duration: timedelta
    """Time from the request to the last octet."""

    def __str__(self) -> str:
        return f"{self.url} from {self.sender}: {self.size} octets, SHA-256 {self.sha256}"

    @property
    def sender(self) -> str:
        """The server's IP and MAC address, for messages."""
        return f"{self.server} ({self.mac})"

    @property
    def size(self) -> int:
        """Size of the content in octets."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class NotFetched(AssertionError):
    """A file was not fetched completely; the text names the server and its response."""


class NotServed(NotFetched):
    """Nobody answered at the server's address, or it sent nothing at all."""


class Refused(NotFetched):
    """The server answered with an error.

    Args:
        url: the requested URL.
        server: the address it came from.
        mac: the Ethernet address it came from.
        code: the TFTP error code or HTTP status.
        reason: the server's error text.
    """

    def __init__(self, url: str, server: IPv4Address, mac: MacAddress, code: int, reason: str) -> None:
        self.server = server
        self.mac = mac
        self.code = code
        super().__init__(f"{url}: {self.sender} says {reason}")

    @property
    def sender(self) -> str:
        """The server's IP and MAC address, for messages."""
        return f"{self.server} ({self.mac})"


class NotRefused(AssertionError):
    """A server accepted a request it has to refuse; the text names the file and the server."""


def expect_refusal(request: Callable[[], object]) -> Refused:
    """Make a request that the server has to refuse, and return the refusal.

    Raises:
        NotRefused: the server accepted the request.
    """
    try:
        served = request()
    except Refused as refused:
        return refused
    raise NotRefused(f"expected a refusal, received {served}")


def address_in(url: str) -> IPv4Address:
    """The IP address in a URL.

    Raises:
        NotFetched: the URL has a host name; there is no DNS server on the segment to resolve it.
    """
    host = urlsplit(url).hostname or ""
    try:
        return IPv4Address(host)
    except ValueError:
        raise NotFetched(f"{url}: {host!r} is no address, and names are not resolved") from None
