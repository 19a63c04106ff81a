"""Contract beside received: each field that the contract states, and what the first boot's replies had."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.report.check import difference
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS, ReplyField
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class Received:
    """One row, as texts."""

    label: str
    place: str
    """The option or the header's field that carries it."""
    stated: str
    offer: str
    ack: str
    differs: bool

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**data)


def received(offer: Reply, ack: Reply, contract: Contract, config: ServerConfig) -> tuple[Received, ...]:
    """A row for each field with a term, of a DHCPOFFER and the DHCPACK that followed it."""
    return tuple(
        Received(
            field.label,
            _place(field),
            _stated(field, contract),
            _value(field, offer),
            _value(field, ack),
            any(difference(reply, field, contract, config) is not None for reply in (offer, ack)),
        )
        for field in FIELDS.values()
        if field.stated
    )


def _place(field: ReplyField) -> str:
    option = option_name(field.option) if field.option is not None else ""
    return ", ".join(filter(None, (option, field.header)))


def _stated(field: ReplyField, contract: Contract) -> str:
    if field.name == "options":
        return shown_value(contract.options.codes)
    return shown_value(getattr(contract, field.contract_term or field.name))


def _value(field: ReplyField, reply: Reply) -> str:
    if field.name == "options":
        return shown_value(frozenset(reply.message.options.codes))
    return shown_value(getattr(reply, field.name))
