"""Where the files of dnsmasq's own TFTP are on the node."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

import pytest

from edgeboot.server.dnsmasq.boot_directory import boot_directory
from edgeboot.spec.manifests.deployment import Deployment, load_deployment
from edgeboot.spec.manifests.pod import Pod

from ..samples import config

POC: Final = load_deployment("poc")


def with_volume(text: str, volume: dict[str, Any], mount: dict[str, Any]) -> Deployment:
    """The proof of concept with this configuration, and one volume more."""
    document = json.loads(json.dumps(POC.rendered.one("Pod", "dhcp-server")))
    document["spec"]["volumes"].append({"name": "boot", **volume})
    document["spec"]["containers"][0]["volumeMounts"].append({"name": "boot", **mount})
    return replace(POC, pod=Pod.model_validate(document), config=config(text))


@pytest.mark.parametrize(
    "text,path,mount,there",
    [
        ("tftp-root=/srv/boot", "/srv/boot", {"mountPath": "/srv/boot"}, "/srv/boot"),
        ("tftp-root=/var/lib/tftpboot", "/opt/tftp", {"mountPath": "/var/lib"}, "/opt/tftp/tftpboot"),
        ("tftp-root=/t,ens3", "/opt", {"mountPath": "/t", "subPath": "boot"}, "/opt/boot"),
        ("enable-tftp", "/srv/boot", {"mountPath": "/elsewhere"}, "/srv/boot"),
        ("tftp-root=/image", "/srv/boot", {"mountPath": "/srv/boot"}, None),
        ("", "/opt", {"mountPath": "/opt"}, None),
    ],
)
def test_boot_files_are_where_tftp_looks(
    text: str, path: str, mount: dict[str, Any], there: str | None
) -> None:
    """Behind tftp-root; without that line in the usual directory of the node."""
    directory = boot_directory(with_volume(text, {"hostPath": {"path": path}}, mount))
    found = None if directory is None else directory.on_the_node
    assert found == (None if there is None else PurePosixPath(there))


def test_claim_is_nowhere_on_the_node() -> None:
    """Its provisioner knows where it is."""
    claim = {"persistentVolumeClaim": {"claimName": "boot"}}
    directory = boot_directory(with_volume("tftp-root=/srv", claim, {"mountPath": "/srv"}))
    assert directory is not None
    assert directory.on_the_node is None


def test_volume_that_the_pod_fills_itself_is_left_to_it() -> None:
    """An init container copies its image's files into an emptyDir."""
    assert boot_directory(with_volume("tftp-root=/srv", {"emptyDir": {}}, {"mountPath": "/srv"})) is None
