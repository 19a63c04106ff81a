"""Which rounds of a machine are of its last boot: a capture may have yesterday's boot, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.rounds import Round

_PAUSE: Final = 30.0
"""Seconds after which firmware that asks again does so since the machine was started anew: what refuses a
file, or whose program ends at once, goes on to its next boot option within a second."""


def last_boot(rounds: Sequence[Round]) -> tuple[Round, ...]:
    """Its rounds, in their order; all where no later boot is known to have begun."""
    begins = 0
    for number in range(1, len(rounds)):
        if _begins_anew(rounds[number - 1], rounds[number]):
            begins = number
    return tuple(rounds[begins:])


def _begins_anew(before: Round, each: Round) -> bool:
    """Whether a machine had booted before: a system had its address, or a file came, and then a pause."""
    if _is_system(each):
        return False
    if _is_system(before):
        return bool(before.traffic.received(MessageType.DHCPACK))
    if each.is_ipxe and not before.is_ipxe:
        return False  # The file of the round before holds it, however long its start takes.
    ended = max((one.ended for one in before.fetched), default=each.began)
    return each.began - ended >= _PAUSE


def _is_system(each: Round) -> bool:
    return each.architecture is None and not each.is_ipxe
