"""The outcome of a boot prediction: ``Boot`` with a URL, or ``NoBoot`` with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.dhcp.firmware.names import BootString


@dataclass(frozen=True, slots=True)
class Boot:
    """The client fetches this URL and starts the file; its content is not judged."""

    url: str
    boot_server: IPv4Address | None = None
    """The boot server the client asks on port 4011 before; None if it asks none."""

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class NoBoot:
    """The client fetches nothing."""

    reason: str
    boot_server: IPv4Address | None = None
    """The boot server it asks on port 4011 first; the reason holds while that server is silent."""

    @property
    def url(self) -> None:
        """Always None; the counterpart of ``Boot.url``."""
        return None

    def __str__(self) -> str:
        return f"nothing: {self.reason}"


def host_of_url(text: str, schemes: Collection[str] = ()) -> str | None:
    """The host of a URL; None where the text is no URL with a host and one of ``schemes`` (if given)."""
    try:
        parts = urlsplit(text)
    except ValueError:  # For example an unterminated IPv6 address.
        return None
    scheme_matches = parts.scheme and (not schemes or parts.scheme.lower() in schemes)
    return (parts.hostname or None) if scheme_matches else None


def tftp_boot(
    name: BootString | None, server: IPv4Address | None, boot_server: IPv4Address | None = None
) -> Boot | NoBoot:
    """A TFTP boot from name and server, or ``NoBoot`` where one of them is missing."""
    if name is None:
        return NoBoot("no boot file is named", boot_server)
    if not name.text:
        return NoBoot(f"{name.source} is present but empty", boot_server)
    if server is None:
        return NoBoot(f"no boot server is named for {name.text}", boot_server)
    return Boot(f"tftp://{server}/{name.text.lstrip('/')}", boot_server)
