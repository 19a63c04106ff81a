"""What a run applies is what was rendered, but for its label, the configuration and a fresh node's needs."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from edgeboot.server.pod.manifest_objects import config_hash, is_of, owned_objects
from edgeboot.spec.manifests.deployment import Deployment, load_deployment

POC: Final = load_deployment("poc")
OTHER: Final = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "banner", "namespace": "orch-infra"},
    "data": {"motd": "mind the gap"},
}


def with_other_keys() -> Deployment:
    """The proof of concept with a second key beside its configuration, and a second ConfigMap."""
    objects = (*deepcopy(POC.rendered.objects), OTHER)
    for each in objects:
        if is_of(POC.config, each):
            each["data"]["ethers"] = "02:eb:00:00:00:01 192.168.99.100"
    rendered = replace(POC.rendered, objects=objects)
    return replace(POC, rendered=rendered, config=replace(POC.config, text="port=0\n"))


def applied(kind: str, name: str) -> dict[str, Any]:
    """An object as a run applies it."""
    objects = owned_objects(with_other_keys(), "ab12cd")
    [found] = [each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def test_configuration_is_put_under_its_own_key_alone() -> None:
    """A second key is a file of its own, which dnsmasq reads as what it is."""
    data = applied("ConfigMap", POC.config.config_map)["data"]
    assert data == {POC.config.key: "port=0\n", "ethers": "02:eb:00:00:00:01 192.168.99.100"}


def test_other_config_map_stays_as_it_is() -> None:
    """It is not the server's configuration."""
    assert applied("ConfigMap", "banner")["data"] == OTHER["data"]


def test_pod_is_annotated_with_the_hash_of_the_configuration() -> None:
    """So that another one is another Pod."""
    annotations = applied("Pod", "dhcp-server")["metadata"]["annotations"]
    assert config_hash("port=0\n") in annotations.values()
