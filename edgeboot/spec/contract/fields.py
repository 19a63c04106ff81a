"""The fields of a DHCP reply that this suite reads: the one table of names, options and labels.

Comparison (edgeboot/report/check.py), likely causes (edgeboot/server/dnsmasq/cause.py), the
probe's rows and docs/contract.md all go by these names; tests/unit/spec/test_fields.py fails
where one of them lacks a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from edgeboot.dhcp.vocabulary import OptionCode


class ValueKind(Enum):
    """What kind of value a field has."""

    ADDRESS = auto()
    ADDRESSES = auto()
    DURATION = auto()
    TEXT = auto()
    OPTIONS = auto()
    """A set of option codes."""


@dataclass(frozen=True, slots=True)
class ReplyField:
    """One field of a reply, by the name of its property in ``Reply``."""

    name: str
    label: str
    """For people: a row of the probe's table."""
    kind: ValueKind
    option: OptionCode | None = None
    """The option that carries it (RFC 2132)."""
    header: str | None = None
    """The field of the BOOTP header that carries it beside or instead of an option (RFC 2131 section 2)."""
    term: str | None = None
    """The field of ``Contract`` it is compared with, if not the one of the same name."""
    stated: bool = True
    """Whether the contract has a term for it."""

    @property
    def contract_term(self) -> str | None:
        """The field of ``Contract`` it is compared with; None where the contract has none."""
        return (self.term or self.name) if self.stated else None


_ROWS: Final = (
    ReplyField("address", "address", ValueKind.ADDRESS, header="yiaddr", term="pool"),
    ReplyField("netmask", "netmask", ValueKind.ADDRESS, OptionCode.SUBNET_MASK),
    ReplyField("broadcast_address", "broadcast", ValueKind.ADDRESS, OptionCode.BROADCAST_ADDRESS),
    ReplyField("routers", "router", ValueKind.ADDRESSES, OptionCode.ROUTER),
    ReplyField(
        "domain_name_servers",
        "DNS server",
        ValueKind.ADDRESSES,
        OptionCode.DOMAIN_NAME_SERVER,
        stated=False,
    ),
    ReplyField("server_identifier", "server id", ValueKind.ADDRESS, OptionCode.SERVER_IDENTIFIER),
    ReplyField("lease_time", "lease time", ValueKind.DURATION, OptionCode.IP_ADDRESS_LEASE_TIME),
    ReplyField("renewal_time", "T1", ValueKind.DURATION, OptionCode.RENEWAL_TIME),
    ReplyField("rebinding_time", "T2", ValueKind.DURATION, OptionCode.REBINDING_TIME),
    ReplyField("next_server", "next server", ValueKind.ADDRESS, header="siaddr"),
    ReplyField("server_name", "server name", ValueKind.TEXT, OptionCode.TFTP_SERVER_NAME, "sname"),
    ReplyField("bootfile", "boot file", ValueKind.TEXT, OptionCode.BOOTFILE_NAME, "file"),
    ReplyField("options", "options", ValueKind.OPTIONS),
)
FIELDS: Final = {field.name: field for field in _ROWS}
"""Every field, in the order in which people are shown them."""
