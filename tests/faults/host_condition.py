"""Brings about a condition of the node and becomes dnsmasq, for --dhcp-command.

usage: python host_condition.py CONDITION CONFIG

It runs in the server's network namespace with the Pod's capabilities, and imports nothing of
this project. Exit status 9: the condition cannot be brought about on this machine.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Final

INTERFACE: Final = "ens3"
MAC: Final = "52:54:00:12:34:56"
ADDRESS: Final = "192.168.99.10/24"
VIRTUAL_ADDRESS: Final = "192.168.99.11/24"
_CANNOT: Final = 9

CONDITIONS: Final[dict[str, tuple[str, ...]]] = {
    # Its packet filter lets no DHCP request in, as firewalld's and ufw's default do.
    "firewall": ("iptables -I INPUT -p udp --dport 67 -j DROP",),
    # Nor a reply by broadcast out.
    "nobroadcast": ("iptables -I OUTPUT -p udp --sport 67 -d 255.255.255.255 -j DROP",),
    # It lets DHCP in and no request for a file.
    "tftp-blocked": ("iptables -I INPUT -p udp --dport 69 -j DROP",),
    # A rule before all others, as a reverse path filter writes it.
    "raw-table": ("iptables -t raw -I PREROUTING -s 0.0.0.0 -j DROP",),
    # keepalived's address stands before the server's own.
    "vip-first": (
        f"ip address delete {ADDRESS} dev {INTERFACE}",
        f"ip address add {VIRTUAL_ADDRESS} dev {INTERFACE}",
        f"ip address add {ADDRESS} dev {INTERFACE}",
    ),
    # The interface became a port of a bridge, which has its address now.
    "bridged": (
        f"ip link add br0 address {MAC} type bridge",
        "ip link set br0 up",
        f"ip link set {INTERFACE} master br0",
        f"ip address flush dev {INTERFACE}",
        f"ip address add {ADDRESS} dev br0",
    ),
    # NetworkManager has taken the interface over and waits for an address by DHCP.
    "address-lost": (f"ip address flush dev {INTERFACE}",),
    # Another server of the node holds a port; in IPv6, as programs in Go bind it.
    "port-67-taken": (),
    "port-53-taken": (),
}
"""The commands of each condition, in order."""
HELD_PORTS: Final = {"port-67-taken": 67, "port-53-taken": 53}


def main(condition: str, config: str) -> None:
    """Bring the condition about, then replace this process by dnsmasq."""
    if condition in HELD_PORTS:
        hold(HELD_PORTS[condition])
    for command in CONDITIONS[condition]:
        done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(f"host condition {condition}: {command}: {done.stderr.strip()}\n")
            sys.exit(_CANNOT)
    os.execvp("dnsmasq", ["dnsmasq", "--no-daemon", "--log-dhcp", "--log-debug", f"--conf-file={config}"])  # noqa: S606


def hold(port: int) -> None:
    """Bind a UDP port, for IPv4 as well, in a process that lives as long as the container."""
    held = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    held.bind(("::", port))
    if os.fork() == 0:
        signal.pause()
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
