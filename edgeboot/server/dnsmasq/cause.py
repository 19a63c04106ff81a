"""Which line of dnsmasq.conf is the cause of a value in a reply, or which line is missing.

A cause is a line that dnsmasq applied to this client and that gives the received value, or the
absence of such a line where dnsmasq's default is what was received. A line that gives what was
expected is no cause. Where neither is found there is none: the server was started with another
file, or something else made the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.delays import delaying
from edgeboot.server.dnsmasq.missing import added, missing
from edgeboot.server.dnsmasq.origins import FIELD_OF, ORIGINS, origin_of
from edgeboot.server.dnsmasq.search import Search
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_BY_PRESENCE: Final = frozenset({"refused", "ignored", "rapid_commit"})
"""Fields that have no value: the lines that apply are the causes."""
_TIMES: Final = frozenset({"answer_time", "first_answer_time"})


def likely_causes(
    field: str,
    received: object,
    config: ServerConfig,
    *,
    expected: object = None,
    sent: Sent | None = None,
) -> tuple[Cause, ...]:
    """The lines that made a value, or the line that is missing; empty where nothing shows a cause.

    Args:
        field: a field of ``spec.contract.fields``, ``boots``, ``refused`` or ``ignored``, or the contract's
            term of an answer's time.
        received: the value in the reply; of ``options`` the codes, for ``boots`` the URL and its parts.
        config: the server's configuration and its file.
        expected: what it should be, in the same form.
        sent: the messages; without them all lines are weighed as if they applied.
    """
    if field == "options":
        codes = received if isinstance(received, set | frozenset | tuple) else ()
        searches = (Search.of(origin_of(code), FIELD_OF.get(code, ""), None, config, sent) for code in codes)
        found = (cause for code, each in zip(codes, searches, strict=True) for cause in added(each, code))
        return tuple(dict.fromkeys(found))
    if isinstance(received, timedelta) and field in _TIMES and sent is not None:
        line = delaying(received, every_line(config), sent)
        return () if line is None else (as_cause(line, config),)
    if field not in ORIGINS:
        return ()
    search = Search.of(ORIGINS[field], field, received, config, sent, expected)
    if field in _BY_PRESENCE:
        return causes_of((each.line for each in search.applied), config) or tuple(missing(search))
    return _causes(search)


def option_causes(
    code: int,
    received: object,
    config: ServerConfig,
    *,
    expected: object = None,
    sent: Sent | None = None,
) -> tuple[Cause, ...]:
    """As ``likely_causes``, for an option by its code.

    Args:
        code: the option.
        received: its value as ``dhcp.option_formats`` reads it; None where it was absent.
        config: the server's configuration and its file.
        expected: what it should be, in the same form; None for nothing.
        sent: the messages; without them all lines are weighed as if they applied.
    """
    return _causes(Search.of(origin_of(code), FIELD_OF.get(code, ""), received, config, sent, expected))


def causes_of(lines: Iterable[Directive], config: ServerConfig) -> tuple[Cause, ...]:
    """These lines as causes."""
    return tuple(as_cause(line, config) for line in lines)


def _causes(search: Search) -> tuple[Cause, ...]:
    found = search.giving() or search.unresolved() or search.without_server() or search.made()
    return tuple(found or missing(search)) or tuple(search.read_otherwise())
