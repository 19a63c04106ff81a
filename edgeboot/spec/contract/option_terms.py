"""Contract terms about options: which ones a reply may carry, and the values of some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field, model_serializer, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.option_formats import OCTETS, SUB_OPTIONS, OptionFormat, OptionValue, guessed, octets
from edgeboot.dhcp.option_table import OPTIONS, code_of
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.spec.contract.terms import OptionNumber

_ALLOWED: Final = "allowed"
_FOR: Final = "for"
_TERMS: Final = {
    Code.SUBNET_MASK: "netmask",
    Code.ROUTER: "routers",
    Code.BROADCAST_ADDRESS: "broadcast_address",
    Code.IP_ADDRESS_LEASE_TIME: "lease_time",
    Code.SERVER_IDENTIFIER: "server_identifier",
    Code.RENEWAL_TIME: "renewal_time",
    Code.REBINDING_TIME: "rebinding_time",
    Code.TFTP_SERVER_NAME: "server_name",
    Code.BOOTFILE_NAME: "bootfile",
}
"""Options whose value is a term of its own."""
_OF_A_CLIENT: Final = frozenset({Code.ROUTER, Code.TFTP_SERVER_NAME, Code.BOOTFILE_NAME})
"""Those of them that a server may send differently to one client."""
_OF_THE_PROTOCOL: Final = frozenset(
    {
        Code.REQUESTED_IP_ADDRESS,
        Code.OPTION_OVERLOAD,
        Code.DHCP_MESSAGE_TYPE,
        Code.PARAMETER_REQUEST_LIST,
        Code.MAXIMUM_DHCP_MESSAGE_SIZE,
        Code.CLIENT_IDENTIFIER,
        Code.RELAY_AGENT_INFORMATION,
    }
)


@dataclass(frozen=True, slots=True)
class StatedOption:
    """The value that a contract states for an option."""

    code: int
    value: OptionValue
    format: OptionFormat

    def __str__(self) -> str:
        return f"option {option_name(self.code)}"

    def received(self, options: Options) -> OptionValue | None:
        """Its value in a reply, to be compared with ``value``; None where the reply lacks it."""
        return self.format.read(options.all(self.code))


class OptionTerms(StrictModel):
    """Which options a reply may carry, and what some of them must hold.

    Read from a list of codes, or from a table: ``allowed``, values by number or name, and ``for``,
    a table of values for each of some clients.
    """

    allowed: frozenset[OptionNumber] = frozenset()
    """Codes that a reply may carry with any value: those of other terms, and what is left open."""
    values: dict[OptionNumber, Any] = Field(default_factory=dict)
    """What is stated for every client, as it is written."""
    for_client: dict[str, dict[OptionNumber, Any]] = Field(default_factory=dict)
    """What is stated for one client, by the client's name."""

    @model_validator(mode="before")
    @classmethod
    def _from_toml(cls, terms: object) -> object:
        normal = numbered(terms)
        if not isinstance(normal, Mapping):
            raise ValueError(f"is no list of codes and no table, found {terms!r}")  # noqa: TRY004
        values = {code: value for code, value in normal.items() if code not in {_ALLOWED, _FOR}}
        per_client = normal.get(_FOR, {})
        for code, value in values.items():
            _check(code, value, may_differ=frozenset())
        for stated in per_client.values():
            for code, value in stated.items():
                _check(code, value, may_differ=_OF_A_CLIENT)
        return {"allowed": normal.get(_ALLOWED, frozenset()), "values": values, "for_client": per_client}

    @model_serializer
    def _to_toml(self) -> dict[str, Any]:
        values = {str(code): value for code, value in self.values.items()}
        return {_ALLOWED: self.allowed, _FOR: self.for_client, **values}

    @property
    def codes(self) -> frozenset[int]:
        """Every code that a reply to any client may carry."""
        return self.allowed.union(self.values, *self.for_client.values())

    def codes_for(self, client: str) -> frozenset[int]:
        """Every code that a reply to this client may carry."""
        return self.allowed.union(self.values, self.for_client.get(client, {}))

    def stated_for(self, client: str) -> tuple[StatedOption, ...]:
        """The values that are stated for this client, or for every client, by code."""
        values = {**self.values, **self.for_client.get(client, {})}
        return tuple(_stated(code, values[code]) for code in sorted(values))

    def withheld_from(self, client: str) -> frozenset[int]:
        """The codes that are stated for other clients only: this one is not sent them, even if it asks."""
        return self.codes - self.codes_for(client)


def numbered(terms: object) -> object:
    """The terms as a table whose options are numbers; one that two contracts name differently is then one.

    Raises:
        ValueError: an option is unknown, or is stated twice.
    """
    if isinstance(terms, list | tuple | set | frozenset):
        return {_ALLOWED: terms}
    if not isinstance(terms, Mapping):
        return terms
    normal: dict[Any, Any] = {name: terms[name] for name in (_ALLOWED, _FOR) if name in terms}
    if not isinstance(normal.get(_FOR, {}), Mapping):
        raise ValueError(f"for is no table of clients, found {normal[_FOR]!r}")  # noqa: TRY004
    if _FOR in normal:
        normal[_FOR] = {client: _by_number(stated) for client, stated in normal[_FOR].items()}
    return normal | _by_number({name: terms[name] for name in terms if name not in normal})


def _by_number(stated: object) -> dict[int, Any]:
    if not isinstance(stated, Mapping):
        raise ValueError(f"is no table of options, found {stated!r}")  # noqa: TRY004
    values: dict[int, Any] = {}
    for name, value in stated.items():
        code = code_of(str(name))
        if code in values:
            raise ValueError(f"{option_name(code)} is stated twice, once as {name!r}")
        values[code] = value
    return values


def _check(code: int, value: object, *, may_differ: frozenset[int]) -> None:
    """Refuse what cannot be stated; raises ValueError."""
    if code in _OF_THE_PROTOCOL:
        raise ValueError(f"{option_name(code)} belongs to the protocol and has no value of its own")
    if code in _TERMS and code not in may_differ:
        raise ValueError(f"{option_name(code)} is stated by the term {_TERMS[Code(code)]}")
    _stated(code, value)


def _stated(code: int, value: Any) -> StatedOption:
    data = octets(value)
    if data is not None:
        has_parts = code in OPTIONS and OPTIONS[code].format is SUB_OPTIONS
        return (
            StatedOption(code, SUB_OPTIONS.received(data), SUB_OPTIONS)
            if has_parts
            else StatedOption(code, data, OCTETS)
        )
    format_ = OPTIONS[code].format if code in OPTIONS else guessed(value)
    try:
        return StatedOption(code, format_.stated(value), format_)
    except (ValueError, TypeError):
        problem = f"{option_name(code)} has {format_.form}, or hex:…, found {value!r}"
        raise ValueError(problem) from None
