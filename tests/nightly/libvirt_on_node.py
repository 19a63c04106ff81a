"""A libvirtd on a kind node, which has none: this machine's program in the node's namespaces."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.host.libvirt.connection import LibvirtUnreachable, connected

NETWORK: Final = Path(__file__).with_name("edge-network.xml")
RUN_LIBVIRT: Final = "/run/libvirt"
_PLACES: Final = "/run /var/lib/libvirt /etc/libvirt /var/log/libvirt /var/cache/libvirt"
_CONFIGURATION: Final = r'unix_sock_rw_perms = "0770"\nauth_unix_rw = "none"\n'
"""As Debian's, for this machine has no polkit: only root and the socket's group may ask."""


@contextmanager
def libvirt_on(node: int, sockets: Path) -> Iterator[str]:
    """libvirtd with a network of its own DHCP, while the context lasts; yields its URI on this machine.

    It lives in the node's process namespace, with which the kernel ends it: it needs no journal entry
    beside the cluster's.

    Args:
        node: the process id of the node's init.
        sockets: a directory that the node has as /run/libvirt.

    Raises:
        LabError: it does not answer.
    """
    script = (
        "mount -t proc proc /proc; "
        f"for place in {_PLACES}; do mount -t tmpfs none $place || exit; done; mkdir {RUN_LIBVIRT}; "
        f"mount --bind {shlex.quote(str(sockets))} {RUN_LIBVIRT}; "
        f"printf '{_CONFIGURATION}' > /etc/libvirt/libvirtd.conf; exec libvirtd"
    )
    enter = ["nsenter", f"--target={node}", "--net", "--pid", "unshare", "--mount", "sh", "-c", script]
    uri = f"qemu+unix:///system?socket={sockets / 'libvirt-sock'}"
    with subprocess.Popen(enter, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as daemon:
        try:
            eventually(
                "libvirtd on a node", lambda: _answers(uri, daemon), Wait.SERVER_START, "see its output"
            )
            with connected(uri) as connection:
                network = connection.networkDefineXML(NETWORK.read_text(encoding="utf-8"))
                network.setAutostart(1)
                network.create()
            yield uri
        finally:
            daemon.kill()


def _answers(uri: str, daemon: subprocess.Popen[Any]) -> bool | None:
    if daemon.poll() is not None:
        assert daemon.stderr is not None
        raise LabError("libvirtd on a node", f"has ended ({daemon.stderr.read()[-300:]!r})", "see its output")
    try:
        with connected(uri):
            return True
    except LibvirtUnreachable:
        return None
