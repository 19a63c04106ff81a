"""The lines of a dnsmasq.conf that may decide a field: what each gives, and to whom it applies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.option_lines import applied_options, option_lines
from edgeboot.server.dnsmasq.origins import ORIGINS, Origin
from edgeboot.server.dnsmasq.tags import (
    ClientTags,
    Tagged,
    addresses,
    applied_boot,
    client_tags,
    host_of,
    range_of,
)
from edgeboot.server.dnsmasq.values import as_written, lease_seconds

_FRACTIONS: Final = {"lease_time": (1, 1), "renewal_time": (1, 2), "rebinding_time": (7, 8)}


@dataclass(frozen=True, slots=True)
class Sent:
    """A client's message and the reply to it, which tell the client's tags."""

    request: DhcpMessage
    reply: DhcpMessage | None = None

    @classmethod
    def answered(cls, request: DhcpMessage | None, reply: DhcpMessage | None) -> Sent | None:
        """Both messages; None where the request is not known."""
        return None if request is None else cls(request, reply)

    @property
    def address(self) -> IPv4Address | None:
        """The address that the reply gives the client."""
        return None if self.reply is None or self.reply.yiaddr == UNSPECIFIED else self.reply.yiaddr

    def tags(self, lines: Sequence[Directive]) -> ClientTags:
        """The client's tags by these lines."""
        return client_tags(self.request, lines, self.address)


@dataclass(frozen=True, slots=True)
class Deciding:
    """One line that may decide a field."""

    tagged: Tagged
    gives: frozenset[str]
    """The values that it would give the field, as a dnsmasq.conf writes them."""
    applies: bool
    """Whether dnsmasq applies it to the client; true if the client is not known."""

    @property
    def line(self) -> Directive:
        """The line itself."""
        return self.tagged.line

    def loses_to(self, won: Deciding | None, tags: ClientTags) -> str:
        """Why it does not count for a client with these tags."""
        wants = ", ".join(self.tagged.needed)
        if not self.tagged.applies(tags.all):
            return f"wants tag {wants}" if wants else "is for other clients"
        if won is None:
            return "is for other clients"
        if won.tagged.needed and not self.tagged.needed:
            return "has no tag, and counts only where no tagged line applies"
        return f"({f'tag {wants}' if wants else 'no tag'}) applies too, but of several the last one counts"


def deciding_lines(
    field: str, received: object, lines: Sequence[Directive], sent: Sent | None
) -> tuple[Deciding, ...]:
    """The lines about a field, in the order of the file.

    Args:
        field: a key of ``ORIGINS``.
        received: the field's value; of ``options`` the codes.
        lines: of dnsmasq.conf.
        sent: the client's message and its reply; None if they are not known.
    """
    origin = ORIGINS[field]
    if field == "options" and isinstance(received, set | frozenset | tuple):
        origin = Origin("", "", tuple(code for code in received if isinstance(code, int)))
    tags = None if sent is None else sent.tags(lines)
    found = (
        *_options(origin, lines, sent, tags),
        *_boots(origin, field, lines, tags),
        *_ranges(field, received, lines, sent, tags),
        *_hosts(field, lines, sent, tags),
        *_others(origin, lines, tags),
    )
    return tuple(sorted(found, key=lambda each: each.line.number))


def _options(
    origin: Origin, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    about = [each for each in option_lines(lines) if each.code in origin.options]
    applied = about if sent is None or tags is None else applied_options(about, sent.request, tags)
    for each in about:
        yield Deciding(each.tagged, frozenset((str(each.code), *each.values)), each in applied)


def _boots(
    origin: Origin, field: str, lines: Sequence[Directive], tags: ClientTags | None
) -> Iterator[Deciding]:
    if origin.boot is None:
        return
    applied = None if tags is None else applied_boot(lines, tags)
    for each in map(Tagged.of, lines):
        if each.line.name == "dhcp-boot":
            words = each.words if field == "boots" else each.words[origin.boot : origin.boot + 1]
            given = frozenset(word for word in words if word)
            yield Deciding(each, given, tags is None or each == applied)


def _ranges(
    field: str, received: object, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    if not ORIGINS[field].ranges:
        return
    address = None if sent is None else sent.address
    served = None if address is None or tags is None else range_of(address, lines, tags.own)
    for each in map(Tagged.of, lines):
        if each.line.name == "dhcp-range":
            fits = tags is None or each.applies(tags.own)
            yield Deciding(each, _range_gives(field, received, each.words), fits and served in {None, each})


def _range_gives(field: str, received: object, words: Sequence[str]) -> frozenset[str]:
    found = addresses(words)
    if field == "address":
        inside = len(found) >= 2 and isinstance(received, IPv4Address) and found[0] <= received <= found[1]
        return as_written(received) if inside else frozenset()
    if field == "netmask":
        return as_written(tuple(found[2:3]))
    if field == "broadcast_address":
        derived = [IPv4Interface(f"{found[0]}/{mask}").network.broadcast_address for mask in found[2:3]]
        return as_written(tuple(found[3:4] or derived))
    seconds = lease_seconds(words)
    if field not in _FRACTIONS or seconds is None:
        return frozenset()
    part, whole = _FRACTIONS[field]
    return as_written(timedelta(seconds=seconds * part // whole))


def _hosts(
    field: str, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    if not ORIGINS[field].hosts:
        return
    own = None if sent is None or tags is None else host_of(sent.request, lines, tags.own)
    for each in map(Tagged.of, lines):
        if each.line.name == "dhcp-host" and (field != "ignored" or "ignore" in each.words):
            seconds = lease_seconds(each.words)
            time = frozenset() if seconds is None else as_written(timedelta(seconds=seconds))
            yield Deciding(each, frozenset(each.words) | time, tags is None or own == each)


def _others(origin: Origin, lines: Sequence[Directive], tags: ClientTags | None) -> Iterator[Deciding]:
    for each in map(Tagged.of, lines):
        if each.line.name in origin.others:
            yield Deciding(each, frozenset(each.words), tags is None or each.applies(tags.all))
