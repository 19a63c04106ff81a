"""Premises: what must hold before most tests can say anything; shown first, by the tests of the triage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final

from edgeboot.base.errors import NotAnswered
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.boot.fetched import NotServed
from edgeboot.node.exchange import NotTheReply
from edgeboot.report.findings import ANSWER_TIMES, Finding
from edgeboot.report.silence import ANSWER as ANSWER_FIELD

_GIVING: Final = frozenset({MessageType.DHCPOFFER, MessageType.DHCPACK})
_BUSY_MACHINE: Final = timedelta(seconds=1)
"""An answer that is late by less is one red test, and lets the others be run."""


class Premise(Enum):
    """A premise, in the order in which the triage shows them; the value is the marker's argument."""

    ANSWER = "answer"
    IN_TIME = "in_time"
    LEASE = "lease"
    ROOM = "room"
    KNOWN_IN_TIME = "known_in_time"
    BOOT_FILE = "boot_file"

    @property
    def broken(self) -> str:
        """What is so where it does not hold, for "not run: …"."""
        return _BROKEN[self]


_BROKEN: Final = MappingProxyType(
    {
        Premise.ANSWER: "no new node is answered",
        Premise.IN_TIME: "answers take longer than the contract allows",
        Premise.LEASE: "a new node gets no lease",
        Premise.ROOM: "no further node gets a lease",
        Premise.KNOWN_IN_TIME: "nodes that hold a lease are answered later than the contract allows",
        Premise.BOOT_FILE: "the boot server does not answer",
    }
)

_ANY_NODE: Final = frozenset({Premise.ANSWER, Premise.IN_TIME})
_WITH_LEASE: Final = _ANY_NODE | {Premise.LEASE}
_KNOWN: Final = _WITH_LEASE | {Premise.ROOM, Premise.KNOWN_IN_TIME}
_NEEDED_BY: Final = MappingProxyType(
    {
        "edge_nodes": _ANY_NODE,
        "first_node": _ANY_NODE,
        "first_boot": _WITH_LEASE,
        "new_edge_node": _ANY_NODE | {Premise.ROOM},
        "known_node": _KNOWN,
        "known_sentinel": _KNOWN,
        "boot_server": frozenset({Premise.BOOT_FILE}),
    }
)
"""What a fixture needs to be brought up, or to be of any use."""
_FIRST: Final = frozenset({"first_node", "first_boot"})
"""Fixtures that make the one node for which there is room in any pool."""


@dataclass(frozen=True, slots=True)
class Failed:
    """How a test of the triage failed."""

    error: BaseException
    findings: Collection[Finding]


def needs(fixtures: Iterable[str], shows: Collection[Premise] = ()) -> frozenset[Premise]:
    """The premises of a test.

    Args:
        fixtures: the names of all fixtures that it uses, directly or by another one.
        shows: those that the test itself is there to show; it needs only what comes before them.
    """
    used = frozenset(fixtures)
    needed = frozenset().union(*(_NEEDED_BY.get(name, frozenset()) for name in used))
    if "edge_nodes" in used and not used & _FIRST:
        needed |= {Premise.ROOM}
    order = list(Premise)
    first = min(map(order.index, shows), default=len(order))
    return frozenset(premise for premise in needed if order.index(premise) < first)


def breaks(premise: Premise, failed: Failed) -> bool:
    """Whether a test that shows the premise has failed by its not being so, and not by something else."""
    return _BREAKS[premise](failed)


def _is_silence(failed: Failed) -> bool:
    silent = any(each.field == ANSWER_FIELD and each.received is None for each in failed.findings)
    return isinstance(failed.error, NotAnswered) and silent


def _is_late(failed: Failed) -> bool:
    late = (each for each in failed.findings if each.field in ANSWER_TIMES)
    return any(
        isinstance(each.received, timedelta)
        and isinstance(each.expected, timedelta)
        and each.received > each.expected + _BUSY_MACHINE
        for each in late
    )


def _is_left_without(failed: Failed) -> bool:
    """Nothing came, or nothing with an address: of two servers' offers a node takes one."""
    if isinstance(failed.error, NotTheReply):
        return not any(reply.message.message_type in _GIVING for reply in failed.error.replies)
    return isinstance(failed.error, NotAnswered)


def _is_not_served(failed: Failed) -> bool:
    return isinstance(failed.error, NotServed)


_BREAKS: Final[MappingProxyType[Premise, Callable[[Failed], bool]]] = MappingProxyType(
    {
        Premise.ANSWER: _is_silence,
        Premise.IN_TIME: _is_late,
        Premise.LEASE: _is_left_without,
        Premise.ROOM: _is_left_without,
        Premise.KNOWN_IN_TIME: _is_late,
        Premise.BOOT_FILE: _is_not_served,
    }
)
