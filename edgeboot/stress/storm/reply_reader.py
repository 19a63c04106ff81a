"""The least that a storm reads of a reply: whose it is, its type, and its server identifier.

Everything else about a reply is for the suite's other tests: here it is read a thousand times a second,
so nothing is made of it but numbers.
"""

from __future__ import annotations

import struct
from typing import Final

from edgeboot.dhcp.message import BOOTREPLY
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.stress.storm.numbering import NUMBER_OCTETS, STORM_PREFIX

_IP: Final = 14
_UDP_HEADER: Final = 8
_XID: Final = 4
YIADDR: Final = 16
"""Where in a message the offered address is."""
_CHADDR: Final = 28
_OPTIONS: Final = 240
"""Behind header and magic cookie."""
NUMBER: Final = (1 << 8 * NUMBER_OCTETS) - 1
_PREFIX: Final = int.from_bytes(STORM_PREFIX, "big")
_TYPE, _SERVER, _LEASE_TIME, _PAD, _END = (
    int(OptionCode.DHCP_MESSAGE_TYPE),
    int(OptionCode.SERVER_IDENTIFIER),
    int(OptionCode.IP_ADDRESS_LEASE_TIME),
    int(OptionCode.PAD),
    int(OptionCode.END),
)
_ACK: Final = int(MessageType.DHCPACK)
U16: Final = struct.Struct("!H").unpack_from
U32: Final = struct.Struct("!I").unpack_from
_MAC: Final = struct.Struct("!IH").unpack_from
NOBODY: Final = -1


def message_at(memory: memoryview, start: int) -> int:
    """Where the message of a frame with a UDP datagram begins."""
    return start + _IP + 4 * (memory[start + _IP] & 0xF) + _UDP_HEADER


def whole(memory: memoryview, message: int) -> memoryview:
    """The octets of a message, as its UDP header counts them."""
    return memory[message : message + U16(memory, message - 4)[0] - _UDP_HEADER]


def number_at(memory: memoryview, mac: int) -> int:
    """The number of the node with the MAC address that is there."""
    return int.from_bytes(memory[mac + len(STORM_PREFIX) : mac + len(STORM_PREFIX) + NUMBER_OCTETS])


def node_in(memory: memoryview, message: int, end: int) -> int:
    """The xid of a reply to a storm's node: round and number of the node; ``NOBODY`` if it is none."""
    if end < message + _OPTIONS or memory[message] != BOOTREPLY:
        return NOBODY
    xid: int = U32(memory, message + _XID)[0]
    high, low = _MAC(memory, message + _CHADDR)
    return xid if high << 16 | low == _PREFIX << 8 * NUMBER_OCTETS | xid & NUMBER else NOBODY


def told_in(memory: memoryview, message: int, end: int) -> tuple[int, int, int]:
    """Options 53, 54 (as 32 bits) and, of a DHCPACK, 51; zero for what a reply has not, or not whole."""
    message_type = server = lease_time = 0
    at = message + _OPTIONS
    while at + 1 < end:
        code = memory[at]
        if code == _PAD:
            at += 1
            continue
        if code == _END:
            break
        following = at + 2 + memory[at + 1]
        if following > end:
            break
        if code == _TYPE and following > at + 2:
            message_type = memory[at + 2]
        elif code == _SERVER and following == at + 6:
            server = U32(memory, at + 2)[0]
        elif code == _LEASE_TIME and following == at + 6:
            lease_time = U32(memory, at + 2)[0]
        if message_type and server and (lease_time or message_type != _ACK):
            break
        at = following
    return message_type, server, lease_time
