"""Reads what ``iptables-save -c`` prints (iptables-save(8), iptables-extensions(8))."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from edgeboot.host.packet_filter.ruleset import Chain, Match, Rule, Verdict

_RULE: Final = re.compile(r"(?:\[(\d+):\d+\] )?-A (\S+) (.*)")
_CHAIN: Final = re.compile(r":(\S+) (\S+)")
_VERDICTS: Final = {
    "ACCEPT": Verdict.ACCEPT,
    "DROP": Verdict.DROP,
    "REJECT": Verdict.DROP,
    "RETURN": Verdict.RETURN,
}
_TARGETS_THAT_GO_ON: Final = frozenset(
    {"LOG", "NFLOG", "MARK", "CONNMARK", "TRACE", "CT", "NOTRACK", "CHECKSUM"}
)
_KEYS: Final = {
    "-p": "protocol",
    "-i": "iif",
    "-o": "oif",
    "-s": "saddr",
    "-d": "daddr",
    "--dport": "dport",
    "--dports": "dport",
    "--sport": "sport",
    "--sports": "sport",
    "--state": "state",
    "--ctstate": "state",
}
_NO_CONDITION: Final = frozenset(
    {"-m", "--comment", "--reject-with", "--log-prefix", "--log-level", "--set-xmark"}
)


def parse(saved: str) -> Iterator[Chain]:
    """The chains of each table; a table's name begins with ``iptables``."""
    table = ""
    policies: dict[str, str] = {}
    rules: dict[str, list[Rule]] = {}
    for line in saved.splitlines():
        if line.startswith("*"):
            table, policies, rules = f"iptables {line[1:].strip()}", {}, {}
        elif (chain := _CHAIN.match(line)) is not None:
            policies[chain[1]], rules[chain[1]] = chain[2], []
        elif (rule := _RULE.match(line)) is not None:
            rules.setdefault(rule[2], []).append(_rule(rule[3], rule[1]))
        elif line.startswith("COMMIT"):
            for name, policy in policies.items():
                hook = name.lower() if policy != "-" else None
                verdict = _VERDICTS.get(policy, Verdict.ACCEPT)
                yield Chain(table, name, tuple(rules[name]), hook, verdict)


def _rule(text: str, packets: str | None) -> Rule:
    tokens, matches = shlex.split(text), list[Match]()
    verdict, target, negated = Verdict.NONE, None, False
    while tokens:
        token = tokens.pop(0)
        if token == "!":  # noqa: S105 - a word of iptables
            negated = True
            continue
        if token in {"-j", "-g"}:
            name = tokens.pop(0)
            if name in _VERDICTS:
                verdict = _VERDICTS[name]
            elif name not in _TARGETS_THAT_GO_ON:
                verdict, target = (Verdict.JUMP if token == "-j" else Verdict.GOTO), name  # noqa: S105
        elif token in _KEYS:
            matches.append(Match(_KEYS[token], tuple(tokens.pop(0).split(",")), negated))
        elif token in _NO_CONDITION:
            tokens.pop(0)
        elif token.startswith("-"):
            matches.append(Match("unknown", (token,)))
        negated = False
    return Rule(text, tuple(matches), verdict, target, None if packets is None else int(packets))
