"""What kind makes the cluster from: a control plane, and a worker with a label for each segment."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from tests.nightly.libvirt_on_node import RUN_LIBVIRT
from tests.nightly.segments import LABEL, SEGMENTS, Segment

VOLUME: Final = "/var/lib/edgeboot-volume"
"""On every worker the same directory of this machine, as a site's file server is."""


def write_cluster_file(directory: Path) -> Path:
    """Write the file, and make the directories of this machine that the nodes get.

    Args:
        directory: where both are.
    """
    volume = directory / "volume"
    volume.mkdir()
    volume.chmod(0o777)
    nodes = [{"role": "control-plane"}, *(_worker(segment, directory) for segment in SEGMENTS)]
    cluster = {
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "networking": {"ipFamily": "ipv4"},
        "nodes": nodes,
    }
    path = directory / "cluster.yaml"
    path.write_text(yaml.safe_dump(cluster), encoding="utf-8")
    return path


def sockets(segment: Segment, directory: Path) -> Path:
    """The directory that the segment's worker has as /run/libvirt."""
    return directory / f"libvirt-{segment.number}"


def _worker(segment: Segment, directory: Path) -> dict[str, Any]:
    mounts = [(directory / "volume", VOLUME)]
    if segment.owned_by_libvirt:
        sockets(segment, directory).mkdir()
        mounts.append((sockets(segment, directory), RUN_LIBVIRT))
    return {
        "role": "worker",
        "labels": {LABEL: segment.name},
        "extraMounts": [{"hostPath": str(here), "containerPath": there} for here, there in mounts],
    }
