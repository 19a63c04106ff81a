"""Which fields of a decoded message are those that a finding is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.ladder.chart import Row
from edgeboot.report.ladder.decoded import Decoded
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.fields import FIELDS

_OPTIONS: Final = "options"


def marked(decoded: Decoded, findings: Iterable[Finding]) -> tuple[Row, ...]:
    """The rows of a message, with what the findings about its sender and its values say of them."""
    rows = decoded.rows
    if decoded.message is None or decoded.datagram is None:
        return rows
    reply = Reply(decoded.message, decoded.datagram, decoded.frame)
    for finding in findings:
        if finding.sender == Sender.of(reply) and finding.field in FIELDS:
            rows = _with(rows, finding, reply)
    return rows


def _with(rows: tuple[Row, ...], finding: Finding, reply: Reply) -> tuple[Row, ...]:
    names = _rows_of(finding, reply)
    if not names:
        return rows
    text = (
        "not in the contract"
        if finding.field == _OPTIONS
        else f"{finding.field}: expected {shown_value(finding.expected)}"
    )
    if not any(row.name in names for row in rows):
        return (*rows, Row(min(names), "(not sent)", text))
    return tuple(replace(row, deviation=text) if row.name in names else row for row in rows)


def _rows_of(finding: Finding, reply: Reply) -> set[str]:
    """The rows that carry the finding's value; none where this reply has another one."""
    if finding.field == _OPTIONS:
        codes = finding.received if isinstance(finding.received, frozenset | set | tuple | list) else ()
        return {option_name(code) for code in codes if isinstance(code, int)} & {
            option_name(code) for code in reply.message.options.codes
        }
    field = FIELDS[finding.field]
    if getattr(reply, field.name) != finding.received:
        return set()
    sent = field.option is not None and field.option in reply.message.options
    if sent or (field.header is None and field.option is not None):
        return {option_name(field.option)} if field.option is not None else set()
    return {field.header} if field.header is not None else set()
