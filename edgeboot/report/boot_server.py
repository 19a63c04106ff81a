"""Which boot server a reply names on the wire, and what each client makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.node.exchange import Reply

_READERS: Final = {"EDK2": "edk2-pxe-x86-64", "iPXE": "ipxe-x86-64", "U-Boot": "u-boot-arm64"}


def on_the_wire(reply: Reply, expected: IPv4Address) -> str | None:
    """What a reply without ``siaddr`` names, and whom each client would ask; None for any other reply."""
    if reply.message.siaddr != UNSPECIFIED:
        return None
    asked = {
        name: _host(boots_from(CLIENTS[client], [reply.message]).url) for name, client in _READERS.items()
    }
    texts = "; ".join(f"{name} would ask {host or 'nobody'}" for name, host in asked.items())
    identifier = f", option 54 is {reply.server_identifier}" if reply.server_identifier else ""
    received = f"received siaddr {UNSPECIFIED}{identifier} from {reply.sender}"
    return f"next_server: expected {expected}, {received}; {texts}"


def without_siaddr(outcome: Boot | NoBoot, reply: Reply | None) -> str:
    """That a client took option 54 for its boot server, as ``siaddr`` is empty; else nothing."""
    if reply is None or reply.message.siaddr != UNSPECIFIED or reply.server_identifier is None:
        return ""
    fallback = _host(outcome.url) == str(reply.server_identifier)
    return f" (siaddr is {UNSPECIFIED}: that is option 54's address)" if fallback else ""


def decides(client: ClientProfile, outcome: Boot | NoBoot, replies: Iterable[Reply]) -> Reply | None:
    """The reply by which alone the client would boot the same; None where it takes more than one."""
    if outcome.url is None:
        return None
    return next((each for each in replies if boots_from(client, [each.message]).url == outcome.url), None)


def _host(url: str | None) -> str | None:
    return urlsplit(url or "").hostname
