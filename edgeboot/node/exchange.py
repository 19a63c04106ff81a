"""One DHCP exchange: the message sent, and every reply with its sender."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.base.errors import NotAnswered
from edgeboot.dhcp import firmware
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire.frame import Datagram, Frame


@dataclass(frozen=True, slots=True)
class Reply:
    """One server message and the datagram that carried it, with its fields as firmware reads them.

    A property is None if the reply lacks the field, or has it with a wrong length.
    """

    message: DhcpMessage
    datagram: Datagram
    frame: Frame
    request: DhcpMessage | None = None
    """The message that it answers."""

    @property
    def sender(self) -> str:
        """IP address and MAC of the sender."""
        return self.datagram.sender

    @property
    def address(self) -> IPv4Address:
        """The address for the client, ``yiaddr``."""
        return self.message.yiaddr

    @property
    def is_proxy_offer(self) -> bool:
        """Whether it offers boot data and leaves the address to another server."""
        offered = self.message.message_type is MessageType.DHCPOFFER
        return offered and self.address == UNSPECIFIED

    @property
    def server_identifier(self) -> IPv4Address | None:
        """Option 54 (RFC 2132 section 9.7)."""
        return self._address(OptionCode.SERVER_IDENTIFIER)

    @property
    def netmask(self) -> IPv4Address | None:
        """Option 1."""
        return self._address(OptionCode.SUBNET_MASK)

    @property
    def broadcast_address(self) -> IPv4Address | None:
        """Option 28."""
        return self._address(OptionCode.BROADCAST_ADDRESS)

    @property
    def routers(self) -> tuple[IPv4Address, ...]:
        """Option 3, in order of preference."""
        return self._addresses(OptionCode.ROUTER)

    @property
    def domain_name_servers(self) -> tuple[IPv4Address, ...]:
        """Option 6, in order of preference."""
        return self._addresses(OptionCode.DOMAIN_NAME_SERVER)

    @property
    def lease_time(self) -> timedelta | None:
        """Option 51 (RFC 2132 section 9.2)."""
        return self._seconds(OptionCode.IP_ADDRESS_LEASE_TIME)

    @property
    def renewal_time(self) -> timedelta | None:
        """T1, option 58: when the client asks the same server again."""
        return self._seconds(OptionCode.RENEWAL_TIME)

    @property
    def rebinding_time(self) -> timedelta | None:
        """T2, option 59: when the client asks any server."""
        return self._seconds(OptionCode.REBINDING_TIME)

    @property
    def next_server(self) -> IPv4Address | None:
        """Where the boot file is fetched from, as EDK2 reads it."""
        return firmware.next_server(self.message)

    @property
    def bootfile(self) -> str | None:
        """The boot file's name, as EDK2 reads it."""
        name = firmware.bootfile(self.message)
        return None if name is None else name.text

    @property
    def server_name(self) -> str | None:
        """The boot server's name: option 66, else ``sname``."""
        name = firmware.server_name(self.message)
        return None if name is None else name.text

    @property
    def text(self) -> str | None:
        """Option 56, which says why a DHCPNAK was sent (RFC 2132 section 9.9)."""
        data = self.message.options.get(OptionCode.MESSAGE)
        return None if data is None else data.decode(errors="replace").strip("\0 ")

    def _address(self, code: OptionCode) -> IPv4Address | None:
        data = self.message.options.get(code)
        return IPv4Address(data) if data is not None and len(data) == 4 else None

    def _addresses(self, code: OptionCode) -> tuple[IPv4Address, ...]:
        data = self.message.options.get(code) or b""
        if len(data) % 4:
            return ()
        return tuple(IPv4Address(data[at : at + 4]) for at in range(0, len(data), 4))

    def _seconds(self, code: OptionCode) -> timedelta | None:
        data = self.message.options.get(code)
        return timedelta(seconds=int.from_bytes(data)) if data is not None and len(data) == 4 else None


class NotTheReply(NotAnswered):
    """Replies came, and none of them, or not one of them alone, is the expected one.

    Args:
        text: what was expected and received, and from whom.
        expected: what was expected.
        replies: what came.
    """

    def __init__(self, text: str, expected: str, replies: tuple[Reply, ...]) -> None:
        self.expected = expected
        self.replies = replies
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A client's message and every reply with its xid and chaddr, in order of arrival."""

    request: DhcpMessage
    sent: Frame
    replies: tuple[Reply, ...]
    waited: timedelta
    """Time from sending to the end of the window."""
    awaited: bool = True
    """False if no reply is expected."""
    proxies: int = 0
    """How many ProxyDHCP servers of the segment answer, in addition to the server with addresses."""
    overheard: tuple[str, ...] = ()
    """Messages received meanwhile that firmware would not accept as replies, and why not."""

    @property
    def offer(self) -> Reply:
        """The only DHCPOFFER; on a segment with ProxyDHCP servers the only one with an address.

        Raises:
            NotAnswered: there was no reply, another reply, or more than are expected.
        """
        return self.only(MessageType.DHCPOFFER)

    @property
    def proxy_offer(self) -> Reply:
        """The one DHCPOFFER without an address (PXE 2.1 section 2.2.3); raises as ``offer`` does."""
        offers = self._proxied
        if len(offers) == 1:
            return offers[0]
        raise self._not("one DHCPOFFER without an address")

    @property
    def nak(self) -> Reply:
        """The one DHCPNAK; raises as ``offer`` does."""
        return self.only(MessageType.DHCPNAK)

    @property
    def ack(self) -> Reply:
        """The one DHCPACK; raises as ``offer`` does."""
        return self.only(MessageType.DHCPACK)

    def only(self, wanted: MessageType) -> Reply:
        """The single reply, which must be of the wanted type; raises as ``offer`` does."""
        proxied = self._proxied if self.proxies else ()
        rest = [reply for reply in self.replies if reply not in proxied]
        if len(rest) == 1 and rest[0].message.message_type is wanted and len(proxied) == self.proxies:
            return rest[0]
        beside = f" beside {self.proxies} without an address" if self.proxies else ""
        raise self._not(f"one {wanted.name}{beside}")

    @property
    def answers(self) -> list[MessageType | None]:
        """The message types of the replies."""
        return [reply.message.message_type for reply in self.replies]

    @property
    def summary(self) -> str:
        """A short description of the request: type, xid and client."""
        return f"{self.request.name} xid {self.request.shown_xid} of {self.request.chaddr}"

    @property
    def round_trip(self) -> timedelta | None:
        """From sending to the first reply, by the kernel's time stamp."""
        return timedelta(seconds=self.replies[0].frame.at - self.sent.at) if self.replies else None

    @property
    def _proxied(self) -> tuple[Reply, ...]:
        return tuple(reply for reply in self.replies if reply.is_proxy_offer)

    def _not(self, expected: str) -> NotAnswered:
        waited = f"{self.waited.total_seconds():.2f} s"
        text = f"expected {expected} to {self.summary}, received {self.received} within {waited}"
        return NotTheReply(text, expected, self.replies) if self.replies else NotAnswered(text)

    @property
    def received(self) -> str:
        """A short description of the replies; without replies, of the mismatched messages."""
        if not self.replies:
            return f"nothing but {'; '.join(self.overheard)}" if self.overheard else "nothing"
        texts = [
            f"{reply.message.name} of {reply.address} from {reply.sender}"
            + (f", saying {reply.text!r}" if reply.text else "")
            for reply in self.replies
        ]
        return f"{len(texts)}: " + ", ".join(texts) if len(texts) > 1 else texts[0]
