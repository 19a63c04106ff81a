"""Frames from one port of the bridge to another: who may drop them, and letting them pass.

With br_netfilter loaded (Docker loads it) bridged frames go through iptables' FORWARD
chain, whose policy Docker sets to DROP. libvirt accepts what stays on its bridge, but only
where its rules come first.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from edgeboot.labs.clean import Kind, Made
from edgeboot.machine.journal import Journal

_CALLS_IPTABLES: Final = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")


def bridged_frames_meet_iptables() -> bool:
    """Whether br_netfilter hands bridged frames to iptables."""
    return _CALLS_IPTABLES.exists() and _CALLS_IPTABLES.read_text().strip() == "1"


def forward_policy() -> str:
    """FORWARD's policy: ACCEPT, DROP, or unknown without iptables."""
    if shutil.which("iptables") is None:
        return "unknown"
    listed = subprocess.run(["iptables", "-w", "-S", "FORWARD"], capture_output=True, text=True, check=False)
    first = listed.stdout.splitlines()[:1]
    return first[0].split()[-1] if first else "unknown"


def let_pass(bridge: str, run: str, journal: Journal) -> Made | None:
    """Accept what stays on the bridge, before any other rule; None where nothing could drop it."""
    if not bridged_frames_meet_iptables() or forward_policy() != "DROP":
        return None
    made = Made(Kind.FIREWALL_RULE, f"edgeboot-{run}")
    journal.about_to_make(made)
    rule = ["-i", bridge, "-o", bridge, "-m", "comment", "--comment", made.name, "-j", "ACCEPT"]
    subprocess.run(["iptables", "-w", "-I", "FORWARD", *rule], check=True, capture_output=True)
    return made


def suspect(bridge: str) -> str:
    """What most likely drops bridged frames, for an error."""
    if bridged_frames_meet_iptables() and forward_policy() == "DROP":
        return (
            f"iptables' FORWARD policy is DROP and br_netfilter applies it to {bridge}: "
            f"iptables -I FORWARD -i {bridge} -o {bridge} -j ACCEPT"
        )
    return f"a firewall on {bridge} (nft list ruleset), or a port that is not up (bridge link)"
