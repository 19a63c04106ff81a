"""The container made from a Pod: capabilities, mounts, command and environment."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.machine.capabilities import CAPABILITIES, RUNTIME_DEFAULT
from edgeboot.machine.container import ContainerSpec
from edgeboot.spec.manifests.deployment import Deployment, Pod, load_deployment

POC: Final = load_deployment("poc")
EVERYTHING: Final = frozenset(CAPABILITIES)
MOUNTED: Final = {"name": "cache", "mountPath": "/var/cache/own"}


def changed(*, volumes: tuple[Any, ...] = (), mounts: tuple[Any, ...] = (), **container: Any) -> Deployment:
    """The proof of concept's deployment with added volumes and mounts, and changed container fields."""
    document = json.loads(json.dumps(POC.rendered.one("Pod", "dhcp-server")))
    spec = document["spec"]
    spec["volumes"] += volumes
    spec["containers"][0]["volumeMounts"] += mounts
    spec["containers"][0] |= container
    return replace(POC, pod=Pod.model_validate(document))


def spec_with(add: list[str], drop: list[str]) -> ContainerSpec:
    """The container spec with these capabilities added and dropped."""
    return container_spec(changed(securityContext={"capabilities": {"add": add, "drop": drop}}), "ns")


@pytest.mark.parametrize(
    "add,drop,kept",
    [
        ([], [], RUNTIME_DEFAULT),
        (["NET_ADMIN"], [], RUNTIME_DEFAULT | {"NET_ADMIN"}),
        ([], ["NET_RAW", "KILL"], RUNTIME_DEFAULT - {"NET_RAW", "KILL"}),
        (["NET_ADMIN"], ["ALL"], {"NET_ADMIN"}),
        (["NET_ADMIN", "NET_RAW"], ["ALL"], {"NET_ADMIN", "NET_RAW"}),
        ([], ["ALL"], frozenset()),
        (["ALL"], [], EVERYTHING),
        (["NET_RAW"], [], RUNTIME_DEFAULT),
        ([], ["NET_ADMIN"], RUNTIME_DEFAULT),
        (["ALL"], ["CHOWN"], EVERYTHING - {"CHOWN"}),
        (["NET_ADMIN"], ["NET_ADMIN"], RUNTIME_DEFAULT),
        (["ALL"], ["ALL"], frozenset()),
        (["NET_ADMIN", "KILL"], ["ALL", "KILL"], {"NET_ADMIN"}),
    ],
)
def test_manifest_changes_the_default_capabilities(
    add: list[str], drop: list[str], kept: frozenset[str]
) -> None:
    """ALL means every capability in either list and is applied first; dropped ones stay dropped."""
    assert spec_with(add, drop).capabilities == kept


def test_privileged_container_has_every_capability() -> None:
    """``drop`` has no effect on a privileged container."""
    context = {"privileged": True, "capabilities": {"drop": ["ALL"]}}
    assert container_spec(changed(securityContext=context), "ns").capabilities == EVERYTHING


@pytest.mark.parametrize("name", ["CAP_NET_ADMIN", "net_admin", "EVERYTHING", ""])
@pytest.mark.parametrize("field", ["add", "drop"])
def test_unknown_capability_is_an_error(name: str, field: str) -> None:
    """A misspelt capability would otherwise be missing without notice."""
    capabilities: dict[str, list[str]] = {"add": [], "drop": [], field: [name]}
    with pytest.raises(UsageError, match=rf"securityContext\.capabilities: {name} is not a capability;"):
        spec_with(capabilities["add"], capabilities["drop"])


def test_capabilities_have_the_numbers_of_the_kernel() -> None:
    """Some well-known numbers prove the order of the list (linux/capability.h)."""
    numbers = {name: CAPABILITIES[name] for name in ("CHOWN", "NET_ADMIN", "SYS_ADMIN", "CHECKPOINT_RESTORE")}
    assert numbers == {"CHOWN": 0, "NET_ADMIN": 12, "SYS_ADMIN": 21, "CHECKPOINT_RESTORE": 40}
    assert RUNTIME_DEFAULT <= EVERYTHING


def test_configuration_is_mounted_where_the_manifest_says() -> None:
    """It is one file with the rendered text."""
    assert container_spec(POC, "ns").files == {"/etc/edgeboot/dnsmasq.conf": POC.config.text}


def test_empty_directory_outlives_the_container() -> None:
    """An emptyDir belongs to the Pod, wherever and however often it is mounted."""
    mounts = (MOUNTED, MOUNTED | {"mountPath": "/var/cache/other"})
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=mounts)
    assert container_spec(deployment, "ns").volumes == (
        ("/var/cache/own", "cache"),
        ("/var/cache/other", "cache"),
    )


def test_empty_directory_takes_the_place_of_scratch() -> None:
    """A volume replaces the runtime's writable directory at the same path."""
    mounts = (MOUNTED | {"mountPath": "/var/lib/misc"},)
    spec = container_spec(changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=mounts), "ns")
    assert "/var/lib/misc" in container_spec(POC, "ns").scratch
    assert "/var/lib/misc" not in spec.scratch


def test_program_of_another_server_may_be_below_tmp() -> None:
    """Its /tmp is the machine's, because a scratch directory would hide the program."""
    assert "/tmp" in container_spec(POC, "ns").scratch  # noqa: S108
    assert "/tmp" not in container_spec(POC, "ns", ("/tmp/server",)).scratch  # noqa: S108


def test_empty_directory_without_a_mount_is_ignored() -> None:
    """The API server allows such a volume."""
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},))
    assert container_spec(deployment, "ns").volumes == ()


def test_read_only_root_leaves_nothing_to_write_to() -> None:
    """readOnlyRootFilesystem removes the runtime's writable directories."""
    assert container_spec(changed(securityContext={"readOnlyRootFilesystem": True}), "ns").scratch == ()


def test_host_path_is_a_directory_of_the_lab(tmp_path: Path) -> None:
    """The lab's directory is mounted for it, read-only."""
    deployment = changed(volumes=({"name": "cache", "hostPath": {"path": "/srv"}},), mounts=(MOUNTED,))
    [mount] = container_spec(deployment, "ns", host_paths={"/srv": tmp_path}).mounts
    assert (mount.source, mount.target, mount.read_only) == (tmp_path, "/var/cache/own", True)


def test_host_path_the_lab_does_not_provide_is_an_error() -> None:
    """The server would run without its files."""
    deployment = changed(volumes=({"name": "cache", "hostPath": {"path": "/srv"}},), mounts=(MOUNTED,))
    with pytest.raises(UsageError, match="manifests: hostPath /srv: is not on this lab's node"):
        container_spec(deployment, "ns")


@pytest.mark.parametrize(
    "volume", [{"name": "cache", "secret": {"secretName": "own"}}, {"name": "x"}], ids=str
)
def test_volume_the_lab_cannot_provide_is_an_error(volume: dict[str, Any]) -> None:
    """That is an unsupported type of volume, or one the Pod does not have."""
    with pytest.raises(UsageError, match="manifests: volume cache: is neither configMap, emptyDir nor"):
        container_spec(changed(volumes=(volume,), mounts=(MOUNTED,)), "ns")


def test_command_has_the_arguments_of_the_manifest() -> None:
    """A command given by the caller replaces both."""
    own = ("udhcpd", "-f")
    assert container_spec(changed(command=["a"], args=["b", "c"]), "ns").command == ("a", "b", "c")
    assert container_spec(POC, "ns", own).command == own


def test_environment_is_that_of_the_manifest_and_a_path() -> None:
    """No variable of this machine is passed on; the manifest may set another PATH."""
    assert list(container_spec(POC, "ns").environment) == ["PATH"]
    variables = [{"name": "TZ", "value": "UTC"}, {"name": "PATH", "value": "/opt"}]
    assert container_spec(changed(env=variables), "ns").environment == {"TZ": "UTC", "PATH": "/opt"}


def test_spec_is_handed_over_as_numbers_and_paths(tmp_path: Path) -> None:
    """``container_init`` imports nothing from this package."""
    spec = replace(container_spec(POC, "ns"), capabilities=frozenset({"NET_RAW", "CHOWN"}))
    read = json.loads(spec.to_json(tmp_path))
    assert (read["capabilities"], read["parent"]) == ([0, 13], os.getpid())
    assert (read["namespace"], read["root"]) == ("/run/netns/ns", str(tmp_path / "root"))
    assert read["command"] == list(spec.command)
