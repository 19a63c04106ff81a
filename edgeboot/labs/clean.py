"""What can be made on a machine, and how each kind of it is removed again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from pyroute2 import IPRoute, NetlinkError, netns

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.machine.libvirt.connection import connect
from edgeboot.machine.libvirt.dhcp import TakenOut
from edgeboot.machine.namespace import NAMED_NAMESPACES


class Kind(Enum):
    """What can be made, and so must be removable."""

    NAMESPACE = "network namespace"
    """With every process in it, so a server started there needs no entry of its own."""
    DIRECTORY = "directory"
    LINK = "network interface"
    """On the host; a veth's other end goes with it."""
    CLUSTER = "kind cluster"
    DOCKER_NETWORK = "docker network"
    LIBVIRT_NETWORK = "libvirt network"
    """One of ours, as ``NAME URI``."""
    LIBVIRT_DHCP = "DHCP switched off of libvirt's"
    """A stranger's, as ``str`` of an ``edgeboot.machine.libvirt.dhcp.TakenOut``."""
    FIREWALL_RULE = "iptables rule"
    """In chain FORWARD, by its comment."""
    LOCK = "lock file"
    LEASE = "DHCP lease"
    """Of an edge node of ours, in the words of edgeboot.labs.orchestrator.lease_records."""
    CLUSTER_OBJECT = "cluster object"
    """In the words of edgeboot.server.pod.objects."""


@dataclass(frozen=True, slots=True)
class Made:
    """One thing: its kind and its name."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}"


def undo(made: Made) -> bool:
    """Remove a thing; False when it was not there (any more).

    Raises:
        LabError: it is there and cannot be removed.
    """
    try:
        return _REMOVERS[made.kind](made.name)
    except (OSError, NetlinkError, subprocess.CalledProcessError) as error:
        said = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        hint = "remove it as root, then run edgeboot clean"
        raise LabError(str(made), f"cannot be removed ({said})", hint) from error


def _remove_namespace(name: str) -> bool:
    if name not in netns.listnetns():
        return False
    identity = (NAMED_NAMESPACES / name).stat().st_ino
    if identity == Path("/proc/self/ns/net").stat().st_ino:
        raise OSError(f"this process is in {name} itself")
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # It ended, or belongs to somebody whose namespace we may not see.
            if (process / "ns" / "net").stat().st_ino == identity:
                os.kill(int(process.name), signal.SIGKILL)
    netns.remove(name)
    return True


def _remove_directory(name: str) -> bool:
    path = Path(name)
    if not path.exists():
        return False
    shutil.rmtree(path)
    return True


def _remove_link(name: str) -> bool:
    with IPRoute() as netlink:
        indices = netlink.link_lookup(ifname=name)
        for index in indices:
            netlink.link("del", index=index)
    return bool(indices)


def _remove_cluster(name: str) -> bool:
    """By its containers, as ``kind delete cluster`` does; a half-made cluster has them too."""
    if shutil.which("docker") is None:
        return False
    # A docker client that outlived its kind may be about to make the node.
    eventually(f"docker run of {name}", lambda: None if _makes_node(name) else True, Wait.CLUSTER, "end it")
    label = f"label=io.x-k8s.kind.cluster={name}"
    containers = _output("docker", "ps", "--all", "--quiet", "--filter", label).split()
    if containers:
        _output("docker", "rm", "--force", "--volumes", *containers)
    return bool(containers)


def _makes_node(cluster: str) -> bool:
    node = f"{cluster}-control-plane".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(bytes(1))
            if words[:2] == [b"docker", b"run"] and node in words:
                return True
    return False


def _remove_docker_network(name: str) -> bool:
    if shutil.which("docker") is None:
        return False
    if name not in _output("docker", "network", "ls", "--format", "{{.Name}}").split():
        return False
    used = _output("docker", "network", "inspect", name, "--format", "{{len .Containers}}").strip()
    if used != "0":
        return False  # Another cluster of somebody's is on it by now.
    _output("docker", "network", "rm", name)
    return True


def _remove_libvirt_network(name: str) -> bool:
    import libvirt  # noqa: PLC0415 - present where one was made

    network_name, _, uri = name.partition(" ")
    connection = connect(uri)
    try:
        network = connection.networkLookupByName(network_name)
        if network.isPersistent():
            network.undefine()  # A running one lasts until its end, and is transient from now on.
        if network.isActive():
            network.destroy()
    except libvirt.libvirtError as error:
        if error.get_error_code() in {libvirt.VIR_ERR_NO_NETWORK, libvirt.VIR_ERR_OPERATION_INVALID}:
            return False
        raise OSError(str(error)) from error
    finally:
        connection.close()
    return True


def _put_back_libvirt_dhcp(name: str) -> bool:
    return TakenOut.parse(name).put_back()


def _remove_firewall_rule(comment: str) -> bool:
    found = False
    for rule in _output("iptables", "-w", "-S", "FORWARD").splitlines():
        words = rule.split()
        if comment in words or f'"{comment}"' in words:
            _output("iptables", "-w", "-D", *words[1:])
            found = True
    return found


def _give_back_lease(entry: str) -> bool:
    from edgeboot.labs.orchestrator.lease_records import give_back  # noqa: PLC0415 - it imports this module

    return give_back(entry)


def _remove_lock(name: str) -> bool:
    from edgeboot.labs.orchestrator.lock import remove_abandoned  # noqa: PLC0415 - likewise

    return remove_abandoned(Path(name))


def _delete_cluster_object(entry: str) -> bool:
    from edgeboot.server.pod.objects import delete_recorded  # noqa: PLC0415 - likewise

    return delete_recorded(entry)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


_REMOVERS: Final[dict[Kind, Callable[[str], bool]]] = {
    Kind.NAMESPACE: _remove_namespace,
    Kind.DIRECTORY: _remove_directory,
    Kind.LINK: _remove_link,
    Kind.CLUSTER: _remove_cluster,
    Kind.DOCKER_NETWORK: _remove_docker_network,
    Kind.LIBVIRT_NETWORK: _remove_libvirt_network,
    Kind.LIBVIRT_DHCP: _put_back_libvirt_dhcp,
    Kind.FIREWALL_RULE: _remove_firewall_rule,
    Kind.LOCK: _remove_lock,
    Kind.LEASE: _give_back_lease,
    Kind.CLUSTER_OBJECT: _delete_cluster_object,
}
