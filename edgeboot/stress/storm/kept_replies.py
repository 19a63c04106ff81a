"""Which DHCP replies to a node are kept for its boot file: the offer taken, a ProxyDHCP's, DHCPACKs."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.stress.storm.boot_plans import NO_REPLY
from edgeboot.stress.storm.fetching import Fetching
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.reply_reader import U16, U32, YIADDR, whole

_SOURCE: Final = 26
"""Where in a frame the IP address is that sent it."""
_UDP_HEADER: Final = 8
_SELECTING, _OFFERED, _REQUESTING, _FETCHING = (
    int(each) for each in (Phase.SELECTING, Phase.OFFERED, Phase.REQUESTING, Phase.FETCHING)
)


def keep_offer(
    fetching: Fetching, nodes: VirtualNodes, number: int, memory: memoryview, message: int
) -> None:
    """Of each node the offer that it takes, and the first of a ProxyDHCP before its DHCPREQUEST.

    Args:
        fetching: of the round.
        nodes: of the round.
        number: the node's.
        memory: where the DHCPOFFER is.
        message: where it begins.
    """
    phase, address = nodes.phase[number], U32(memory, message + YIADDR)[0]
    column = fetching.columns.offer if address else fetching.columns.proxy
    waits = phase in {_SELECTING, _OFFERED}
    if waits and (column[number] == NO_REPLY or (address and phase == _SELECTING)):
        column[number] = fetching.plans.number_of(whole(memory, message))


def keep_ack(
    fetching: Fetching, nodes: VirtualNodes, number: int, memory: memoryview, start: int, message: int
) -> bool:
    """The DHCPACK of its lease; or that of a boot server, which is answered by it alone: whether it was one.

    Args:
        fetching: of the round.
        nodes: of the round.
        number: the node's.
        memory: where the DHCPACK is.
        start: of its frame.
        message: where it begins.
    """
    phase = nodes.phase[number]
    if phase == _REQUESTING:
        fetching.columns.ack[number] = fetching.plans.number_of(whole(memory, message))
    elif phase == _FETCHING and fetching.waits_for_boot_server(number):
        # The DHCPACK of its lease may come once more, with the same xid: to a DHCPREQUEST sent again.
        source, port = U32(memory, start + _SOURCE)[0], U16(memory, message - _UDP_HEADER)[0]
        without_address = not U32(memory, message + YIADDR)[0]
        if port == BOOT_SERVER_PORT or (without_address and source == fetching.columns.server[number]):
            fetching.answered(number, fetching.plans.number_of(whole(memory, message)))
            return True
    return False
