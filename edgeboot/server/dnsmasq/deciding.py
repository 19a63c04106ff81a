"""A line of a dnsmasq.conf that may decide a field or an option: what it gives, and to whom it applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.option_lines import OptionLine
from edgeboot.server.dnsmasq.option_values import holds
from edgeboot.server.dnsmasq.tags import ClientTags, Tagged, client_tags
from edgeboot.server.dnsmasq.values import as_written


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

    @property
    def server(self) -> IPv4Address | None:
        """The reply's server identifier."""
        data = self.reply.options.get(Code.SERVER_IDENTIFIER) if self.reply else None
        return IPv4Address(data) if data is not None and len(data) == 4 else None

    def tags(self, lines: Sequence[Directive]) -> ClientTags:
        """The client's tags by these lines."""
        return client_tags(self.request, lines, self.address)


@dataclass(frozen=True, slots=True)
class Deciding:
    """One line that may decide a field or an option."""

    tagged: Tagged
    gives: frozenset[str]
    """The values that it would give the field, as a dnsmasq.conf writes them."""
    applies: bool
    """Whether dnsmasq applies it to the client; true if the client is not known."""
    option: OptionLine | None = None
    """Of a dhcp-option line."""
    unsent: str = ""
    """Why dnsmasq does not send what it gives, although it applies; empty if it does."""
    is_ignored: bool = False
    """Whether that is because its value makes no sense, so that another line counts in its place."""
    is_maker: bool = False
    """Whether its words are not the value, which dnsmasq makes of them."""

    @property
    def line(self) -> Directive:
        """The line itself."""
        return self.tagged.line

    def holds(self, value: object, server: IPv4Address | None) -> bool:
        """Whether it gives this value, or, of several, one of them.

        Args:
            value: of the field, in the form of ``spec.contract.fields`` or ``dhcp.option_formats``.
            server: dnsmasq's own address; None if it is not known.
        """
        if self.option is not None:
            return holds(self.option, value, server)
        return not self.is_maker and bool(as_written(value) & self.gives)

    def loses_to(self, won: Deciding | None, tags: ClientTags) -> str:
        """Why it does not count for a client with these tags."""
        wants = ", ".join(self.tagged.needed)
        if not self.tagged.applies(tags.all):
            return f"wants tag {wants}" if wants else "is for other clients"
        if self.unsent:
            return self.unsent
        if self.line.name == "dhcp-range":
            return "is for other addresses"
        if won is None:
            return "is for other clients"
        if won.tagged.needed and not self.tagged.needed:
            return "has no tag, and counts only where no tagged line applies"
        return f"({f'tag {wants}' if wants else 'no tag'}) applies too, but of several the last one counts"
