"""What a client did without a DHCPDISCOVER: it remembers its address, or has one."""

from __future__ import annotations

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.story_told.timeline import timeline
from tests.unit.report.capture_clients.captured import story
from tests.unit.report.captured import ADDRESS, NAK, from_server
from tests.unit.report.machine_boot.frames import ACK, FROM, asked, leased
from tests.unit.samples import XID, message


def test_refusal_before_the_first_dhcpdiscover_is_in_the_timeline() -> None:
    """Of the address that it remembers."""
    frames = (asked(MessageType.DHCPREQUEST, 0.1, xid=XID + 1), from_server(NAK, 0.2), *leased(1.0))
    titles = [each.title for each in timeline(story(*frames))]
    assert titles[1:3] == ["DHCPREQUEST", "DHCPNAK"]


def test_answer_to_a_dhcpinform_gives_no_address() -> None:
    """The client has one."""
    ack = from_server(message(ACK, FROM, yiaddr=UNSPECIFIED, ciaddr=ADDRESS), 0.2)
    told = [each.what for each in timeline(story(asked(MessageType.DHCPINFORM, 0.1), ack))]
    assert told[-1].startswith(f"DHCPACK without an address, to {ADDRESS}, from")
