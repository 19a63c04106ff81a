"""Chains and rules of a packet filter as values, and which of them drops a UDP datagram.

A match that is not understood is neither true nor false: its rule is no proof that a datagram was
dropped, or accepted. A rule whose counter is zero has matched nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

    def __str__(self) -> str:
        place = f"table {self.chain.table}, chain {self.chain.name}"
        return f"{place}: policy drop" if self.rule is None else f"{place}: {self.rule.text}"


def dropping(chains: Iterable[Chain], datagram: UdpDatagram) -> Drop | None:
    """The first rule or policy that drops the datagram; None where none surely does."""
    known = tuple(chains)
    named = {(chain.table, chain.name): chain for chain in known}
    for chain in known:
        if chain.hook not in datagram.direction.value or chain.device not in {None, datagram.interface}:
            continue
        steps = list(_passed([chain], named, datagram))
        if steps and isinstance(steps[-1], Drop):
            return steps[-1]
        if not steps and chain.policy is Verdict.DROP:
            return Drop(chain, None)
    return None


def _passed(
    path: Sequence[Chain], named: Mapping[tuple[str, str], Chain], datagram: UdpDatagram
) -> Iterator[Drop | Verdict]:
    """The end of the datagram's way through a chain: a drop, an accept, or nothing at its end."""
    chain = path[-1]
    for rule in chain.rules:
        fits = rule.fits(datagram)
        if fits is False:
            continue
        if fits and rule.verdict is Verdict.DROP:
            yield Drop(chain, rule)
            return
        if fits and rule.verdict is Verdict.ACCEPT:
            yield Verdict.ACCEPT
            return
        if fits and rule.verdict is Verdict.RETURN:
            return
        target = named.get((chain.table, rule.target or ""))
        if rule.verdict in {Verdict.JUMP, Verdict.GOTO} and target is not None and len(path) < _DEPTH:
            ended = list(_passed([*path, target], named, datagram))
            # An uncertain jump proves a drop only, as the datagram is known to be lost.
            if ended and (fits or isinstance(ended[-1], Drop)):
                yield ended[-1]
                return
            if fits and rule.verdict is Verdict.GOTO:
                return


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
    if text.startswith("@"):
        raise ValueError(f"{text} is a set, whose members are listed elsewhere")
    return interface.startswith(text[:-1]) if text.endswith(("*", "+")) else text == interface
