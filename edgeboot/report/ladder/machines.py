"""The machines of a segment by their roles, as far as a run knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Self

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import is_ours


class Role(Enum):
    """What a machine is to an edge node; in the order in which a chart shows them."""

    NODE = "edge node"
    SERVER = "DHCP server under test"
    DHCP_SERVER = "DHCP server"
    """Where it is not known which one is under test."""
    PROXY = "ProxyDHCP"
    OTHER_SERVER = "another DHCP server"
    BOOT_SERVER = "boot server"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Machines:
    """What is known of the segment's machines beside their frames; texts, as evidence keeps them."""

    server_mac: str = ""
    """Of the server under test."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Names of roles by IPv4 address, such as that of the boot server."""

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(data["server_mac"], data["roles"])

    def role(self, mac: MacAddress, addresses: frozenset[str], seen: Role) -> Role:
        """A machine's role: by what is known, else by what it was seen to do."""
        if is_ours(mac):
            return Role.NODE
        if str(mac) == self.server_mac:
            return Role.SERVER
        stated = next((self.roles[each] for each in sorted(addresses) if each in self.roles), None)
        if stated is not None and seen is not Role.OTHER_SERVER:
            return Role(stated)
        return Role.DHCP_SERVER if seen is Role.OTHER_SERVER and not self.server_mac else seen


@dataclass(frozen=True, slots=True)
class Participant:
    """One machine of a chart."""

    mac: MacAddress
    addresses: tuple[str, ...]
    """The IPv4 addresses it sends from, but for 0.0.0.0."""
    role: Role
    others: int = 0
    """How many machines of this role are drawn as this one, beside it."""

    @property
    def title(self) -> str:
        """The role, and how many there are of it."""
        return f"{self.role.value}s ({self.others + 1})" if self.others else self.role.value

    @property
    def shown_addresses(self) -> tuple[str, ...]:
        """Its addresses, and of more than three how many there are more."""
        more = (f"and {len(self.addresses) - 3} more",) if len(self.addresses) > 3 else ()
        return (*self.addresses[:3], *more)
