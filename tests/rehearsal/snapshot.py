"""Snapshots of everything that a run could change on a site."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Self

from edgeboot.host.command import output
from edgeboot.host.libvirt.connection import connected
from tests.rehearsal.site import NAMESPACE, Site, network_xmls


@dataclass(frozen=True)
class Compared:
    """Texts, of which those that differ are told by name; a subclass has the fields."""

    def differences(self, after: Compared) -> dict[str, str]:
        """The names of the fields that changed, each with its changed lines."""
        before, now = asdict(self), asdict(after)
        return {name: _diff(text, now[name]) for name, text in before.items() if text != now[name]}


@dataclass(frozen=True)
class Snapshot(Compared):
    """Everything that must be unchanged after a run, as text."""

    libvirt_running: str
    libvirt_definition: str
    libvirt_leases: str
    links: str
    addresses: str
    routes: str
    firewall: str
    cluster_objects: str
    lock_files: str

    @classmethod
    def of(cls, site: Site) -> Self:
        """Take a snapshot of the site now."""
        running, defined = network_xmls(site.uri)
        return cls(
            libvirt_running=running,
            libvirt_definition=defined,
            libvirt_leases=libvirt_leases(site.uri),
            links=output("ip", "-oneline", "link", "show"),
            addresses=output("ip", "-oneline", "-4", "address", "show"),
            routes=output("ip", "route", "show", "table", "all"),
            firewall=output("iptables", "-w", "-S"),
            cluster_objects=_objects(site),
            lock_files="\n".join(sorted(path.name for path in Path("/run/lock").glob("edgeboot-*"))),
        )


def libvirt_leases(uri: str) -> str:
    """The leases of the site's network, a line each."""
    with connected(uri) as connection:
        leases = connection.networkLookupByName("edge").DHCPLeases()
    return "\n".join(sorted(f"{each['mac']} {each['ipaddr']} {each['expirytime']}" for each in leases))


def _objects(site: Site) -> str:
    core = site.core
    objects = [
        *(
            f"pod {each.metadata.name} {each.metadata.uid}"
            for each in core.list_namespaced_pod(NAMESPACE).items
        ),
        *(f"configmap {each.metadata.name}" for each in core.list_namespaced_config_map(NAMESPACE).items),
        *(f"account {each.metadata.name}" for each in core.list_namespaced_service_account(NAMESPACE).items),
    ]
    return "\n".join(sorted(objects))


def _diff(before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
