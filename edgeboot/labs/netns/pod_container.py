"""A container of the Pod as a process of this machine, by what its manifest asks for."""

from __future__ import annotations

from pathlib import Path

from edgeboot.base.errors import UsageError
from edgeboot.host.capabilities import CAPABILITIES, RUNTIME_DEFAULT
from edgeboot.host.container import WRITABLE, ContainerSpec
from edgeboot.labs.netns.pod_objects import PodObjects, expanded
from edgeboot.labs.netns.pod_volumes import mounted
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.spec.manifests.deployment import Deployment
from edgeboot.spec.manifests.pod import ContainerManifest, SecurityContext


def container_spec(
    deployment: Deployment,
    namespace: str,
    directory: Path,
    command: tuple[str, ...] | None = None,
    container: ContainerManifest | None = None,
) -> ContainerSpec:
    """A container of the Pod as a process of this machine.

    Args:
        deployment: the rendered Pod.
        namespace: the named network namespace that stands for its node's.
        directory: the lab's own, in which the volumes' directories are.
        command: replaces the container's own command.
        container: which; None for the DHCP server's.

    Raises:
        UsageError: the manifest asks for something this lab does not support.
    """
    container = container or deployment.pod.container
    objects, context = PodObjects(deployment), container.security_context
    environment = objects.environment(container)
    own = tuple(expanded(word, environment) for word in (*container.command, *container.args))
    volumes = mounted(container, deployment.pod.spec.volumes, objects, directory)
    # Another server's program may be below /tmp, in its checkout.
    hidden = {mount.target for mount in volumes.mounts}
    hidden |= set() if command is None else {"/tmp", "/var/tmp"}  # noqa: S108
    scratch = tuple(path for path in WRITABLE if path not in hidden and not context.read_only_root_filesystem)
    database = lease_file(deployment.config, command or own).path
    in_the_image = deployment.pod.volume_of(database) is None and str(database.parent) not in scratch
    pod_context = deployment.pod.spec.security_context
    return ContainerSpec(
        command=command or own,
        namespace=namespace,
        files=dict(volumes.files),
        scratch=scratch,
        capabilities=_capabilities(context),
        environment=environment,
        mounts=volumes.mounts,
        sealed=volumes.sealed,
        writable=(str(database.parent),) if in_the_image and not context.read_only_root_filesystem else (),
        directory=container.working_dir or "/",
        user=context.run_as_user if context.run_as_user is not None else pod_context.run_as_user,
        group=context.run_as_group if context.run_as_group is not None else pod_context.run_as_group,
        groups=_groups(pod_context),
        no_new_privileges=not context.allow_privilege_escalation and not context.privileged,
    )


def _groups(context: SecurityContext) -> tuple[int, ...]:
    own = () if context.fs_group is None else (context.fs_group,)
    return (*context.supplemental_groups, *own)


def _capabilities(context: SecurityContext) -> frozenset[str]:
    """As containerd computes them: ALL first, then what is added, last what is dropped."""
    if context.privileged:
        return frozenset(CAPABILITIES)
    asked = context.capabilities
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
