"""Chains and rules of a packet filter as values, and which of them drops a UDP datagram.

A match that is not understood is neither true nor false: its rule may drop a datagram, or accept it.
A rule whose counter is zero has matched nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv4Network
from typing import Final

_UNCERTAIN: Final = frozenset({"new", "invalid", "untracked"})
"""States of connection tracking that a datagram without a connection may have."""
_DEPTH: Final = 16
"""Jumps from chain to chain, the kernel's own limit."""


class Direction(Enum):
    """Whether a datagram comes to the host or leaves it; the hooks that it passes."""

    IN = frozenset({"ingress", "prerouting", "input"})
    OUT = frozenset({"output", "postrouting", "egress"})


class Verdict(Enum):
    """What a rule does with what it matches."""

    ACCEPT = "accept"
    DROP = "drop"
    JUMP = "jump"
    GOTO = "goto"
    RETURN = "return"
    NONE = "none"
    """It counts, logs or marks."""


@dataclass(frozen=True, slots=True)
class UdpDatagram:
    """What rules match of a UDP datagram."""

    direction: Direction
    interface: str
    source: IPv4Address
    destination: IPv4Address
    source_port: int
    destination_port: int


@dataclass(frozen=True, slots=True)
class Match:
    """One condition of a rule: a key such as ``dport``, and the values it may have."""

    key: str
    values: tuple[str, ...] = ()
    negated: bool = False

    def fits(self, datagram: UdpDatagram) -> bool | None:
        """Whether the datagram fulfils it; None where that cannot be told."""
        if any(value.startswith("@") for value in self.values):
            return None  # A set, whose members are listed elsewhere.
        fulfilled = self._holds(datagram)
        return fulfilled if fulfilled is None else fulfilled is not self.negated

    def _holds(self, datagram: UdpDatagram) -> bool | None:
        incoming = datagram.direction is Direction.IN
        try:
            match self.key:
                case "protocol":
                    return bool({"udp", "17", "all", "ipv4"} & set(self.values))
                case "dport":
                    return any(_in_ports(each, datagram.destination_port) for each in self.values)
                case "sport":
                    return any(_in_ports(each, datagram.source_port) for each in self.values)
                case "daddr":
                    return any(_in_network(each, datagram.destination) for each in self.values)
                case "saddr":
                    return any(_in_network(each, datagram.source) for each in self.values)
                case "iif":
                    return incoming and any(_is_interface(each, datagram.interface) for each in self.values)
                case "oif":
                    return not incoming and any(
                        _is_interface(each, datagram.interface) for each in self.values
                    )
                case "state":
                    # A client's or server's broadcast belongs to no connection.
                    return None if _UNCERTAIN & {each.lower() for each in self.values} else False
        except ValueError:
            return None
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is listed, and what it means."""

    text: str
    matches: tuple[Match, ...]
    verdict: Verdict
    target: str | None = None
    """The chain of a jump."""
    packets: int | None = None
    """How many it has matched; None without a counter."""

    def fits(self, datagram: UdpDatagram) -> bool | None:
        """Whether it matches the datagram; None where that cannot be told."""
        if self.packets == 0:
            return False
        outcomes = [match.fits(datagram) for match in self.matches]
        if False in outcomes:
            return False
        return None if None in outcomes else True


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of rules in its table."""

    table: str
    """Family and name, such as ``ip filter``."""
    name: str
    rules: tuple[Rule, ...]
    hook: str | None = None
    """Where the kernel calls it; None for one that rules jump to."""
    policy: Verdict = Verdict.ACCEPT
    device: str | None = None
    """The only interface that it is called for."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What drops a datagram: a rule of a chain, or the chain's policy."""

    chain: Chain
    rule: Rule | None
    sure: bool = True
    """Whether it surely does; else a condition that is not understood decides, its own or an earlier one."""

    def __str__(self) -> str:
        place = f"table {self.chain.table}, chain {self.chain.name}"
        return f"{place}: policy drop" if self.rule is None else f"{place}: {self.rule.text}"


def drops(chains: Iterable[Chain], datagram: UdpDatagram) -> Iterator[Drop]:
    """The rules and policies that drop a datagram that is known to be lost, or may do so, in their order."""
    known = tuple(chains)
    named = {(chain.table, chain.name): chain for chain in known}
    for chain in known:
        if chain.hook in datagram.direction.value and chain.device in {None, datagram.interface}:
            yield from _Way(named, datagram).through(chain)


@dataclass(slots=True)
class _Way:
    """A datagram's way through one chain that the kernel calls, and those that rules jump to."""

    named: Mapping[tuple[str, str], Chain]
    datagram: UdpDatagram
    sure: bool = True
    """Whether the datagram has surely come so far."""
    drops: list[Drop] = field(default_factory=list)

    def through(self, chain: Chain) -> list[Drop]:
        """Every drop on the way."""
        if self._end_in([chain]) is None and chain.policy is Verdict.DROP:
            self.drops.append(Drop(chain, None, self.sure))
        return self.drops

    def _end_in(self, path: Sequence[Chain]) -> Verdict | None:
        """DROP or ACCEPT where the way ends in the last chain of the path; None where it goes on."""
        for rule in path[-1].rules:
            fits = rule.fits(self.datagram)
            if fits is False:
                continue
            end = self._verdict(rule, path, certain=fits is True)
            # A jump that is in doubt ends the way by a drop only, as the datagram is known to be lost.
            if end is not None and (fits or (end is Verdict.DROP and rule.target is not None)):
                return end
            if fits and rule.verdict in {Verdict.RETURN, Verdict.GOTO}:
                return None
            if end is Verdict.ACCEPT or rule.verdict is Verdict.RETURN:
                self.sure = False
        return None

    def _verdict(self, rule: Rule, path: Sequence[Chain], *, certain: bool) -> Verdict | None:
        chain = path[-1]
        if rule.verdict is Verdict.DROP:
            self.drops.append(Drop(chain, rule, self.sure and certain))
        if rule.verdict in {Verdict.DROP, Verdict.ACCEPT}:
            return rule.verdict
        target = self.named.get((chain.table, rule.target or ""))
        return self._end_in([*path, target]) if target is not None and len(path) < _DEPTH else None


def _in_ports(text: str, port: int) -> bool:
    names = {"bootps": "67", "bootpc": "68"}
    first, _, last = text.replace(":", "-").partition("-")
    low, high = names.get(first, first) or "0", names.get(last, last)
    return int(low) <= port <= int(high or low)


def _in_network(text: str, address: IPv4Address) -> bool:
    first, dash, last = text.partition("-")
    if dash:
        return IPv4Address(first) <= address <= IPv4Address(last)
    return address in IPv4Network(text, strict=False)


def _is_interface(text: str, interface: str) -> bool:
    return interface.startswith(text[:-1]) if text.endswith(("*", "+")) else text == interface
