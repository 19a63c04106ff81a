"""The Pod's container as a process: what it may do, what it sees, what it runs."""

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
    """The proof of concept with more volumes and mounts, and other fields of its container."""
    document = json.loads(json.dumps(POC.rendered.one("Pod", "dhcp-server")))
    spec = document["spec"]
    spec["volumes"] += volumes
    spec["containers"][0]["volumeMounts"] += mounts
    spec["containers"][0] |= container
    return replace(POC, pod=Pod.model_validate(document))


def spec_with(add: list[str], drop: list[str]) -> ContainerSpec:
    """The container with these capabilities added and dropped."""
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
def test_capabilities_are_the_runtime_s_with_what_the_manifest_says(
    add: list[str], drop: list[str], kept: frozenset[str]
) -> None:
    """ALL stands for every one, in either list, and is seen to first; then what is dropped stays dropped."""
    assert spec_with(add, drop).capabilities == kept


def test_privileged_container_has_every_capability() -> None:
    """Whatever is dropped beside it."""
    context = {"privileged": True, "capabilities": {"drop": ["ALL"]}}
    assert container_spec(changed(securityContext=context), "ns").capabilities == EVERYTHING


@pytest.mark.parametrize("name", ["CAP_NET_ADMIN", "net_admin", "EVERYTHING", ""])
@pytest.mark.parametrize("field", ["add", "drop"])
def test_capability_nobody_knows_is_an_error(name: str, field: str) -> None:
    """Misspelt, it would silently be missing."""
    capabilities: dict[str, list[str]] = {"add": [], "drop": [], field: [name]}
    with pytest.raises(UsageError, match=rf"securityContext\.capabilities: {name} is not a capability;"):
        spec_with(capabilities["add"], capabilities["drop"])


def test_capabilities_have_the_kernel_s_numbers() -> None:
    """A few that are well known hold the rest in place (capability.h)."""
    numbers = {name: CAPABILITIES[name] for name in ("CHOWN", "NET_ADMIN", "SYS_ADMIN", "CHECKPOINT_RESTORE")}
    assert numbers == {"CHOWN": 0, "NET_ADMIN": 12, "SYS_ADMIN": 21, "CHECKPOINT_RESTORE": 40}
    assert RUNTIME_DEFAULT <= EVERYTHING


def test_container_sees_its_configuration_where_the_manifest_mounts_it() -> None:
    """One file with the text that was rendered."""
    assert container_spec(POC, "ns").files == {"/etc/edgeboot/dnsmasq.conf": POC.config.text}


def test_empty_directory_outlives_the_container() -> None:
    """A mounted emptyDir is a directory of the Pod's, wherever and however often it is mounted."""
    mounts = (MOUNTED, MOUNTED | {"mountPath": "/var/cache/other"})
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=mounts)
    assert container_spec(deployment, "ns").volumes == (
        ("/var/cache/own", "cache"),
        ("/var/cache/other", "cache"),
    )


def test_empty_directory_takes_the_place_of_scratch() -> None:
    """Where the runtime would be writable anyway, the volume is what is seen."""
    mounts = (MOUNTED | {"mountPath": "/var/lib/misc"},)
    spec = container_spec(changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=mounts), "ns")
    assert "/var/lib/misc" in container_spec(POC, "ns").scratch
    assert "/var/lib/misc" not in spec.scratch


def test_another_server_s_program_may_lie_below_tmp() -> None:
    """Its /tmp is the machine's own: a scratch one would hide the program."""
    assert "/tmp" in container_spec(POC, "ns").scratch  # noqa: S108
    assert "/tmp" not in container_spec(POC, "ns", ("/tmp/server",)).scratch  # noqa: S108


def test_empty_directory_nobody_mounts_is_nothing() -> None:
    """The API server allows it, and so do we."""
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},))
    assert container_spec(deployment, "ns").volumes == ()


def test_read_only_root_leaves_nothing_to_write_to() -> None:
    """readOnlyRootFilesystem takes the runtime's writable directories away."""
    assert container_spec(changed(securityContext={"readOnlyRootFilesystem": True}), "ns").scratch == ()


def test_host_path_is_what_the_lab_puts_on_its_node(tmp_path: Path) -> None:
    """The directory that stands for it is seen inside, read-only."""
    deployment = changed(volumes=({"name": "cache", "hostPath": {"path": "/srv"}},), mounts=(MOUNTED,))
    [mount] = container_spec(deployment, "ns", host_paths={"/srv": tmp_path}).mounts
    assert (mount.source, mount.target, mount.read_only) == (tmp_path, "/var/cache/own", True)


def test_host_path_this_lab_does_not_put_there_is_an_error() -> None:
    """The server would run without what it needs."""
    deployment = changed(volumes=({"name": "cache", "hostPath": {"path": "/srv"}},), mounts=(MOUNTED,))
    with pytest.raises(UsageError, match="manifests: hostPath /srv: is not on this lab's node"):
        container_spec(deployment, "ns")


@pytest.mark.parametrize(
    "volume", [{"name": "cache", "secret": {"secretName": "own"}}, {"name": "x"}], ids=str
)
def test_volume_this_lab_cannot_give_is_an_error(volume: dict[str, Any]) -> None:
    """A kind of volume that is not known here, and one that the Pod does not have."""
    with pytest.raises(UsageError, match="manifests: volume cache: is neither configMap, emptyDir nor"):
        container_spec(changed(volumes=(volume,), mounts=(MOUNTED,)), "ns")


def test_command_is_the_manifest_s_with_its_arguments() -> None:
    """A command of the caller's replaces both."""
    own = ("udhcpd", "-f")
    assert container_spec(changed(command=["a"], args=["b", "c"]), "ns").command == ("a", "b", "c")
    assert container_spec(POC, "ns", own).command == own


def test_environment_is_the_manifest_s_and_a_path() -> None:
    """Nothing of this machine's comes in; the manifest may set another PATH."""
    assert list(container_spec(POC, "ns").environment) == ["PATH"]
    variables = [{"name": "TZ", "value": "UTC"}, {"name": "PATH", "value": "/opt"}]
    assert container_spec(changed(env=variables), "ns").environment == {"TZ": "UTC", "PATH": "/opt"}


def test_spec_is_handed_over_as_numbers_and_paths(tmp_path: Path) -> None:
    """The program that becomes the container imports nothing of ours."""
    spec = replace(container_spec(POC, "ns"), capabilities=frozenset({"NET_RAW", "CHOWN"}))
    read = json.loads(spec.to_json(tmp_path))
    assert (read["capabilities"], read["parent"]) == ([0, 13], os.getpid())
    assert (read["namespace"], read["root"]) == ("/run/netns/ns", str(tmp_path / "root"))
    assert read["command"] == list(spec.command)
