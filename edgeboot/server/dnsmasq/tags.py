"""Which tags dnsmasq gives a client, and which of several lines it then applies (dnsmasq(8)).

A line applies if the client has every tag that it asks for and none that it excludes. Of several
tagged ``dhcp-boot`` lines, or ``dhcp-option`` lines of one option, that apply, the last in the
file wins, however many tags each has; one without a tag counts only where no tagged one applies.
Options for the tags of a range come after those for the client's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.matches import matched

_MARK: Final = re.compile(r"(set|tag|net):(.*)")
_HARDWARE: Final = re.compile(r"(?:[0-9a-fA-F]{1,2}-)?(?:(?:[0-9a-fA-F]{1,2}|\*):){5}(?:[0-9a-fA-F]{1,2}|\*)")
_MATCHING: Final = frozenset(
    {"dhcp-match", "dhcp-vendorclass", "dhcp-userclass", "dhcp-mac", "dhcp-circuitid", "dhcp-remoteid"}
    | {"dhcp-subscrid", "dhcp-name-match"}
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A line's value with its tags taken out."""

    line: Directive
    words: tuple[str, ...]
    """What is left, at its commas."""
    needed: tuple[str, ...] = ()
    """The tags that a client must have; those with ``!`` it must not have."""
    given: tuple[str, ...] = ()
    """The tags that the line gives."""

    @classmethod
    def of(cls, line: Directive) -> Tagged:
        """The line, read as dnsmasq reads its tags."""
        words, needed, given = list[str](), list[str](), list[str]()
        for word in line.value.split(","):
            mark = _MARK.fullmatch(word.strip())
            if mark is None:
                words.append(word.strip())
            elif mark[1] == "set" or (mark[1] == "net" and line.name in {"dhcp-host", "dhcp-range"}):
                given.append(mark[2])
            else:
                needed.append(mark[2].replace("#", "!", 1))
        if line.name in _MATCHING and words and not given:
            given.append(words.pop(0))  # Its older form: the tag without set:.
        return cls(line, tuple(words), tuple(needed), tuple(given))

    def applies(self, tags: Iterable[str]) -> bool:
        """Whether a client with these tags fulfils its conditions."""
        has = set(tags)
        return all((tag[1:] not in has) if tag.startswith("!") else (tag in has) for tag in self.needed)


@dataclass(frozen=True, slots=True)
class ClientTags:
    """The tags of one client in one transaction."""

    own: tuple[str, ...]
    """By its message, its machine and its interface, in the order in which they were given."""
    of_range: tuple[str, ...] = ()
    """By the range that its address is from."""
    sources: dict[str, Directive] = field(default_factory=dict)
    """The line that gave each, where one did."""

    @property
    def all(self) -> frozenset[str]:
        """Both kinds."""
        return frozenset((*self.own, *self.of_range))

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys((*self.own, *self.of_range))) or "none"


def client_tags(
    request: DhcpMessage,
    lines: Sequence[Directive],
    address: IPv4Address | None = None,
    interface: str | None = None,
) -> ClientTags:
    """The tags that dnsmasq gives the sender of a message.

    Args:
        request: the client's message.
        lines: of dnsmasq.conf.
        address: the address that it was offered, which tells its range; None for none.
        interface: where the server heard it; by default what the one ``interface=`` names.
    """
    tags, sources = list[str](), dict[str, Directive]()
    named = [line.value for line in lines if line.name == "interface"]
    tags += [interface] if interface else named if len(named) == 1 else []
    if request.message_type is None:
        tags.append("bootp")
    for each in map(Tagged.of, lines):
        if each.line.name in _MATCHING and matched(each.line.name, each.words, request):
            tags += each.given
            sources |= dict.fromkeys(each.given, each.line)
    host = host_of(request, lines, tags, address)
    elsewhere = None if host is not None else host_of(request, lines, tags)
    if elsewhere is not None:
        tags.append("known-othernet")
        sources["known-othernet"] = elsewhere.line
    if host is not None:
        tags += [*host.given, "known"]
        sources |= dict.fromkeys((*host.given, "known"), host.line)
    own = _with_conditional(tags, lines, sources)
    served = None if address is None else range_of(address, lines, own)
    if served is None or not served.given:
        return ClientTags(own, (), sources)
    sources |= dict.fromkeys(served.given, served.line)
    everything = _with_conditional([*own, *served.given], lines, sources)
    return ClientTags(own, tuple(tag for tag in everything if tag not in own), sources)


def host_of(
    request: DhcpMessage, lines: Sequence[Directive], tags: Iterable[str], address: IPv4Address | None = None
) -> Tagged | None:
    """The ``dhcp-host`` line of a client: by client identifier first, then by its MAC address.

    A line with an address counts on that address's network only: with ``address``, what the client was
    offered, those of other networks are left out.
    """
    has = tuple(tags)
    hosts = [each for each in map(Tagged.of, reversed(lines)) if each.line.name == "dhcp-host"]
    applying = [host for host in hosts if host.applies(has) and _is_of_network(host, address, lines)]
    identifier = request.options.get(Code.CLIENT_IDENTIFIER)
    if identifier is not None:
        for host in applying:
            if any(_is_client_id(word, identifier) for word in host.words):
                return host
    for host in applying:
        hardware = [word for word in host.words if _HARDWARE.fullmatch(word)]
        if any(matched("dhcp-mac", (word,), request) for word in hardware):
            return host
    return None


def range_of(address: IPv4Address, lines: Sequence[Directive], tags: Iterable[str] = ()) -> Tagged | None:
    """The ``dhcp-range`` that an address is from, else one of its network; None where there is none."""
    has = tuple(tags)
    ranges = [each for each in map(Tagged.of, lines) if each.line.name == "dhcp-range" and each.applies(has)]
    for each in ranges:
        ends = addresses(each.words)
        if len(ends) >= 2 and ends[0] <= address <= ends[1]:
            return each
    return next((each for each in ranges if _shares_network(address, each.words)), None)


def applied_boot(lines: Sequence[Directive], tags: ClientTags) -> Tagged | None:
    """The ``dhcp-boot`` line that dnsmasq applies."""
    boots = [each for each in map(Tagged.of, reversed(lines)) if each.line.name == "dhcp-boot"]
    tagged = [boot for boot in boots if boot.needed and boot.applies(tags.all)]
    return next(iter(tagged or [boot for boot in boots if not boot.needed]), None)


def winner(options: Sequence[Tagged], tags: ClientTags) -> Tagged | None:
    """Of the lines of one option, in the order of the file, the one that dnsmasq applies."""
    backwards = [each for each in reversed(options) if each.applies(tags.all)]
    own = [each for each in backwards if each.needed and each.applies(tags.own)]
    of_range = [each for each in backwards if each.needed]
    return next(iter(own or of_range or backwards), None)


def addresses(words: Iterable[str]) -> list[IPv4Address]:
    """The IPv4 addresses among a line's words."""
    found: list[IPv4Address] = []
    for word in words:
        try:
            found.append(IPv4Address(word))
        except AddressValueError:
            continue
    return found


def _with_conditional(
    tags: Sequence[str], lines: Sequence[Directive], sources: dict[str, Directive]
) -> tuple[str, ...]:
    """With the tags of the ``tag-if`` lines whose conditions hold, each line read once, in order."""
    has = list(tags)
    for each in map(Tagged.of, lines):
        if each.line.name == "tag-if" and each.applies(has):
            has += each.given
            sources |= dict.fromkeys(each.given, each.line)
    return tuple(dict.fromkeys(has))


def _is_client_id(word: str, identifier: bytes) -> bool:
    name, colon, wanted = word.partition(":")
    if name != "id" or not colon:
        return False
    if re.fullmatch(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2})+", wanted):
        return identifier == bytes(int(octet, 16) for octet in wanted.split(":"))
    # A type octet of zero before a text is left out (RFC 2132 section 9.14).
    return wanted != "*" and identifier.removeprefix(b"\0") == wanted.encode()


def _is_of_network(host: Tagged, address: IPv4Address | None, lines: Sequence[Directive]) -> bool:
    """Whether a range's network has both the line's address and this one; true where that is not known."""
    own = addresses(host.words)
    ranges = [each.words for each in map(Tagged.of, lines) if each.line.name == "dhcp-range"]
    if address is None or not own or not ranges:
        return True
    return any(_shares_network(own[0], words) and _shares_network(address, words) for words in ranges)


def _shares_network(address: IPv4Address, words: Sequence[str]) -> bool:
    found = addresses(words)
    masks = [each for each in found[1:] if int(each) & 0xFF000000 == 0xFF000000]
    if not found:
        return False
    mask = str(masks[0]) if masks else "255.255.255.0"
    return address in IPv4Network(f"{found[0]}/{mask}", strict=False)
