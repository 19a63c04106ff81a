"""Linux systems' clients, each as Debian packages it, in a namespace of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import IO, Any, Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.paths import cache_directory
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import in_namespace
from edgeboot.machines.console import Console

_MAIN_TABLE: Final = 254
_UNICAST: Final = 1
_BY_THE_KERNEL: Final = 2
"""A route's origin (rtnetlink(7)): the network of an address."""


@dataclass(frozen=True, slots=True)
class LinuxClient:
    """A client of the table as a program of this machine."""

    name: str
    """In the table of clients, and below the directory that tools/real-clients fills."""
    script: str
    """Runs it in the foreground, by sh(1) in a mount namespace: ``$PROGRAM``, ``$ROOT`` of its package,
    ``$IFACE``, and ``$DIR``, a file system in memory."""
    configured: str
    """A regular expression of the output's line that says that address and routes are set."""

    @property
    def program(self) -> Path:
        """What starts it."""
        return cache_directory() / "clients" / self.name / "program"

    @property
    def version(self) -> str:
        """Its package and that one's version."""
        return (self.program.parent / "version").read_text(encoding="ascii").strip()

    @contextmanager
    def started(self, end: LinkEnd) -> Iterator[Console]:
        """Run it on an interface; yields its output."""
        command = ["unshare", "--mount", "--uts", "sh", "-ec", _ISOLATED + self.script]
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PROGRAM": str(self.program),
            "ROOT": str(self.program.parent.resolve() / "root"),
            "IFACE": end.interface,
        }
        assert end.namespace is not None
        process = in_namespace(
            end.namespace,
            lambda: subprocess.Popen(
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            ),
        )
        console = Console()
        reader = threading.Thread(target=_read, args=(process.stdout, console), daemon=True)
        reader.start()
        try:
            yield console
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            reader.join()

    def is_configured(self, console: Console, deadline: Deadline) -> bool:
        """Whether it says in time that its interface is set up."""
        return console.wait_for(self.configured, deadline) is not None


def routes(end: LinkEnd) -> tuple[StaticRoute, ...]:
    """The routes of the interface's namespace that a client has made, the preferred one first."""

    def read(netlink: Any) -> tuple[StaticRoute, ...]:
        found = netlink.get_routes(family=2, table=_MAIN_TABLE, type=_UNICAST)
        made = (each for each in found if each["proto"] != _BY_THE_KERNEL)
        return tuple(map(_route, sorted(made, key=lambda each: each.get("priority") or 0)))

    return links.with_netlink(end.namespace, read)


def _route(message: Any) -> StaticRoute:
    router, destination = message.get("gateway"), message.get("dst")
    network = IPv4Network(f"{destination or UNSPECIFIED}/{message['dst_len']}")
    return StaticRoute(network, IPv4Address(router) if router else UNSPECIFIED)


def _read(output: IO[bytes], console: Console) -> None:
    with output:
        for line in output:
            console.feed(line)


_ISOLATED: Final = """
export DIR=/mnt
mount -t tmpfs tmpfs $DIR
mkdir $DIR/etc
cp -a /etc/. $ROOT/etc/. $DIR/etc || echo not all of /etc is copied
mount --bind $DIR/etc /etc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
"""
"""Scripts of clients write resolv.conf, leases and the host name: copies, in a mount and UTS namespace.

A line each, so that no client is started (sh -e) where one of these fails.
"""

DHCLIENT: Final = LinuxClient(
    "dhclient",
    "exec $PROGRAM -4 -d -1 -v -cf /etc/dhcp/dhclient.conf -lf $DIR/leases -pf $DIR/pid "
    "-sf $ROOT/sbin/dhclient-script $IFACE",
    r"^bound to",
)
DHCPCD: Final = LinuxClient(
    "dhcpcd",
    "exec $PROGRAM -4 -B -d -A -f /etc/dhcpcd.conf $IFACE",
    r"executing: .* BOUND",
)
KLIBC: Final = LinuxClient(
    "klibc-ipconfig",
    # Its C library stands at a fixed path; where it says that it is set up, it writes what it was told.
    """
    mkdir -p $DIR/root/run && cp -a $ROOT/lib $ROOT/usr $DIR/root
    chroot $DIR/root /usr/lib/klibc/bin/ipconfig -c dhcp -d $IFACE
    echo set up
    """,
    r"^set up",
)
NETWORK_MANAGER: Final = LinuxClient(
    "network-manager",
    # As from an initial RAM disk, without D-Bus; where /sys cannot be written it waits for no udev.
    """
    mount --bind /sys /sys && mount -o remount,ro,bind /sys
    mkdir -p /run/NetworkManager/system-connections
    connection=/run/NetworkManager/system-connections/wired.nmconnection
    printf '[connection]\\nid=wired\\ntype=ethernet\\ninterface-name=%s\\n' $IFACE >$connection
    printf '[ipv4]\\nmethod=auto\\n[ipv6]\\nmethod=disabled\\n' >>$connection
    chmod 600 $connection
    printf '[main]\\nplugins=keyfile\\ndhcp=internal\\n[keyfile]\\nunmanaged-devices=none\\n' >$DIR/nm.conf
    exec $PROGRAM --debug --log-level=info --configure-and-quit=initrd --config=$DIR/nm.conf
    """,
    r"quitting now that startup is complete|startup complete",
)
NETWORKD: Final = LinuxClient(
    "systemd-networkd",
    """
    mount --bind /sys /sys && mount -o remount,ro,bind /sys
    mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
    printf '[Match]\\nName=%s\\n' $IFACE >/run/systemd/network/10.network
    printf '[Network]\\nDHCP=ipv4\\nLinkLocalAddressing=no\\n' >>/run/systemd/network/10.network
    sed -i /^systemd-network:/d /etc/passwd && echo systemd-network:x:0:0::/:/bin/false >>/etc/passwd
    echo 0123456789abcdef0123456789abcdef >/etc/machine-id  # Its DUID is made of it; a container has none.
    exec env SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console $PROGRAM
    """,
    r"-> configured",
)
UDHCPC: Final = LinuxClient(
    "udhcpc",
    # It says that it has a lease before its script sets up the interface, and ends after that.
    "PATH=$ROOT/bin:$PATH; $PROGRAM udhcpc -f -q -i $IFACE -s /etc/udhcpc/default.script; echo set up",
    r"^set up",
)
LINUX_CLIENTS: Final = (DHCLIENT, DHCPCD, KLIBC, NETWORK_MANAGER, NETWORKD, UDHCPC)
