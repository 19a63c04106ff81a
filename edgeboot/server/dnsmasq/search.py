"""What a dnsmasq.conf has about one field or option of a reply, and the lines of it that gave the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Final

from edgeboot.dhcp.firmware import bootfile
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
from edgeboot.server.dnsmasq.deciding import Deciding, Sent
from edgeboot.server.dnsmasq.deciding_lines import deciding_lines
from edgeboot.server.dnsmasq.origins import Origin
from edgeboot.server.dnsmasq.tag_sources import lacking, why_lacking
from edgeboot.server.dnsmasq.values import as_written
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_READING: Final = frozenset({43, 60})
"""Options that change how firmware reads an offer, whatever file it names."""
_BOOT_SERVER: Final = 2
"""The place of its address among the words of a dhcp-boot line."""


@dataclass(frozen=True, slots=True)
class Search:
    """The lines about one field or option, and what was received of it."""

    origin: Origin
    field: str
    """Empty for an option of no field."""
    received: object
    expected: object
    config: ServerConfig
    lines: Sequence[Directive]
    deciding: tuple[Deciding, ...]
    sent: Sent | None

    @classmethod
    def of(
        cls,
        origin: Origin,
        field: str,
        received: object,
        config: ServerConfig,
        sent: Sent | None,
        expected: object = None,
    ) -> Search:
        """With the lines about it."""
        lines = every_line(config)
        deciding = deciding_lines(origin, field, received, lines, sent)
        return cls(origin, field, received, expected, config, lines, deciding, sent)

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
        return self.sent.server if self.sent else None

    @property
    def is_absent(self) -> bool:
        """Whether the reply has no value."""
        return self.received in (None, (), "", b"") or self.received == ("", "")

    @property
    def lost(self) -> list[Deciding]:
        """Those that it did not apply."""
        return [each for each in self.deciding if not each.applies]

    def told(self, lost: Iterable[Deciding], won: Deciding | None) -> str:
        """Why each of these lines does not count, with the client's tags; empty without any, or a client."""
        each_one = list(lost)
        if not each_one or self.sent is None:
            return ""
        texts = "; ".join(self.losing(each_one, won))
        return f"the client's tags are {self.sent.tags(self.lines)}: {texts}"

    def losing(self, lost: Sequence[Deciding], won: Deciding | None) -> Iterator[str]:
        """Why each of these lines does not count, and why the client lacks a tag that they ask for."""
        if self.sent is None:
            return
        tags = self.sent.tags(self.lines)
        yield from (f"{each.line.place} {each.loses_to(won, tags)}" for each in lost)
        wanted = (tag for each in lost for tag in lacking(each.tagged.needed, tags.all))
        for tag in dict.fromkeys(wanted):
            yield why_lacking(tag, self.lines, self.sent.request)

    def giving(self) -> list[Cause]:
        """The lines that give what was received, and not what was expected."""
        given = [each for each in self.applied if self._gives_received(each)]
        return [as_cause(each.line, self.config, each.unsent or self._why(each)) for each in given]

    def _gives_received(self, each: Deciding) -> bool:
        if self.is_absent:
            return self._gives_nothing(each)
        if each.option is None or self.field == "boots":
            return not each.unsent and bool(
                (as_written(self.received) - as_written(self.expected)) & each.gives
            )
        holds_expected = self.expected is not None and each.holds(self.expected, self.server)
        return not each.unsent and each.holds(self.received, self.server) and not holds_expected

    def unresolved(self) -> list[Cause]:
        """The line that names a boot server whose address dnsmasq does not know."""
        boot, reply = self.boot, self.sent.reply if self.sent else None
        if self.field not in {"next_server", "boots"} or boot is None or reply is None:
            return []
        name = next(iter(boot.tagged.words[_BOOT_SERVER:]), "")
        if not name or reply.siaddr != UNSPECIFIED or name.replace(".", "").isdigit():
            return []
        reason = f"dnsmasq finds no address of {name} in its hosts files, and sends siaddr {UNSPECIFIED}"
        return [as_cause(boot.line, self.config, reason)]

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
            [as_cause(boot.line, self.config, "it names no server: dnsmasq then names itself")]
            if named
            else []
        )

    def made(self) -> list[Cause]:
        """The lines of which dnsmasq makes a value, where no line gives it as it is."""
        makers = [] if self.is_absent else [each.line for each in self.applied if each.is_maker]
        return [as_cause(line, self.config) for line in makers]

    def gives_wanted(self, each: Deciding) -> bool:
        """Whether a line gives what was expected, beyond what was received."""
        if each.option is not None and self.field != "boots":
            return each.holds(self.expected, self.server)
        wanted = as_written(self.expected) - as_written(self.received)
        if self.field == "boots" and self.is_absent and isinstance(self.expected, tuple):
            wanted = as_written(_told_apart(self.expected))
        return not each.is_maker and bool(wanted & each.gives)

    def read_otherwise(self) -> list[Cause]:
        """The line that names a file of which a client has made another name than was expected."""
        reply = self.sent.reply if self.sent else None
        if self.field != "boots" or self.is_absent or self.boot is None or reply is None:
            return []
        offered, (got, wanted) = bootfile(reply), (_path(self.received), _path(self.expected))
        if offered is None or self.boot.tagged.words[:1] != (offered.text,):
            return []
        beside = got.parent == PurePosixPath(offered.text).parent != wanted.parent
        return [as_cause(self.boot.line, self.config)] if str(got) == offered.text or beside else []

    def _gives_nothing(self, each: Deciding) -> bool:
        """Whether a line is why a field is empty: it states no value, or sends firmware elsewhere."""
        if self.field == "boots":
            reads_otherwise = each.option is not None and each.option.code in _READING
            return each.line.name == "pxe-service" or (reads_otherwise and not each.unsent)
        if each.line.name == "dhcp-boot":
            return not each.gives
        return each.option is not None and (bool(each.unsent) or not any(each.option.values))

    def _why(self, won: Deciding) -> str:
        """Why this line counts, and none of those that give what was expected."""
        if self.sent is None or self.expected is None:
            return ""
        if won.option is None and self.gives_wanted(won):
            return ""
        wanting = [each for each in self.lost if self.gives_wanted(each)]
        alike = [each for each in wanting if _kind(each) == _kind(won)]
        return self.told((*alike, *(each for each in self.lost if each.is_ignored)), won)


def _path(parts: object) -> PurePosixPath:
    """The path among the parts of a URL."""
    return PurePosixPath(parts[-1] if isinstance(parts, tuple) and parts else "")


def _told_apart(parts: tuple[str, ...]) -> tuple[str, ...]:
    """What of a URL's parts only a line for it has: not its host; by HTTP, not its name either."""
    url, *_, path = parts or ("", "")
    return (url,) if url.startswith("http") else (url, path)


def _kind(each: Deciding) -> str:
    return each.line.name if each.option is None else "dhcp-option"
