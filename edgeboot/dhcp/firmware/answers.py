"""Everything that came for one client, sorted as all of them sort it."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType, OptionCode


@dataclass(frozen=True, slots=True)
class Answers:
    """The replies to a DHCPDISCOVER and DHCPREQUEST, and what port 4011 said, where it was asked."""

    messages: tuple[DhcpMessage, ...]
    from_4011: DhcpMessage | None = None

    @property
    def offers(self) -> tuple[DhcpMessage, ...]:
        """Every DHCPOFFER or BOOTP reply in order; the acknowledgements, where only these were kept."""
        offered = self._of(MessageType.DHCPOFFER) + self._of(None)
        return offered or self._of(MessageType.DHCPACK)

    @property
    def addressed(self) -> tuple[DhcpMessage, ...]:
        """The offers with an address."""
        return tuple(offer for offer in self.offers if offer.yiaddr != UNSPECIFIED)

    @property
    def proxied(self) -> tuple[DhcpMessage, ...]:
        """The offers without one: a ProxyDHCP server's."""
        return tuple(offer for offer in self.offers if offer.yiaddr == UNSPECIFIED)

    def acknowledged(self, offer: DhcpMessage) -> DhcpMessage:
        """The same server's DHCPACK, where it was kept, else the offer."""
        server = offer.options.get(OptionCode.SERVER_IDENTIFIER)
        acks = self._of(MessageType.DHCPACK)
        return next((ack for ack in acks if ack.options.get(OptionCode.SERVER_IDENTIFIER) == server), offer)

    def _of(self, wanted: MessageType | None) -> tuple[DhcpMessage, ...]:
        return tuple(message for message in self.messages if message.message_type is wanted)


def is_for(scheme: str, message: DhcpMessage) -> bool:
    """Whether option 60 begins so: the server speaks to such clients."""
    return (message.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b"").startswith(scheme.encode())
