"""What was fetched, from whom, and how long it took; or why it was not."""

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
    """A file as a node got it."""

    url: str
    content: bytes = field(repr=False)
    server: IPv4Address
    """The address the content came from."""
    mac: MacAddress
    """The Ethernet address it came from: who really served it."""
    server_port: int
    took: timedelta
    """From the request to the last octet."""

    def __str__(self) -> str:
        return f"{self.url} from {self.sender}: {self.size} octets, SHA-256 {self.sha256}"

    @property
    def sender(self) -> str:
        """Address and MAC, as messages name a server."""
        return f"{self.server} ({self.mac})"

    @property
    def size(self) -> int:
        """Octets."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class NotFetched(AssertionError):
    """A file did not come whole; the text tells who said what instead."""


class Refused(NotFetched):
    """A server that is there said no.

    Args:
        url: what was asked for.
        sender: who refused: address and MAC.
        code: TFTP's error code, or HTTP's status.
        said: its words.
    """

    def __init__(self, url: str, sender: str, code: int, said: str) -> None:
        self.sender = sender
        self.code = code
        super().__init__(f"{url}: {sender} says {said}")


class NotRefused(AssertionError):
    """A server handed out, or took, what it must refuse; the text tells what and whose it was."""


def refusal(act: Callable[[], object]) -> Refused:
    """The refusal that ``act`` meets.

    Raises:
        NotRefused: it met none.
    """
    try:
        served = act()
    except Refused as refused:
        return refused
    raise NotRefused(f"expected a refusal, received {served}")


def address_in(url: str) -> IPv4Address:
    """The server's address in a URL.

    Raises:
        NotFetched: it has a name instead, which nobody on the segment resolves.
    """
    host = urlsplit(url).hostname or ""
    try:
        return IPv4Address(host)
    except ValueError:
        raise NotFetched(f"{url}: {host!r} is no address, and names are not resolved") from None
