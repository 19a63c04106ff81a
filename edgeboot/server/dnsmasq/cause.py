"""Which line of dnsmasq.conf is the cause of a value in a reply, or which line is missing.

A cause is a line that dnsmasq applied to this client and that gives the received value, or the
absence of such a line where dnsmasq's default is what was received. A line that gives what was
expected is no cause. Where neither is found there is none: the server was started with another
file, or something else made the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.server.dnsmasq.deciding import Deciding, Sent, deciding_lines
from edgeboot.server.dnsmasq.origins import DIRECTIVES_OF_OPTIONS, ORIGINS
from edgeboot.server.dnsmasq.values import as_written
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_NO_DNS: Final = "port=0"
_DEFAULT_LEASE: Final = timedelta(hours=1)
_BY_PRESENCE: Final = frozenset({"refused", "ignored", "rapid_commit"})
"""Fields that have no value: the lines that apply are the causes."""
_READING: Final = frozenset({43, 60})
"""Options that change how firmware reads an offer, whatever file it names."""
_BOOT_SERVER: Final = 2
"""The place of its address among the words of a dhcp-boot line."""


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
        field: a field of ``spec.contract.fields``, ``boots``, ``refused`` or ``ignored``.
        received: the value in the reply; for ``boots`` the URL and its parts.
        config: the server's configuration and its file.
        expected: what it should be, in the same form.
        sent: the messages; without them all lines are weighed as if they applied.
    """
    if field not in ORIGINS:
        return ()
    lines = directives(config.text)
    search = _Search(
        field, received, expected, config, lines, deciding_lines(field, received, lines, sent), sent
    )
    if field in _BY_PRESENCE:
        return causes_of((each.line for each in search.applied), config) or tuple(search.missing())
    if field == "options":
        return tuple(search.added_options())
    return tuple(search.giving() or search.unresolved() or search.without_server() or search.missing())


def causes_of(lines: Iterable[Directive], config: ServerConfig) -> tuple[Cause, ...]:
    """These lines as causes."""
    return tuple(_cause(line, config) for line in lines)


@dataclass(frozen=True, slots=True)
class _Search:
    """The lines about one field, and what was received of it."""

    field: str
    received: object
    expected: object
    config: ServerConfig
    lines: Sequence[Directive]
    deciding: tuple[Deciding, ...]
    sent: Sent | None

    @property
    def applied(self) -> list[Deciding]:
        """Those that dnsmasq applied to the client."""
        return [each for each in self.deciding if each.applies]

    @property
    def boot(self) -> Deciding | None:
        """The dhcp-boot line that it applied."""
        return next((each for each in self.applied if each.line.name == "dhcp-boot"), None)

    @property
    def server(self) -> IPv4Address | None:
        """The reply's server identifier."""
        reply = self.sent.reply if self.sent else None
        data = reply.options.get(Code.SERVER_IDENTIFIER) if reply else None
        return IPv4Address(data) if data is not None and len(data) == 4 else None

    def giving(self) -> list[Cause]:
        """The lines that give what was received, and not what was expected."""
        wanted = as_written(self.expected)
        different = as_written(self.received) - wanted
        given = [each for each in self.applied if different & each.gives]
        if self.received in (None, ()) or self.received == ("", ""):
            given = [each for each in self.applied if self._gives_nothing(each)]
        return [_cause(each.line, self.config, self._why(each, wanted - each.gives)) for each in given]

    def unresolved(self) -> list[Cause]:
        """The line that names a boot server whose address dnsmasq does not know."""
        boot, reply = self.boot, self.sent.reply if self.sent else None
        if self.field not in {"next_server", "boots"} or boot is None or reply is None:
            return []
        name = next(iter(boot.tagged.words[_BOOT_SERVER:]), "")
        if not name or reply.siaddr != UNSPECIFIED or name.replace(".", "").isdigit():
            return []
        reason = f"dnsmasq finds no address of {name} in its hosts files, and sends siaddr {UNSPECIFIED}"
        return [_cause(boot.line, self.config, reason)]

    def without_server(self) -> list[Cause]:
        """The line that names a file and no boot server."""
        boot, server = self.boot, self.server
        if (
            self.field not in {"next_server", "boots"}
            or boot is None
            or len(boot.tagged.words) > _BOOT_SERVER
        ):
            return []
        named = server is not None and str(server) in as_written(self.received) - as_written(self.expected)
        return (
            [_cause(boot.line, self.config, "it names no server: dnsmasq then names itself")] if named else []
        )

    def missing(self) -> Iterator[Cause]:
        """The line that is missing, where dnsmasq's default without it is what was received."""
        if not self._is_default():
            return
        origin, file = ORIGINS[self.field], shown(self.config.source)
        lost = [each for each in self.deciding if not each.applies]
        if not lost or self.sent is None:
            yield Cause(file, None, f"has no {origin.missing} line for it: {origin.default}")
            return
        tags = self.sent.tags(self.lines)
        why = "; ".join(f"line {each.line.number} {each.loses_to(None, tags)}" for each in lost)
        text = f"has no {origin.missing} line for a client with the tags {tags}: {origin.default}"
        yield Cause(file, None, text, why)

    def added_options(self) -> Iterator[Cause]:
        """The lines that add the received options, by their codes."""
        yield from causes_of((each.line for each in self.applied), self.config)
        codes = self.received if isinstance(self.received, set | frozenset | tuple) else ()
        for code in codes:
            if code == Code.DOMAIN_NAME_SERVER and not any(str(each) == _NO_DNS for each in self.lines):
                text = f"has no {_NO_DNS}: {ORIGINS['domain_name_servers'].default}"
                yield Cause(shown(self.config.source), None, text)
            names = DIRECTIVES_OF_OPTIONS.get(code, ())
            yield from causes_of((line for line in self.lines if line.name in names), self.config)

    def _gives_nothing(self, each: Deciding) -> bool:
        """Whether a line is why a field is empty: it states no value, or sends firmware elsewhere."""
        if self.field == "boots":
            return each.line.name == "pxe-service" or bool(
                _READING & {int(w) for w in each.gives if w.isdigit()}
            )
        if each.line.name == "dhcp-boot":
            return not each.gives
        return each.line.name.startswith("dhcp-option") and not any(each.tagged.words)

    def _is_default(self) -> bool:
        """Whether what was received is what dnsmasq does without a line."""
        options = [each for each in self.applied if each.line.name.startswith("dhcp-option")]
        own = self.server is None or as_written(self.received) == {str(self.server)}
        match self.field:
            case "netmask" | "broadcast_address" | "renewal_time" | "rebinding_time":
                return not options and not any(each.gives for each in self.applied)
            case "routers":
                return not options and own
            case "domain_name_servers":
                return not options and own and not any(str(each) == _NO_DNS for each in self.lines)
            case "lease_time":
                return not any(each.gives for each in self.applied) and self.received in {_DEFAULT_LEASE, ""}
            case "next_server":
                return self.boot is None and not options and own
            case "server_name" | "bootfile":
                return not self.applied and not self.received
            case "boots":
                return not self.applied and (own or not any(as_written(self.received)))
            case "refused":
                return not self.deciding
        return False

    def _why(self, won: Deciding, wanted: frozenset[str]) -> str:
        """Why this line counts, and none of those that give what was expected."""
        others = [each for each in self.deciding if wanted & each.gives and not each.applies]
        alike = [each for each in others if each.line.name == won.line.name]
        if not alike or self.sent is None:
            return ""
        tags = self.sent.tags(self.lines)
        texts = (f"line {each.line.number} {each.loses_to(won, tags)}" for each in alike)
        return f"the client's tags are {tags}: {'; '.join(texts)}"


def _cause(line: Directive, config: ServerConfig, reason: str = "") -> Cause:
    return Cause(shown(config.source), line.number, str(line), reason)
