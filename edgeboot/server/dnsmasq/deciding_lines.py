"""The lines of a dnsmasq.conf that may decide a field or an option, each weighed as dnsmasq weighs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.deciding import Deciding, Sent
from edgeboot.server.dnsmasq.domain_lines import applied_domain
from edgeboot.server.dnsmasq.option_lines import OptionLine, applied_options, option_lines
from edgeboot.server.dnsmasq.origins import Origin
from edgeboot.server.dnsmasq.tags import ClientTags, Tagged, addresses, applied_boot, host_of, range_of
from edgeboot.server.dnsmasq.values import as_written, lease_seconds

_TIMES: Final = frozenset({58, 59})
_HOST_NAME: Final = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9.-]+)?", re.IGNORECASE)
_FRACTIONS: Final = {"lease_time": (1, 1), "renewal_time": (1, 2), "rebinding_time": (7, 8)}


def deciding_lines(
    origin: Origin, field: str, received: object, lines: Sequence[Directive], sent: Sent | None
) -> tuple[Deciding, ...]:
    """The lines about a field or an option, in the order of the file.

    Args:
        origin: what decides it.
        field: its name; empty for an option of no field.
        received: its value.
        lines: of dnsmasq.conf.
        sent: the client's message and its reply; None if they are not known.
    """
    tags = None if sent is None else sent.tags(lines)
    found = (
        *_options(origin, lines, sent, tags),
        *_boots(origin, field, lines, tags),
        *_ranges(origin, field, received, lines, sent, tags),
        *_hosts(origin, field, lines, sent, tags),
        *_others(origin, lines, sent, tags),
        *_makers(origin, lines, sent, tags),
    )
    return tuple(sorted(found, key=lambda each: each.line.number))


def _options(
    origin: Origin, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    about = [each for each in option_lines(lines) if each.code in origin.options]
    applied = about if sent is None or tags is None else applied_options(about, sent.request, tags)
    for each in about:
        unsent = "" if sent is None else _why_unsent(each, sent)
        is_ignored = each in applied and bool(unsent) and each.code in _TIMES
        applies = each in applied and not is_ignored
        yield Deciding(each.tagged, frozenset(each.values), applies, each, unsent, is_ignored)


def _why_unsent(each: OptionLine, sent: Sent) -> str:
    """Why dnsmasq does not send the option, although the line applies; empty if it does."""
    if not each.is_sent_to(sent.request):
        return f"is no dhcp-option-force, and the client does not ask for option {each.code}"
    lease = sent.reply.options.get(Code.IP_ADDRESS_LEASE_TIME) if sent.reply else None
    seconds = lease_seconds(each.values, shortest=0)
    if each.code in _TIMES and lease is not None and seconds is not None:
        return "is not below the lease time, and ignored" if seconds >= int.from_bytes(lease) else ""
    return ""


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
    origin: Origin,
    field: str,
    received: object,
    lines: Sequence[Directive],
    sent: Sent | None,
    tags: ClientTags | None,
) -> Iterator[Deciding]:
    if not origin.ranges:
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
    origin: Origin, field: str, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    if not origin.hosts:
        return
    own = None if sent is None or tags is None else host_of(sent.request, lines, tags.own, sent.address)
    for each in map(Tagged.of, lines):
        if each.line.name == "dhcp-host" and (field != "ignored" or "ignore" in each.words):
            seconds = lease_seconds(each.words)
            time = frozenset() if seconds is None else as_written(timedelta(seconds=seconds))
            names = {word.partition(".")[0] for word in each.words if _HOST_NAME.fullmatch(word)}
            yield Deciding(each, frozenset(each.words) | time | names, tags is None or own == each)


def _others(
    origin: Origin, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    domain = applied_domain(lines, None if sent is None else sent.address)
    for each in map(Tagged.of, lines):
        if each.line.name in origin.others:
            applies = tags is None or each.applies(tags.all)
            is_other_domain = sent is not None and each.line.name == "domain" and each.line != domain
            # dnsmasq writes the item's type behind a base name of pxe-service.
            names = {f"{word}.0" for word in each.words} if each.line.name == "pxe-service" else set[str]()
            yield Deciding(each, frozenset({*each.words, *names}), applies and not is_other_domain)


def _makers(
    origin: Origin, lines: Sequence[Directive], sent: Sent | None, tags: ClientTags | None
) -> Iterator[Deciding]:
    vendor = None if sent is None else sent.request.options.get(Code.VENDOR_CLASS_IDENTIFIER) or b""
    for each in map(Tagged.of, lines):
        if each.line.name in origin.makers:
            is_for = (
                not each.line.name.startswith("pxe-")
                or vendor is None
                or vendor.startswith(PXE_CLASS.encode())
            )
            applies = is_for and (tags is None or each.applies(tags.all))
            yield Deciding(each, frozenset(each.words), applies, is_maker=True)
    if Code.VENDOR_CLASS_IDENTIFIER in origin.options:
        # Beside a vendor's sub-options of 43 dnsmasq sends the client's own vendor class.
        for option in option_lines(lines):
            if option.vendor_class is not None:
                is_for = sent is None or (option.is_for(sent.request) and option.is_sent_to(sent.request))
                applies = is_for and (tags is None or option.tagged.applies(tags.all))
                yield Deciding(option.tagged, frozenset(), applies, is_maker=True)
