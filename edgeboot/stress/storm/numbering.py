"""A storm's nodes have numbers: MAC address, machine and transaction follow from a node's number."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.spec.contract.storm_terms import MacOrder

STORM_PREFIX: Final = bytes((0x02, 0xEB, 0x57))
"""The first half of every node's MAC address: locally administered, and one of the suite's own."""
NUMBER_OCTETS: Final = 3
FIRST_TRANSACTION: Final = 0x5A
"""That of a storm's first round: a reply says by its xid which round it is for."""
_MOST: Final = (1 << 8 * NUMBER_OCTETS) - 1
_HALF: Final = 4 * NUMBER_OCTETS
"""Bits: xor with the upper half undoes itself."""
_FACTOR: Final = 0x9E3779
"""Odd, so that each number has one multiple of so many bits (2654435769, the golden ratio's, cut)."""
_STEP: Final = 0x5851F5
"""From the nodes of one seed to those of the next: odd, and more than a storm has nodes."""
_INVERSE: Final = pow(_FACTOR, -1, _MOST + 1)
_MACHINES: Final = bytes.fromhex("6f1ed3b824c14a539d3c")


def scattered(number: int, seed: int = 1) -> int:
    """Another number of as many octets, for each number its own, in no order that a server could use.

    Args:
        number: a node's.
        seed: makes other numbers of the same ones.
    """
    number = (number + (seed - 1) * _STEP) * _FACTOR & _MOST
    return (number ^ number >> _HALF) * _FACTOR & _MOST


def gathered(number: int, seed: int = 1) -> int:
    """The number of which ``scattered`` has made this one."""
    number = number * _INVERSE & _MOST
    return (number ^ number >> _HALF) * _INVERSE - (seed - 1) * _STEP & _MOST


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the nodes' MAC addresses follow each other."""

    order: MacOrder = MacOrder.CONSECUTIVE
    seed: int = 1
    """Of scattered ones: which of them the nodes have."""

    @property
    def own(self) -> Callable[[int], int]:
        """What makes a node's number the one in its frames."""
        return partial(scattered, seed=self.seed) if self.order is MacOrder.SCATTERED else int

    @property
    def of_own(self) -> Callable[[int], int]:
        """What makes the number in a node's frames the node's."""
        return partial(gathered, seed=self.seed) if self.order is MacOrder.SCATTERED else int


CONSECUTIVE: Final = Numbering()


def mac_of(number: int) -> MacAddress:
    """The MAC address of a storm's node."""
    return MacAddress(STORM_PREFIX + number.to_bytes(NUMBER_OCTETS, "big"))


def machine_of(number: int) -> bytes:
    """The UUID of a storm's node, which ends with its MAC address."""
    return _MACHINES + STORM_PREFIX + number.to_bytes(NUMBER_OCTETS, "big")


def identity_of(number: int, client: ClientProfile) -> EdgeNodeIdentity:
    """A storm's node running a client."""
    return EdgeNodeIdentity(mac_of(number), uuid.UUID(bytes=machine_of(number))).as_client(client)


def xid_of(number: int, transaction: int) -> int:
    """The transaction identifier of a node: a transaction of all, 0 to 255, and its number."""
    return transaction << 8 * NUMBER_OCTETS | number
