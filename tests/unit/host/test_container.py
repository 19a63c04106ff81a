"""The container made from a Pod: capabilities, mounts, command and environment."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.host.capabilities import CAPABILITIES, RUNTIME_DEFAULT
from edgeboot.host.container import ContainerSpec, Mount
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.spec.manifests.deployment import Deployment, load_deployment
from edgeboot.spec.manifests.pod import Pod

POC: Final = load_deployment("poc")
LAB: Final = Path("/lab")
EVERYTHING: Final = frozenset(CAPABILITIES)
PART_OF: Final = "metadata.labels['app.kubernetes.io/part-of']"
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
    return container_spec(changed(securityContext={"capabilities": {"add": add, "drop": drop}}), "ns", LAB)


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
    assert container_spec(changed(securityContext=context), "ns", LAB).capabilities == EVERYTHING


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
    assert container_spec(POC, "ns", LAB).files == {"/etc/edgeboot/dnsmasq.conf": POC.config.text}


@pytest.mark.parametrize(
    "volume,source,read_only,mode",
    [
        ({"emptyDir": {}}, "/lab/volumes/cache", False, 0o777),
        ({"ephemeral": {"volumeClaimTemplate": {}}}, "/lab/volumes/cache", False, 0o777),
        ({"hostPath": {"path": "/srv/own"}}, "/lab/node/srv/own", False, 0o755),
        ({"persistentVolumeClaim": {"claimName": "leases"}}, "/lab/claims/leases", False, 0o777),
        (
            {"persistentVolumeClaim": {"claimName": "leases", "readOnly": True}},
            "/lab/claims/leases",
            True,
            0o777,
        ),
        ({"hostPath": {"path": "/etc/passwd"}}, "/etc/passwd", True, None),
    ],
    ids=["emptyDir", "ephemeral", "hostPath", "claim", "claim for reading", "file of the node"],
)
def test_volume_is_a_directory_of_the_lab(
    volume: dict[str, Any], source: str, read_only: bool, mode: int | None
) -> None:
    """It belongs to the Pod, its claim or its node: each container finds it again."""
    [mount] = container_spec(
        changed(volumes=({"name": "cache", **volume},), mounts=(MOUNTED,)), "ns", LAB
    ).mounts
    assert mount == Mount(Path(source), "/var/cache/own", read_only, mode)


def test_part_of_a_volume_is_a_directory_below_it() -> None:
    """With subPath, which the kubelet makes if it is missing."""
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=(MOUNTED | {"subPath": "own"},))
    [mount] = container_spec(deployment, "ns", LAB).mounts
    assert mount.source == Path("/lab/volumes/cache/own")


def test_empty_directory_takes_the_place_of_scratch() -> None:
    """A volume replaces the runtime's writable directory at the same path."""
    mounts = (MOUNTED | {"mountPath": "/var/lib/misc"},)
    spec = container_spec(changed(volumes=({"name": "cache", "emptyDir": {}},), mounts=mounts), "ns", LAB)
    assert "/var/lib/misc" in container_spec(POC, "ns", LAB).scratch
    assert "/var/lib/misc" not in spec.scratch


def test_program_of_another_server_may_be_below_tmp() -> None:
    """Its /tmp is the machine's, because a scratch directory would hide the program."""
    assert "/tmp" in container_spec(POC, "ns", LAB).scratch  # noqa: S108
    assert "/tmp" not in container_spec(POC, "ns", LAB, ("/tmp/server",)).scratch  # noqa: S108


def test_empty_directory_without_a_mount_is_ignored() -> None:
    """The API server allows such a volume."""
    deployment = changed(volumes=({"name": "cache", "emptyDir": {}},))
    assert container_spec(deployment, "ns", LAB).mounts == ()


def test_read_only_root_leaves_nothing_to_write_to() -> None:
    """readOnlyRootFilesystem removes the runtime's writable directories."""
    assert container_spec(changed(securityContext={"readOnlyRootFilesystem": True}), "ns", LAB).scratch == ()


def test_mount_of_no_volume_is_an_error() -> None:
    """The API server refuses such a Pod."""
    with pytest.raises(UsageError, match="volumeMounts of dnsmasq: no volume cache; name one of config"):
        container_spec(changed(mounts=(MOUNTED,)), "ns", LAB)


def test_object_that_is_nowhere_is_an_error() -> None:
    """The kubelet would not start the container (CreateContainerConfigError)."""
    volume = {"name": "cache", "secret": {"secretName": "own"}}
    with pytest.raises(UsageError, match="Secret own: is in none of them, so the kubelet would not start"):
        container_spec(changed(volumes=(volume,), mounts=(MOUNTED,)), "ns", LAB)


@pytest.mark.parametrize(
    "volume,files",
    [
        (
            {"configMap": {"name": "dhcp-server", "items": [{"key": "dnsmasq.conf", "path": "d/own"}]}},
            {"/var/cache/own/d/own": POC.config.text},
        ),
        (
            {
                "downwardAPI": {
                    "items": [
                        {"path": "name", "fieldRef": {"fieldPath": "metadata.name"}},
                        {"path": "part", "fieldRef": {"fieldPath": PART_OF}},
                    ]
                }
            },
            {"/var/cache/own/name": "dhcp-server", "/var/cache/own/part": "edgeboot"},
        ),
        (
            {"projected": {"sources": [{"configMap": {"name": "absent", "optional": True}}]}},
            {},
        ),
    ],
    ids=["items", "downwardAPI", "optional"],
)
def test_volume_of_objects_is_files(volume: dict[str, Any], files: dict[str, str]) -> None:
    """With the keys that it names, read-only."""
    spec = container_spec(changed(volumes=({"name": "cache", **volume},), mounts=(MOUNTED,)), "ns", LAB)
    assert spec.files == {"/etc/edgeboot/dnsmasq.conf": POC.config.text} | files
    assert ("/var/cache/own" in spec.sealed) == bool(files)


def test_command_refers_to_variables() -> None:
    """As the kubelet expands them: $(NAME) in command, args and later variables; $$ is a dollar."""
    variables = [
        {"name": "WHO", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        {"name": "BOTH", "value": "$(WHO)-$(ABSENT)"},
    ]
    spec = container_spec(changed(command=["run", "$(BOTH)"], args=["$$(WHO)"], env=variables), "ns", LAB)
    assert spec.command == ("run", "orch-infra-$(ABSENT)", "$(WHO)")


def test_rights_are_those_of_the_security_context() -> None:
    """The container's own user goes before the Pod's; no privileges are gained where that is forbidden."""
    context = {"runAsUser": 1000, "runAsGroup": 2000, "allowPrivilegeEscalation": False}
    spec = container_spec(changed(securityContext=context, workingDir="/srv"), "ns", LAB)
    assert (spec.user, spec.group, spec.no_new_privileges, spec.directory) == (1000, 2000, True, "/srv")
    spec = container_spec(POC, "ns", LAB)
    assert (spec.user, spec.group, spec.no_new_privileges, spec.directory) == (None, None, False, "/")


def test_command_has_the_arguments_of_the_manifest() -> None:
    """A command given by the caller replaces both."""
    own = ("udhcpd", "-f")
    assert container_spec(changed(command=["a"], args=["b", "c"]), "ns", LAB).command == ("a", "b", "c")
    assert container_spec(POC, "ns", LAB, own).command == own


def test_environment_is_that_of_the_manifest_and_a_path() -> None:
    """No variable of this machine is passed on; the manifest may set another PATH."""
    assert list(container_spec(POC, "ns", LAB).environment) == ["PATH"]
    variables = [{"name": "TZ", "value": "UTC"}, {"name": "PATH", "value": "/opt"}]
    assert container_spec(changed(env=variables), "ns", LAB).environment == {"TZ": "UTC", "PATH": "/opt"}


def test_spec_is_handed_over_as_numbers_and_paths(tmp_path: Path) -> None:
    """``container_init`` imports nothing from this package."""
    spec = replace(container_spec(POC, "ns", LAB), capabilities=frozenset({"NET_RAW", "CHOWN"}))
    read = json.loads(spec.to_json(tmp_path))
    assert (read["capabilities"], read["parent"]) == ([0, 13], os.getpid())
    assert (read["namespace"], read["root"]) == ("/run/netns/ns", str(tmp_path / "root"))
    assert read["command"] == list(spec.command)
