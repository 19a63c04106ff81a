"""The answer to one question: would it boot, and from what?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.dhcp.firmware.names import BootString


@dataclass(frozen=True, slots=True)
class Boot:
    """The client fetches this file and starts it, whatever is in it."""

    url: str
    asks: IPv4Address | None = None
    """The server it asks on port 4011 before."""

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class NoBoot:
    """The client fetches nothing."""

    reason: str
    asks: IPv4Address | None = None
    """The server it asks on port 4011 first; what is said here holds as long as that is silent."""

    @property
    def url(self) -> None:
        """Nothing, where a ``Boot`` has its URL."""
        return None

    def __str__(self) -> str:
        return f"nothing: {self.reason}"


def host_of_url(text: str, schemes: Collection[str] = ()) -> str | None:
    """The host, where the name is a URL with an authority, of one of these schemes if any are given."""
    try:
        parts = urlsplit(text)
    except ValueError:  # Such as an IPv6 address that does not end.
        return None
    fits = parts.scheme and (not schemes or parts.scheme.lower() in schemes)
    return (parts.hostname or None) if fits else None


def fetched(
    name: BootString | None, server: IPv4Address | None, asks: IPv4Address | None = None
) -> Boot | NoBoot:
    """A file by TFTP, which needs a name and a server."""
    if name is None:
        return NoBoot("no boot file is named", asks)
    if not name.text:
        return NoBoot(f"{name.source} is there and names no boot file", asks)
    if server is None:
        return NoBoot(f"no boot server is named for {name.text}", asks)
    return Boot(f"tftp://{server}/{name.text.lstrip('/')}", asks)
