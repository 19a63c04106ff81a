"""A booting machine and a row: what it fetched from where, beside what the suite says that it boots."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.client_routes import routes_of_client
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, OptionCode
from edgeboot.node.boot.tftp_clients import READ_REQUESTS
from tests.firmware.messages import boot_request_differences, differences
from tests.firmware.offer import LEASED
from tests.firmware.repeats import repeat_differences
from tests.firmware.seen import Seen

NOTHING: Final = "nothing"
_OWN: Final = IPv4Network(f"{LEASED}/24", strict=False)
_NO_FILE: Final = re.compile(r"|[0-9A-F]{8}\.img|.*(%[0-9A-F]{2}|\\x|[\x00-\x1f]).*", re.DOTALL)
"""Names that no server has: none, U-Boot's by its address, and octets of options that are read as a name."""


def really_boots(fetched: Sequence[str]) -> str:
    """The first URL that the machine asked for, as it said it; ``nothing`` where that names no file."""
    if not fetched:
        return NOTHING
    name = fetched[0].split("/", 3)[3]
    return NOTHING if _NO_FILE.fullmatch(name) else fetched[0]


def expected(client: ClientProfile, done: Seen) -> Boot | NoBoot:
    """What the suite makes of the replies that the machine had."""
    replies = (*done.offers, *done.acks)
    return boots_from(client, replies, from_boot_servers=[each.replies for each in done.asked])


def said_to_boot(client: ClientProfile, done: Seen) -> str:
    """The same as the suite says it: nothing where no route leads to the boot server."""
    outcome = expected(client, done)
    return as_said(outcome) if outcome.url is None or _reaches(client, outcome.url, done) else NOTHING


def _reaches(client: ClientProfile, url: str, done: Seen) -> bool:
    try:
        host = IPv4Address(urlsplit(url).hostname or "")
    except ValueError:
        return True
    if host in _OWN or not done.acks:
        return True
    return routes_of_client(done.acks[-1].options, client).router_to(host) is not None


def as_said(outcome: Boot | NoBoot) -> str:
    """The URL with the name as the client says it to a TFTP server, its slashes included."""
    if outcome.url is None:
        return NOTHING
    scheme, _, host, _ = outcome.url.split("/", 3)
    return outcome.url if outcome.name is None else f"{scheme}//{host}/{outcome.name}"


def message_differences(client: ClientProfile, done: Seen, machine: uuid.UUID) -> tuple[str, ...]:
    """Where its messages to DHCP servers and boot servers are not those of the table."""
    identified = any(any(each.options.get(OptionCode.SERVER_IDENTIFIER) or b"") for each in done.offers)
    sent = (*done.discovers[:1], *(() if done.request is None else (done.request,)))
    told = [said for each in sent for said in differences(each, client, machine, identified=identified)]
    return (
        *told,
        *_of_boot_requests(client, done, machine),
        *_of_read_requests(client, done),
        *_of_repeats(client, done),
    )


def _of_repeats(client: ClientProfile, done: Seen) -> Iterator[str]:
    return iter(()) if done.offers else repeat_differences(client, done.discovers)


def _of_read_requests(client: ClientProfile, done: Seen) -> Iterator[str]:
    """Of the first alone: the servers here refuse it."""
    known = READ_REQUESTS.get(client.rules, ())[:1]
    if known and done.read_requests and done.read_requests[:1] != known:
        yield f"its read request has {done.read_requests[0].present}, in the table {known[0].present}"


def _of_boot_requests(client: ClientProfile, done: Seen, machine: uuid.UUID) -> Iterator[str]:
    outcome = expected(client, done)
    ours = [None if each.server is None else each.server for each in outcome.requests]
    real = [
        None if not each.destination.is_multicast and each.port != BOOT_SERVER_PORT else each.destination
        for each in done.asked
    ]
    if real != ours[: len(real)] or (done.fetched and real != ours):
        yield f"it asks {_listed(real)}, we say {_listed(ours)}"
        return
    for asked, request in zip(done.asked, outcome.requests, strict=False):
        yield from boot_request_differences(asked.message, asked.source_port, request, client, machine)


def _listed(servers: Sequence[object]) -> str:
    return ", ".join("everybody" if each is None else str(each) for each in servers) or "nobody"
