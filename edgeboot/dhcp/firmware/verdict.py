"""The outcome of a boot prediction: ``Boot`` with a URL, or ``NoBoot`` with a reason; and boot requests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.dhcp.firmware.names import BootString
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT


@dataclass(frozen=True, slots=True)
class BootRequest:
    """A DHCPREQUEST for a boot file, by a client that has its address (PXE 2.1 section 2.2.4)."""

    server: IPv4Address | None
    """The boot server, asked on port 4011; None if any is asked, by broadcast to port 67."""
    item: int | None = None
    """The type of the item chosen from a boot menu (PXE_BOOT_ITEM, option 43 tag 71); None without a menu."""

    def __str__(self) -> str:
        where = (
            f"port {BOOT_SERVER_PORT} of {self.server}" if self.server else "any boot server, by broadcast"
        )
        return where if self.item is None else f"{where}, for type {self.item} of the boot menu"


@dataclass(frozen=True, slots=True)
class Boot:
    """The client fetches this URL and starts the file; its content is not judged."""

    url: str
    requests: tuple[BootRequest, ...] = ()
    """The boot requests the client has sent before, in order."""

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class NoBoot:
    """The client fetches nothing."""

    reason: str
    requests: tuple[BootRequest, ...] = ()
    """The boot requests it sends, in order; if the last is still unanswered, the reason holds until it is."""

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
    name: BootString | None, server: IPv4Address | None, requests: tuple[BootRequest, ...] = ()
) -> Boot | NoBoot:
    """A TFTP boot from name and server, or ``NoBoot`` where one of them is missing."""
    if name is None:
        return NoBoot("no boot file is named", requests)
    if not name.text:
        return NoBoot(f"{name.source} is present but empty", requests)
    if server is None:
        return NoBoot(f"no boot server is named for {name.text}", requests)
    return Boot(f"tftp://{server}/{name.text.lstrip('/')}", requests)
