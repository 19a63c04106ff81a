"""A round of a storm: one client after the other asks for an address on each node, as on a real machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import BOOT_STAGES, CLIENTS, BootRules, ClientProfile
from edgeboot.dhcp.clients.retransmission import Retransmission
from edgeboot.stress.storm.fetch_patience import fetch_patience
from edgeboot.stress.storm.numbering import CONSECUTIVE, Numbering

FIRMWARE: Final = "firmware"
STAGES: Final[Mapping[str, ClientProfile]] = MappingProxyType(
    dict(zip((FIRMWARE, "ipxe", "system"), BOOT_STAGES, strict=True))
)
"""What runs on an edge node, one after the other."""
MOST_ROUNDS: Final = 16


@dataclass(frozen=True, slots=True)
class Round:
    """One client's way to an address, and to its boot file.

    Raises:
        UsageError: the client's patience is not known, with DHCP or with boot servers.
    """

    client: ClientProfile
    fetches: bool = False
    """Whether it reads its boot file by TFTP once it has its address."""

    def __post_init__(self) -> None:
        if self.client.retransmission is None:
            problem = "has a patience that is not known, so that a storm of it would be a guess"
            raise UsageError(f"client {self.client.name}", problem, f"choose from {known_clients()}")
        if self.fetches:
            fetch_patience(self.client)

    @property
    def patience(self) -> Retransmission:
        """The client's."""
        assert self.client.retransmission is not None, "checked when it was made"  # noqa: S101
        return self.client.retransmission


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round is: its index, and how many there are."""

    index: int
    rounds: int
    macs: Numbering = CONSECUTIVE
    """How the nodes' MAC addresses follow each other."""


def known_clients() -> str:
    """The names of the clients that a storm can be made of."""
    return ", ".join(each.name for each in CLIENTS.values() if each.retransmission is not None)


def rounds_named(names: str, firmware: ClientProfile, *, fetch: bool = False) -> tuple[Round, ...]:
    """The rounds of ``--rounds``: stages, or names of clients, separated by commas.

    Args:
        names: such as "firmware,ipxe,system".
        firmware: the client of the stage "firmware".
        fetch: whether those that boot from the network read their boot files.

    Raises:
        UsageError: there is no such stage or client, its patience is not known, or there are too many.
    """
    known = {**CLIENTS, **STAGES, FIRMWARE: firmware}
    listed = [each.strip() for each in names.split(",")]
    if len(listed) > MOST_ROUNDS:
        raise UsageError("--rounds", f"has {len(listed)} rounds", f"give {MOST_ROUNDS} at most")
    for name in listed:
        if name not in known:
            hint = f"choose from {', '.join(STAGES)}, {known_clients()}"
            raise UsageError(f"--rounds {names}", f"has no such round: {name!r}", hint)
    clients = [known[name] for name in listed]
    return tuple(Round(each, fetch and each.rules is not BootRules.NOTHING) for each in clients)
