"""The firewall between two ports of a bridge: whether it drops frames, and a rule that accepts them.

With br_netfilter loaded (Docker loads it) bridged frames go through iptables' FORWARD
chain, whose policy Docker sets to DROP. libvirt accepts frames that stay on its bridge, but
only if its rules come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from edgeboot.host.command import find_program, output
from edgeboot.host.journal import Journal

_CALLS_IPTABLES: Final = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """A rule of iptables' chain FORWARD as a leftover, identified by its comment."""

    kind: ClassVar[str] = "iptables rule"
    comment: str

    def __str__(self) -> str:
        return f"iptables rule {self.comment}"

    def to_json(self) -> dict[str, Any]:
        """The comment."""
        return {"comment": self.comment}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        return cls(str(fields["comment"]))

    def undo(self) -> bool:
        """Delete every rule with this comment; False if there is none.

        Raises:
            OSError: iptables refuses.
        """
        rules = [rule.split() for rule in _iptables("-S", "FORWARD").splitlines()]
        ours = [rule for rule in rules if {self.comment, f'"{self.comment}"'} & set(rule)]
        for rule in ours:
            _iptables("-D", *rule[1:])
        return bool(ours)


def bridged_frames_meet_iptables() -> bool:
    """Whether br_netfilter hands bridged frames to iptables."""
    return _CALLS_IPTABLES.exists() and _CALLS_IPTABLES.read_text().strip() == "1"


def forward_policy() -> str:
    """FORWARD's policy: ACCEPT, DROP, or unknown without iptables."""
    if find_program("iptables") is None:
        return "unknown"
    try:
        first = _iptables("-S", "FORWARD").splitlines()[:1]
    except ChildProcessError:  # Only root may list rules.
        return "unknown"
    return first[0].split()[-1] if first else "unknown"


def let_pass(bridge: str, run: str, journal: Journal) -> FirewallRule | None:
    """Accept frames that stay on the bridge, before any other rule; None if no rule is needed."""
    if not bridged_frames_meet_iptables() or forward_policy() != "DROP":
        return None
    rule = FirewallRule(f"edgeboot-{run}")
    journal.about_to_make(rule)
    matches = ["-i", bridge, "-o", bridge, "-m", "comment", "--comment", rule.comment]
    _iptables("-I", "FORWARD", *matches, "-j", "ACCEPT")
    return rule


def suspect(bridge: str) -> str:
    """The most likely reason why bridged frames are dropped, for an error message."""
    if bridged_frames_meet_iptables() and forward_policy() == "DROP":
        return (
            f"iptables' FORWARD policy is DROP and br_netfilter applies it to {bridge}: "
            f"iptables -I FORWARD -i {bridge} -o {bridge} -j ACCEPT"
        )
    return f"a firewall on {bridge} (nft list ruleset), or a port that is not up (bridge link)"


def _iptables(*arguments: str) -> str:
    return output("iptables", "-w", *arguments)
