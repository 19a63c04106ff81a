"""A relay agent's copies of messages, where a capture has both sides of it: one conversation, not two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.report.machine_boot.traffic import PassedMessage

_SOON: Final = 2.0
"""Seconds within which an agent has passed a message on."""


def without_copies(messages: Sequence[PassedMessage]) -> tuple[PassedMessage, ...]:
    """The messages as the client sent and got them; those on the server's side alone where nothing else is.

    Args:
        messages: of one client, in the order of the capture.
    """
    direct: dict[object, list[float]] = {}
    for each in messages:
        if not each.is_relayed:
            direct.setdefault(_same(each), []).append(each.at)
    return tuple(
        each
        for each in messages
        if not (each.is_relayed and any(abs(at - each.at) < _SOON for at in direct.get(_same(each), ())))
    )


def _same(each: PassedMessage) -> tuple[object, ...]:
    message = each.message
    return message.op, message.xid, message.message_type, message.yiaddr
