"""images/firewall.sh removes what dockerd and libvirtd leave in the packet filter, and nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from edgeboot.base.paths import PROJECT

pytestmark = pytest.mark.kind_harness

SCRIPT = """
set -eu
. images/firewall.sh
iptables -P FORWARD {policy}
iptables -A INPUT -s 192.0.2.1 -j DROP
iptables-save >"$1/before"
remember_firewall "$1/remembered"
iptables -N DOCKER && iptables -A FORWARD -o docker0 -j DOCKER && iptables -P FORWARD DROP
iptables -t nat -N DOCKER && iptables -t nat -A PREROUTING -j DOCKER
ip link add docker0 type bridge
iptables -A INPUT -s 192.0.2.2 -j DROP
forget_firewall "$1/remembered" 'DOCKER|docker0|br-[0-9a-f]{{12}}' docker0
iptables-save >"$1/after"
ip -oneline link >"$1/links"
"""


@pytest.mark.parametrize("policy", ["ACCEPT", "DROP"])
def test_packet_filter_is_restored_except_for_other_rules(policy: str, tmp_path: Path) -> None:
    """Chains, policy and docker0 are removed; a rule that was added meanwhile stays."""
    script = SCRIPT.format(policy=policy)
    command = ["unshare", "--net", "bash", "-c", script, "bash", str(tmp_path)]
    script_run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert script_run.returncode == 0, script_run.stderr
    before, after = (rules((tmp_path / name).read_text()) for name in ("before", "after"))
    assert after - before == {"-A INPUT -s 192.0.2.2/32 -j DROP"}
    assert {each for each in before if "FORWARD" in each} <= after
    assert "docker0" not in (tmp_path / "links").read_text()


def rules(saved: str) -> set[str]:
    """The rules and the FORWARD policies of iptables-save's output, without counters."""
    lines = {re.sub(r" \[\d+:\d+\]$", "", line) for line in saved.splitlines()}
    return {line for line in lines if line.startswith(("-A", ":FORWARD"))}
