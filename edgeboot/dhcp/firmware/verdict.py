"""The outcome of a boot prediction: ``Boot`` with a URL, or ``NoBoot`` with a reason; and boot requests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.dhcp.firmware.names import BootString
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT


@dataclass(frozen=True, slots=True)
class BootRequest:
    """A DHCPREQUEST for a boot file, by a client that has its address (PXE 2.1 section 2.2.4)."""

    server: IPv4Address | None
    """Whom port 4011 is asked of: a boot server, or a multicast group. None: any, by broadcast to port 67."""
    item: int | None = None
    """The type of the item chosen from a boot menu (PXE_BOOT_ITEM, option 43 tag 71); None without a menu."""
    client_port: int = CLIENT_PORT
    """The UDP port it is sent from, on which alone the client listens for the answer."""
    broadcast: bool = False
    """Whether it has the B flag."""
    server_identifier: IPv4Address | None = None
    """Its option 54; None without."""
    vendor_class: bytes | None = field(default=None, compare=False)
    """Its option 60; None for the client's own."""

    def __str__(self) -> str:
        if self.server is None:
            where = "any boot server, by broadcast"
        elif self.server.is_multicast:
            where = f"any boot server, by multicast to port {BOOT_SERVER_PORT} of {self.server}"
        else:
            where = f"port {BOOT_SERVER_PORT} of {self.server}"
        return where if self.item is None else f"{where}, for type {self.item} of the boot menu"


@dataclass(frozen=True, slots=True)
class Boot:
    """The client fetches this URL and starts the file; its content is not judged."""

    url: str
    """By TFTP without the slashes that a name may begin with: most servers serve the same file then."""
    requests: tuple[BootRequest, ...] = ()
    """The boot requests the client has sent before, in order."""
    name: str | None = field(default=None, compare=False)
    """What it asks a TFTP server for, its leading slashes included; None where the URL says it."""

    def __str__(self) -> str:
        return self.url


class Lack(Enum):
    """What a client that boots nothing would have needed."""

    RULE = auto()
    """Something else, which the reason tells."""
    ADDRESS = auto()
    SERVER_IDENTIFIER = auto()
    """Option 54."""
    SINGLE_OPTION = auto()
    """An option that comes once."""
    SUBNET_MASK = auto()
    """Option 1."""
    BOOT_FILE = auto()
    BOOT_SERVER = auto()
    HTTP_CLASS = auto()
    """Option 60 HTTPClient."""
    URL = auto()
    NAME_SERVER = auto()
    """Option 6, for a URL with a host's name."""
    BOOT_SERVER_ANSWER = auto()
    """From a boot server or ProxyDHCP, whom it has asked or will ask."""
    MENU = auto()
    """A boot menu that leads to a boot server."""
    DHCP_TYPE = auto()
    """Option 53: it does not hear the replies of BOOTP."""


@dataclass(frozen=True, slots=True)
class NoBoot:
    """The client fetches nothing."""

    reason: str
    requests: tuple[BootRequest, ...] = ()
    """The boot requests it sends, in order; if the last is still unanswered, the reason holds until it is."""
    lacks: Lack = field(default=Lack.RULE, compare=False)

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
        return NoBoot("no boot file is named", requests, Lack.BOOT_FILE)
    if not name.text:
        return NoBoot(f"{name.source} is present but empty", requests, Lack.BOOT_FILE)
    if server is None:
        return NoBoot(f"no boot server is named for {name.text}", requests, Lack.BOOT_SERVER)
    return Boot(f"tftp://{server}/{name.text.lstrip('/')}", requests, name.text)
