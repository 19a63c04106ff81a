"""What a machine that is not the suite's says to everybody on the segment."""

from __future__ import annotations

from datetime import timedelta

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.message import BOOTREQUEST, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.port import Port
from edgeboot.node.matching import dhcp_message


def overheard(port: Port, mac: MacAddress, kind: MessageType, within: timedelta) -> DhcpMessage | None:
    """The next message of that type that a client broadcasts; None where none comes in time.

    Args:
        port: on the client's segment; its frames are read up to that message.
        mac: the client's chaddr.
        kind: such as DHCPDISCOVER.
        within: the time for it.
    """
    deadline = Deadline.after(within)
    with waiting(f"{kind.name} of {mac}", within):
        while (frame := port.receive(deadline)) is not None:
            parsed = dhcp_message(frame)
            message = None if parsed is None else parsed[0]
            if message is None or message.op != BOOTREQUEST or message.chaddr != mac:
                continue
            if message.message_type is kind:
                return message
    return None
