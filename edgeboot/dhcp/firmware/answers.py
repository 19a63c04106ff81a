"""The replies one client received, grouped as every client groups them: offers, proxy offers, ACKs."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType, OptionCode


@dataclass(frozen=True, slots=True)
class Answers:
    """The replies to DHCPDISCOVER and DHCPREQUEST, and those of boot servers to its boot requests."""

    messages: tuple[DhcpMessage, ...]
    from_boot_servers: tuple[tuple[DhcpMessage, ...], ...] = ()
    """For each boot request, in their order, the replies to it as they arrived; none if nobody answered."""

    @property
    def offers(self) -> tuple[DhcpMessage, ...]:
        """Every DHCPOFFER and BOOTP reply; the DHCPACKs where no offer was recorded."""
        offered = self._of(MessageType.DHCPOFFER) + self._of(None)
        return offered or self._of(MessageType.DHCPACK)

    @property
    def addressed(self) -> tuple[DhcpMessage, ...]:
        """The offers with an address in ``yiaddr``."""
        return tuple(offer for offer in self.offers if offer.yiaddr != UNSPECIFIED)

    @property
    def proxied(self) -> tuple[DhcpMessage, ...]:
        """The offers without an address, which are those of ProxyDHCP servers."""
        return tuple(offer for offer in self.offers if offer.yiaddr == UNSPECIFIED)

    def acknowledged(self, offer: DhcpMessage) -> DhcpMessage:
        """The DHCPACK of the server that made this offer; the offer itself where none was recorded."""
        server = offer.options.get(OptionCode.SERVER_IDENTIFIER)
        acks = self._of(MessageType.DHCPACK)
        return next((ack for ack in acks if ack.options.get(OptionCode.SERVER_IDENTIFIER) == server), offer)

    def _of(self, message_type: MessageType | None) -> tuple[DhcpMessage, ...]:
        return tuple(message for message in self.messages if message.message_type is message_type)


def has_vendor_class(vendor_class: str, message: DhcpMessage) -> bool:
    """Whether option 60 of a reply begins with this class, PXEClient or HTTPClient."""
    return (message.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b"").startswith(vendor_class.encode())
