"""One packet of a capture, as a cheap tuple: a gigabyte has millions of them."""

from __future__ import annotations

from typing import Final, NamedTuple

from edgeboot.host.wire.frame import Frame

_TAG: Final = b"\x81\x00"
_ADDRESSES: Final = 12


class CapturedPacket(NamedTuple):
    """An Ethernet frame without its VLAN tags, and what the capture says of it."""

    number: int
    """From 1, as Wireshark counts."""
    at: float
    """Time in seconds since the epoch, from 0 to 2³²; of a packet without time, that of the one before it."""
    octets: bytes
    """The frame from its destination address on; zeros stand for the addresses that a link type lacks."""
    wire_length: int
    """Octets that the frame had on the wire, without tags; more than ``octets`` has where it was cut."""
    vlans: tuple[int, ...] = ()
    """The identifiers of the tags that it had, the outermost first (IEEE 802.1Q)."""
    interface: int = 0
    """Which interface of the capture, from 0, over all sections of a file."""
    checksum_pending: bool = False
    """Whether the sender left the checksum to the network card; only known of what this machine hears."""

    @property
    def cut(self) -> bool:
        """Whether the snap length kept a part of it out of the capture."""
        return len(self.octets) < self.wire_length

    @property
    def frame(self) -> Frame:
        """The same as a frame, with the innermost of its tags put back."""
        octets = self.octets if not self.vlans else _tagged(self.octets, self.vlans[-1:])
        return Frame(octets, self.at, checksum_pending=self.checksum_pending, number=self.number)

    @property
    def tagged(self) -> bytes:
        """The octets with all of its tags put back, each as one of IEEE 802.1Q."""
        return _tagged(self.octets, self.vlans)


def _tagged(octets: bytes, vlans: tuple[int, ...]) -> bytes:
    tags = b"".join(_TAG + vlan.to_bytes(2) for vlan in vlans)
    return octets[:_ADDRESSES] + tags + octets[_ADDRESSES:]
