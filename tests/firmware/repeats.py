"""How a client asks again where nobody answers: how often, after how long, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT
from edgeboot.host.wire.frame import Frame, dissect
from tests.firmware.scripted_server import decoded

ENOUGH: Final = 4
"""DHCPDISCOVERs that are waited for; many clients never end."""

_OF_ONE_ATTEMPT: Final = 3
"""udhcpc begins anew behind the third."""


def repeat_differences(client: ClientProfile, discovers: Sequence[DhcpMessage]) -> Iterator[str]:
    """What the table says otherwise of the next DHCPDISCOVERs behind one that nobody has answered."""
    first = discovers[:_OF_ONE_ATTEMPT]
    kept = len({each.xid for each in first}) == 1
    if len(first) == _OF_ONE_ATTEMPT and kept is not client.keeps_transaction:
        yield f"xid of further DHCPDISCOVERs: kept {kept}, in the table {client.keeps_transaction}"


def waits_told(frames: Sequence[Frame], machine: MacAddress) -> str:
    """For a table: its DHCP messages, each with the seconds since the one before."""
    sent = [(frame.at, message.name) for frame in frames if (message := _of(frame, machine)) is not None]
    told = (f"{after:.1f} s {name}" for after, name in _since_the_one_before(sent))
    return ", ".join((sent[0][1], *told)) if sent else "no message"


def _since_the_one_before(sent: Sequence[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    for (before, _), (at, name) in pairwise(sent):
        yield at - before, name


def _of(frame: Frame, machine: MacAddress) -> DhcpMessage | None:
    """Its message to a DHCP server; None if the frame has none."""
    datagram = dissect(frame)
    if datagram is None or (datagram.source_mac, datagram.destination_port) != (machine, SERVER_PORT):
        return None
    return decoded(datagram)
