"""The line that a dnsmasq.conf lacks, where dnsmasq's default without it is what was received."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.dhcp.clients import HTTP_CLASS
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import as_cause, unknown_includes
from edgeboot.server.dnsmasq.deciding import Deciding
from edgeboot.server.dnsmasq.origins import SUPPRESSED
from edgeboot.server.dnsmasq.resolver_lines import NO_DNS, serves_names
from edgeboot.server.dnsmasq.search import Search
from edgeboot.server.dnsmasq.values import as_written
from edgeboot.spec.manifests.cause import Cause

_DEFAULT_LEASE: Final = timedelta(hours=1)
_ADDED: Final = frozenset({1, 3, 28})
"""Options that dnsmasq adds by itself, and that a line without a value takes away."""
_CLASS: Final = Code.VENDOR_CLASS_IDENTIFIER
_DERIVED: Final = frozenset({"netmask", "broadcast_address", "renewal_time", "rebinding_time"})


def missing(search: Search) -> Iterator[Cause]:
    """The missing line, with those that are for other clients."""
    parts = [each for each in search.lost if _is_wanted_part(each, search)]
    if not parts and not _is_default(search):
        yield from _without_http_class(search)
        return
    origin, file = search.origin, shown(search.config.source)
    name, default = origin.missing, origin.default
    if search.is_absent and origin.absent:
        name, default = origin.absent, "it is not sent"
    unread = _unread(search)
    if not search.lost or search.sent is None:
        yield Cause(file, None, f"has no {name} line for it: {default}", "; ".join(unread))
        return
    text = f"has no {name} line for a client with the tags {search.sent.tags(search.lines)}: {default}"
    if search.field == "boots" and search.applied:
        text = f"has no {name} line with what was expected for a client with the tags " + str(
            search.sent.tags(search.lines)
        )
    yield Cause(file, None, text, "; ".join((*search.losing(parts or search.lost, None), *unread)))


def _without_http_class(search: Search) -> Iterator[Cause]:
    """The line by which an offer to UEFI HTTP Boot would have its class, where it lacks that."""
    sent = search.sent
    if search.field != "boots" or not search.is_absent or sent is None or sent.reply is None:
        return
    if not has_vendor_class(HTTP_CLASS, sent.request) or has_vendor_class(HTTP_CLASS, sent.reply):
        return
    if not any(word.startswith("http") for word in as_written(search.expected)):
        return
    lines = [each for each in search.deciding if each.option is not None and each.option.code == _CLASS]
    text = (
        f"has no dhcp-option-force=60,{HTTP_CLASS} line for a client with the tags {sent.tags(search.lines)}"
    )
    yield Cause(
        shown(search.config.source),
        None,
        f"{text}: UEFI HTTP Boot drops an offer without it",
        "; ".join(search.losing(lines, None)),
    )


def added(search: Search, code: int) -> Iterator[Cause]:
    """The lines that add an option, whatever its value, or the one that would take it away."""
    lines = [each.line for each in search.applied if _adds(each, code)]
    yield from (as_cause(line, search.config) for line in lines)
    if lines or any(each.option is not None for each in search.applied):
        return
    file, default = shown(search.config.source), search.origin.default
    unread = "; ".join(_unread(search))
    if code in _ADDED:
        yield Cause(file, None, f"has no dhcp-option={code} line: {default}", unread)
    elif code == Code.DOMAIN_NAME_SERVER and serves_names(search.lines):
        yield Cause(file, None, f"has no {NO_DNS}: {default}", unread)


def _adds(each: Deciding, code: int) -> bool:
    """Whether a line that applies adds this option to a reply."""
    if each.option is not None:
        return not each.unsent and (any(each.option.values) or code not in SUPPRESSED)
    if each.line.name == "dhcp-host":
        return code == Code.HOST_NAME
    return each.line.name != "dhcp-range" and (each.is_maker or bool(each.gives))


def _is_wanted_part(each: Deciding, search: Search) -> bool:
    """Whether a line for other clients has the file, or a sub-option, that was expected, and did not come."""
    if search.field == "boots":
        return search.is_absent and each.line.name == "dhcp-boot" and search.gives_wanted(each)
    if each.option is None or not each.option.is_part or search.expected is None:
        return False
    return each.holds(search.expected, search.server) and not each.holds(search.received, search.server)


def _is_default(search: Search) -> bool:
    """Whether what was received is what dnsmasq does without a line."""
    options = [each for each in search.applied if each.option is not None]
    own = search.server is None or as_written(search.received) == {str(search.server)}
    gives = any(each.gives for each in search.applied)
    verdicts = {
        "": search.is_absent and not search.applied,
        "routers": not options and own,
        "domain_name_servers": not options and (search.is_absent or (own and serves_names(search.lines))),
        "lease_time": not gives and search.received in {_DEFAULT_LEASE, ""},
        "next_server": search.boot is None and not options and own,
        "server_name": search.is_absent and not search.applied,
        "bootfile": search.is_absent and not search.applied,
        "boots": not search.applied and (own or not any(as_written(search.received))),
        "refused": not search.applied,
    } | dict.fromkeys(_DERIVED, not options and not gives)
    return verdicts.get(search.field, False)


def _unread(search: Search) -> list[str]:
    """What cannot be known: the lines of files that are not read here."""
    return [f"what {line.place}, {line}, adds is not known" for line in unknown_includes(search.config)]
