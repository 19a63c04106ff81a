"""An interface is kept silent in a container of a cluster's node, too."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

_SETTINGS: Final = ("forwarding", "rp_filter", "arp_ignore")
_IN_A_POD: Final = """
echo 1 > /proc/sys/net/ipv4/ip_forward && mount -o bind,ro /proc/sys /proc/sys &&
ip link add edge type veth peer name other && "$@" && cd /proc/sys/net/ipv4/conf/edge && cat {} &&
ip link set edge up && ip link set other up && ip -6 -oneline address show dev edge
"""
"""The node forwards, and /proc/sys is read-only."""


def test_read_only_proc_sys_keeps_no_interface_from_being_silent() -> None:
    """The node's kernel forwards nothing from it, answers no ARP there, and gives it no IPv6 address."""
    silence = "from edgeboot.host.silent_interface import silence; silence('edge')"
    script = _IN_A_POD.format(" ".join(_SETTINGS))
    command = ["unshare", "--net", "--mount", "sh", "-c", script, "sh", sys.executable, "-c", silence]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.stdout.split() == ["0", "1", "8"], finished.stderr
