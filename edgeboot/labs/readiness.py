"""Who asks first on a segment, to see that its server answers."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.spec.contract.contract import Contract

NEW_MACHINE: Final = EdgeNodeIdentity.numbered(0xFFFF)
"""One that no server knows; the tests number theirs from 1."""


def readiness_identity(contract: Contract, *, own_segment: bool) -> EdgeNodeIdentity:
    """Who asks whether the server answers: the contract's client, and a machine that the server serves.

    Where it serves reserved machines only, that is the first of them. The tests take its boot for that of any
    node.
    """
    client = contract.default_client
    machines = contract.machines(own_segment=own_segment) if contract.known_clients_only else ()
    reserved = (EdgeNodeIdentity.of(each.mac, client) for each in machines if each.mac is not None)
    return next(reserved, NEW_MACHINE.as_client(client))
