"""How many addresses a machine is given by its client identifiers (option 61), held against a contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Finding
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage
from edgeboot.spec.contract.contract import Contract

_ENDED: Final = (MessageType.DHCPRELEASE, MessageType.DHCPDECLINE)
"""After which the same machine may well have another address."""


def wrong_number_of_addresses(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """Where identifiers of one machine share a lease, or have one each, and the contract has it otherwise."""
    offered = _given(traffic, traffic.received(MessageType.DHCPOFFER), contract)
    offered.pop(b"", None)  # To a client without one a server may well offer the lease of its MAC address.
    leased = _given(traffic, traffic.received(MessageType.DHCPACK), contract)
    expected, alone = contract.addresses_per_boot, contract.ignores_client_identifiers
    if alone and len(offered) > 1 and len(set(offered.values())) > 1:
        told = f"{_shown(traffic, offered)}; by the contract the MAC address alone identifies a client"
        yield Finding("addresses_per_boot", expected, len(set(offered.values())), None, (), told)
    elif len(set(leased.values())) > expected and not any(map(traffic.sent, _ENDED)):
        told = f"{_shown(traffic, leased)}; by the contract it has {expected} at most"
        yield Finding("addresses_per_boot", expected, len(set(leased.values())), None, (), told)
    elif _share_one(leased, contract) and not _has_a_reservation(traffic, contract):
        told = f"{_shown(traffic, leased)}; by the contract each has an address of its own"
        yield Finding("addresses_per_boot", expected, 1, None, (), told)


def _given(
    traffic: MachineTraffic, replies: Sequence[PassedMessage], contract: Contract
) -> dict[bytes, IPv4Address]:
    """The last address for each identifier; that of its MAC address alone is empty."""
    requests = (*traffic.sent(MessageType.DHCPDISCOVER), *traffic.sent(MessageType.DHCPREQUEST))
    asked = {each.message.xid: each.message.options for each in reversed(requests)}
    given = {}
    for reply in replies:
        options = asked.get(reply.message.xid)
        known = reply.is_of(contract.server_identifier)
        if options is None or not known:
            continue
        identifier = options.get(OptionCode.CLIENT_IDENTIFIER) or b""
        if identifier == b"\1" + traffic.mac.packed:
            identifier = b""
        if reply.message.yiaddr != UNSPECIFIED:
            given[identifier] = reply.message.yiaddr
    return given


def _share_one(leased: Mapping[bytes, IPv4Address], contract: Contract) -> bool:
    """Whether identifiers have the same address that by the contract have one each."""
    each_has_one = not contract.ignores_client_identifiers and contract.addresses_per_boot > 1
    return each_has_one and len(leased) > 1 and len(set(leased.values())) == 1


def _has_a_reservation(traffic: MachineTraffic, contract: Contract) -> bool:
    """Whether an address is reserved for the machine: its identifiers share that one."""
    asked = (*traffic.sent(MessageType.DHCPDISCOVER), *traffic.sent(MessageType.DHCPREQUEST))
    return any(contract.reservation_of(each.message) is not None for each in asked)


def _shown(traffic: MachineTraffic, given: Mapping[bytes, IPv4Address]) -> str:
    addresses = ", ".join(map(str, sorted(set(given.values()))))
    return f"{len(given)} client identifiers of {traffic.mac} are given {addresses}"
