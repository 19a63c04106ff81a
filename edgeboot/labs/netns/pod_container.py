"""The Pod's container as a process of this machine, by what its manifest asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from edgeboot.base.errors import UsageError
from edgeboot.machine.capabilities import CAPABILITIES, RUNTIME_DEFAULT
from edgeboot.machine.container import DEFAULT_PATH, WRITABLE, ContainerSpec, Mount
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.spec.manifests.deployment import Deployment


def container_spec(
    deployment: Deployment,
    namespace: str,
    command: tuple[str, ...] | None = None,
    host_paths: Mapping[str, Path] = MappingProxyType({}),
) -> ContainerSpec:
    """The Pod's container as a process of this machine.

    Args:
        deployment: the rendered Pod.
        namespace: the named network namespace that stands for its node's.
        command: replaces the container's own command.
        host_paths: for a ``hostPath`` of the node the directory that stands for it here.

    Raises:
        UsageError: the manifest asks for something this lab does not support.
    """
    container = deployment.pod.container
    named = {volume.name: volume for volume in deployment.pod.spec.volumes}
    volumes: list[tuple[str, str]] = []
    mounts: list[Mount] = []
    for each in container.volume_mounts:
        volume = named.get(each.name)
        if volume is not None and volume.empty_dir is not None:
            volumes.append((each.mount_path, volume.name))
        elif volume is not None and volume.host_path is not None:
            mounts.append(Mount(_stand_in(volume.host_path.path, host_paths), each.mount_path))
        elif volume is None or volume.config_map is None:
            raise UsageError(
                f"manifests: volume {each.name}",
                "is neither configMap, emptyDir nor hostPath",
                "use --lab kind for it",
            )
    read_only = container.security_context.read_only_root_filesystem
    words = command or (*container.command, *container.args)
    # Another server's program may be below /tmp, in its checkout.
    hidden = {path for path, _ in volumes} | (set() if command is None else {"/tmp", "/var/tmp"})  # noqa: S108
    scratch = tuple(path for path in WRITABLE if path not in hidden and not read_only)
    database = lease_file(deployment.config, words).path
    in_the_image = deployment.pod.volume_of(database) is None and str(database.parent) not in scratch
    return ContainerSpec(
        command=words,
        namespace=namespace,
        files={deployment.config.mount_path: deployment.config.text},
        scratch=scratch,
        capabilities=_capabilities(deployment),
        environment={"PATH": DEFAULT_PATH} | {variable.name: variable.value for variable in container.env},
        mounts=tuple(mounts),
        volumes=tuple(volumes),
        writable=(str(database.parent),) if in_the_image and not read_only else (),
    )


def _stand_in(path: str, host_paths: Mapping[str, Path]) -> Path:
    if path not in host_paths:
        raise UsageError(
            f"manifests: hostPath {path}",
            "is not on this lab's node",
            f"name one of {', '.join(sorted(host_paths)) or 'none'}",
        )
    return host_paths[path]


def _capabilities(deployment: Deployment) -> frozenset[str]:
    """As containerd computes them: ALL first, then what is added, last what is dropped."""
    if deployment.pod.container.security_context.privileged:
        return frozenset(CAPABILITIES)
    asked = deployment.pod.container.security_context.capabilities
    for name in (*asked.add, *asked.drop):
        if name not in CAPABILITIES and name != "ALL":
            raise UsageError(
                "manifests: field securityContext.capabilities",
                f"{name} is not a capability",
                "write it without CAP_, as in NET_ADMIN; see capabilities(7)",
            )
    kept = frozenset(CAPABILITIES) if "ALL" in asked.add else RUNTIME_DEFAULT
    if "ALL" in asked.drop:
        kept = frozenset()
    return (kept | set(asked.add)) - set(asked.drop) - {"ALL"}
