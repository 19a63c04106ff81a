"""Installs the nightly run as a site does: an overlay of manifests/nightly for each segment."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import yaml

from edgeboot import __version__
from edgeboot.base.paths import MANIFESTS
from edgeboot.host.docker import load_into_node
from tests.nightly.cluster_file import VOLUME
from tests.nightly.kubectl import Kubectl
from tests.nightly.nightly import NEVER, Nightly
from tests.nightly.segments import LABEL, PROFILE, SEGMENTS, Segment
from tests.nightly.site import NightlySite
from tests.rehearsal.site import NAMESPACE

NIGHTLY: Final = MANIFESTS / "nightly"
_IMAGE: Final = "localhost/edgeboot/edgeboot"
_TAG: Final = __version__


def install(site: NightlySite, gateway: str) -> Nightly:
    """The nightly run of every segment, of which none is due.

    Args:
        site: where it is installed.
        gateway: the URL of the Pushgateway that gets its metrics.
    """
    with ThreadPoolExecutor() as executor:
        loading = [executor.submit(load_into_node, f"{_IMAGE}:{_TAG}", each.worker) for each in SEGMENTS]
        for each in loading:
            each.result()
    nightly = Nightly(Kubectl(site.cluster.kubeconfig), site)
    for segment in SEGMENTS:
        nightly.kubectl("apply", f"--kustomize={_overlay(segment, gateway, site.directory)}")
    return nightly


def _overlay(segment: Segment, gateway: str, directory: Path) -> Path:
    """Write the overlay of one segment; returns its directory."""
    overlay = directory / "overlays" / segment.name
    overlay.mkdir(parents=True)
    options = {
        "EDGEBOOT_INTERFACE": segment.interface,
        "EDGEBOOT_LEASE": segment.lease,
        "EDGEBOOT_PROFILE": PROFILE,
        "EDGEBOOT_PUSH": gateway,
        "EDGEBOOT_SEGMENT": segment.name,
        "EDGEBOOT_SERVER": segment.server,
    }
    text = "".join(f"{name}={value}\n" for name, value in options.items())
    (overlay / "options.env").write_text(text, encoding="utf-8")
    (overlay / "contract.toml").write_text(segment.contract, encoding="utf-8")
    (overlay / "volume.yaml").write_text(yaml.safe_dump(_volume(segment)), encoding="utf-8")
    kustomization = yaml.safe_dump(_kustomization(segment, overlay))
    (overlay / "kustomization.yaml").write_text(kustomization, encoding="utf-8")
    return overlay


def _kustomization(segment: Segment, overlay: Path) -> dict[str, Any]:
    def beside(path: Path) -> str:
        return os.path.relpath(path, overlay)

    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "nameSuffix": f"-{segment.name}",
        "resources": [beside(NIGHTLY / "base"), "volume.yaml"],
        "components": [beside(NIGHTLY / "components" / "libvirt")] if segment.owned_by_libvirt else [],
        "images": [{"name": _IMAGE, "newTag": _TAG}],
        "configMapGenerator": [
            {"name": "edgeboot-options", "behavior": "merge", "envs": ["options.env"]},
            {"name": "edgeboot-contract", "behavior": "replace", "files": ["contract.toml"]},
        ],
        "generatorOptions": {"disableNameSuffixHash": True},
        "patches": [
            {"target": {"kind": "CronJob"}, "patch": yaml.safe_dump(_changes(segment))},
            {
                "target": {"kind": "Role", "name": "edgeboot-lease"},
                "patch": yaml.safe_dump([_of_lease(segment)]),
            },
        ],
    }


def _of_lease(segment: Segment) -> dict[str, str]:
    return {"op": "replace", "path": "/rules/1/resourceNames/0", "value": segment.lease}


def _changes(segment: Segment) -> list[dict[str, str]]:
    label = LABEL.replace("/", "~1")
    return [
        {"op": "replace", "path": "/spec/schedule", "value": NEVER},
        {
            "op": "replace",
            "path": f"/spec/jobTemplate/spec/template/spec/nodeSelector/{label}",
            "value": segment.name,
        },
    ]


def _volume(segment: Segment) -> dict[str, Any]:
    """The volume of its claim: a directory of the worker, which all workers share."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "edgeboot"},
        "spec": {
            "storageClassName": "standard",
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "2Gi"},
            "hostPath": {"path": VOLUME},
            "claimRef": {"namespace": NAMESPACE, "name": f"edgeboot-{segment.name}"},
        },
    }
