"""Everything that a run could change on the segments, compared before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from edgeboot.host.command import output
from edgeboot.host.docker import docker
from tests.nightly.site import NightlySite, StandingSegment
from tests.rehearsal.site import NAMESPACE, network_xmls
from tests.rehearsal.snapshot import Compared, libvirt_leases

_LEASES: Final = "volumes/kubernetes.io~empty-dir/leases/dnsmasq.leases"
"""Of the server's Pod, on its node."""

_PODS_BRIDGE: Final = "cni0"


@dataclass(frozen=True)
class Snapshot(Compared):
    """All segments, as text with a heading for each."""

    links: str
    addresses: str
    libvirt_running: str
    libvirt_definition: str
    libvirt_leases: str
    server_leases: str
    servers: str

    @classmethod
    def of(cls, site: NightlySite) -> Self:
        """Take a snapshot of the site now."""
        segments = site.segments.values()
        owned = [each.libvirt for each in segments if each.libvirt is not None]
        return cls(
            links=_headed(
                {each.segment.name: _inside(each, "-oneline", "link", "show") for each in segments}
            ),
            addresses=_headed(
                {each.segment.name: _inside(each, "-oneline", "-4", "address", "show") for each in segments}
            ),
            libvirt_running="\n".join(network_xmls(uri)[0] for uri in owned),
            libvirt_definition="\n".join(network_xmls(uri)[1] for uri in owned),
            libvirt_leases="\n".join(map(libvirt_leases, owned)),
            server_leases=_headed({each.segment.name: _server_leases(site, each) for each in segments}),
            servers=_servers(site),
        )


def _headed(texts: dict[str, str]) -> str:
    return "\n".join(f"{name}: {line}" for name, text in texts.items() for line in text.splitlines())


def _inside(segment: StandingSegment, *arguments: str) -> str:
    """Without the bridge of the cluster's own network, which comes with a node's first Pod, and its ports."""
    lines = output("nsenter", f"--target={segment.node}", "--net", "ip", *arguments).splitlines()
    return "\n".join(line for line in lines if _PODS_BRIDGE not in line.replace(":", " ").split())


def _server_leases(site: NightlySite, segment: StandingSegment) -> str:
    pod = segment.server.read()
    assert pod is not None, f"{segment.server.name} is gone"
    return docker("exec", site.cluster.node, "cat", f"/var/lib/kubelet/pods/{pod.metadata.uid}/{_LEASES}")


def _servers(site: NightlySite) -> str:
    """The servers' Pods: none restarted, none replaced, and none beside them that a run has deployed."""
    selector = "app.kubernetes.io/name=dhcp-server"
    pods = site.core.list_namespaced_pod(NAMESPACE, label_selector=selector).items
    return "\n".join(
        sorted(
            f"{each.metadata.name} {each.metadata.uid} {each.status.container_statuses[0].restart_count}"
            for each in pods
        )
    )
