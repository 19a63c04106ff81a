"""Reads what ``nft list ruleset`` prints (nft(8)); rules of iptables-nft are in it, too."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain as chained
from typing import Final

from edgeboot.host.packet_filter.ruleset import Chain, Match, Rule, Verdict

_FAMILIES: Final = frozenset({"ip", "inet", "netdev"})
_BASE: Final = re.compile(r'type \S+ hook (\w+)(?: device "?([^"\s]+)"?)?')
_VERDICT_MAP: Final = re.compile(r"(?P<key>.*) vmap (?:@\S+|\{ (?P<elements>.*) \})")
_POLICY: Final = re.compile(r"policy (\w+);")
_VERDICTS: Final = {
    "accept": Verdict.ACCEPT,
    "drop": Verdict.DROP,
    "reject": Verdict.DROP,
    "return": Verdict.RETURN,
    "continue": Verdict.NONE,
    "jump": Verdict.JUMP,
    "goto": Verdict.GOTO,
}
_KEYS: Final = {
    ("ip", "saddr"): "saddr",
    ("ip", "daddr"): "daddr",
    ("ip", "protocol"): "protocol",
    ("meta", "l4proto"): "protocol",
    ("meta", "nfproto"): "protocol",
    ("meta", "iifname"): "iif",
    ("meta", "oifname"): "oif",
    ("udp", "dport"): "dport",
    ("udp", "sport"): "sport",
    ("th", "dport"): "dport",
    ("th", "sport"): "sport",
    ("ct", "state"): "state",
}
_SHORT: Final = {"iifname": "iif", "iif": "iif", "oifname": "oif", "oif": "oif"}
_OTHER_PROTOCOLS: Final = frozenset({"tcp", "icmp", "icmpv6", "sctp", "dccp", "ip6"})
_OF_A_ROUTE: Final = frozenset({"oif", "oifname", "type"})
"""What a ``fib`` expression ends with, before its value."""
_ARGUMENTS: Final = {"log": 0, "comment": 1, "prefix": 1, "level": 1, "with": 1, "type": 1}
"""Words that are no condition, with how many words behind them."""


def parse(listing: str) -> Iterator[Chain]:
    """The chains of IPv4 and of both families, in their order."""
    table = chain = ""
    lines: list[str] = []
    for raw in listing.splitlines():
        line = raw.split(" # handle")[0].strip()
        match line.split():
            case ["table", family, name, "{"]:
                table = f"{family} {name}" if family in _FAMILIES else ""
            case ["chain", name, "{"]:
                chain, lines = name, []
            case ["}"] if chain:
                if table:
                    yield _chain(table, chain, lines)
                chain = ""
            case [_, *_] if chain:
                lines.append(line)


def _chain(table: str, name: str, lines: list[str]) -> Chain:
    base = _BASE.search(lines[0]) if lines else None
    if base is None:
        return Chain(table, name, tuple(chained.from_iterable(map(_rules, lines))))
    policy = _POLICY.search(lines[0])
    rules = tuple(chained.from_iterable(map(_rules, lines[1:])))
    verdict = _VERDICTS[policy[1]] if policy else Verdict.ACCEPT
    return Chain(table, name, rules, base[1], verdict, base[2])


def _rules(text: str) -> Iterator[Rule]:
    """The rule of a line; of one with a verdict map, one for each element."""
    mapped = _VERDICT_MAP.fullmatch(text)
    if mapped is None:
        yield _rule(text)
        return
    elements = mapped["elements"]
    # A map with a name has its elements elsewhere: it may drop what it is asked, or let it pass.
    values = elements.split(",") if elements else ["@ : drop", "@ : accept"]
    for value, _, verdict in (each.partition(" : ") for each in values):
        yield replace(_rule(f"{mapped['key']} {value.strip()} {verdict.strip()}"), text=text)


def _rule(text: str) -> Rule:
    tokens = shlex.split(text.replace("{", " { ").replace("}", " } ").replace(",", " "))
    matches: list[Match] = []
    verdict, target, packets = Verdict.NONE, None, None
    while tokens:
        token = tokens.pop(0)
        if token in _VERDICTS:
            verdict = _VERDICTS[token]
            target = tokens.pop(0) if verdict in {Verdict.JUMP, Verdict.GOTO} else None
        elif token == "counter":  # noqa: S105 - a word of nft
            if tokens[:1] == ["packets"]:
                packets, tokens = int(tokens[1]), tokens[4:]
        elif token in _ARGUMENTS:
            tokens = tokens[_ARGUMENTS[token] :]
        else:
            matches += _matches(token, tokens)
    return Rule(text, tuple(matches), verdict, target, packets)


def _matches(token: str, tokens: list[str]) -> list[Match]:
    """The conditions that begin with this word; takes theirs from those behind it."""
    if token == "fib":  # noqa: S105 - a word of nft
        while tokens and tokens.pop(0) not in _OF_A_ROUTE:
            pass
        return [Match("unknown", _match(token, tokens).values)]
    if token in _OTHER_PROTOCOLS:
        _values(tokens)
        return [Match("protocol", (token,))]
    if tokens and (token, tokens[0]) in _KEYS:
        of_udp = [Match("protocol", ("udp",))] if token == "udp" else []  # noqa: S105
        return [*of_udp, _match(_KEYS[token, tokens.pop(0)], tokens)]
    if token in _SHORT:
        return [_match(_SHORT[token], tokens)]
    return [Match("unknown", (token,))]


def _match(key: str, tokens: list[str]) -> Match:
    negated = tokens[:1] == ["!="]
    if negated:
        tokens.pop(0)
    values = _values(tokens)
    if values == (".",):
        return Match("unknown", values)  # The first of several that are compared together.
    if key == "state":  # A list without braces.
        while tokens and tokens[0] in {"new", "established", "related", "invalid", "untracked"}:
            values = (*values, tokens.pop(0))
    return Match(key, values, negated)


def _values(tokens: list[str]) -> tuple[str, ...]:
    """Takes one value, or a set in braces."""
    if not tokens:
        return ()
    first = tokens.pop(0)
    if first != "{":
        return (first,)
    values: list[str] = []
    while tokens and (value := tokens.pop(0)) != "}":
        values.append(value)
    return tuple(values)
