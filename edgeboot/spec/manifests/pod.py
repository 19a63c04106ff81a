"""The Pod of the DHCP server, as far as this suite reads it.

Source: Kubernetes API reference, core/v1 Pod.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from pydantic import Field

from edgeboot.spec.manifests.kubernetes_object import KubernetesObject, Octets
from edgeboot.spec.manifests.probes import Lifecycle, Probe, ProbeKind
from edgeboot.spec.manifests.volumes import FieldRef, Volume, VolumeMount

_SERVER_NAMES: Final = ("dnsmasq", "dhcp-server")
"""What the server's container is called where the Pod has several."""


def of_server(names: Sequence[str]) -> str:
    """Which of a Pod's containers is the DHCP server's: by its usual name, else the first."""
    return next((name for name in names if name in _SERVER_NAMES), names[0])


class Capabilities(KubernetesObject):
    """Linux capabilities added to and dropped from the container runtime's default."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class SeccompProfile(KubernetesObject):
    """The seccomp system call filter."""

    type: str


class SecurityContext(KubernetesObject):
    """The privileges of a container or a Pod."""

    capabilities: Capabilities = Capabilities()
    seccomp_profile: SeccompProfile | None = None
    read_only_root_filesystem: bool = False
    privileged: bool = False
    """Whether it has every capability and no system call filter."""
    allow_privilege_escalation: bool = True
    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    fs_group: int | None = None
    supplemental_groups: tuple[int, ...] = ()


class ContainerPort(KubernetesObject):
    """A port of a container."""

    container_port: int
    host_port: int | None = None
    protocol: str = "TCP"
    name: str | None = None

    def __str__(self) -> str:
        return f"{self.host_port}/{self.protocol}"


class KeyRef(KubernetesObject):
    """A key of a ConfigMap or Secret."""

    name: str
    key: str
    optional: bool = False


class EnvVarSource(KubernetesObject):
    """Where a variable's value is from; none of its fields is set for what only a cluster has."""

    config_map_key_ref: KeyRef | None = None
    secret_key_ref: KeyRef | None = None
    field_ref: FieldRef | None = None


class EnvVar(KubernetesObject):
    """One environment variable."""

    name: str
    value: str = ""
    value_from: EnvVarSource | None = None


class ObjectRef(KubernetesObject):
    """A ConfigMap or Secret, all of whose keys become variables."""

    name: str
    optional: bool = False


class EnvFrom(KubernetesObject):
    """Variables from an object."""

    prefix: str = ""
    config_map_ref: ObjectRef | None = None
    secret_ref: ObjectRef | None = None


class ResourceLimits(KubernetesObject):
    """The most that a container may use."""

    memory: Octets | None = None
    """Octets; beyond them the kernel kills it."""


class Resources(KubernetesObject):
    """What a container needs, and may use."""

    limits: ResourceLimits = ResourceLimits()


class ContainerManifest(KubernetesObject):
    """A container of the Pod: its command, privileges, ports, mounts, probes and hooks."""

    name: str
    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    working_dir: str | None = None
    ports: tuple[ContainerPort, ...] = ()
    env: tuple[EnvVar, ...] = ()
    env_from: tuple[EnvFrom, ...] = ()
    volume_mounts: tuple[VolumeMount, ...] = ()
    security_context: SecurityContext = SecurityContext()
    resources: Resources = Resources()
    startup_probe: Probe | None = None
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    lifecycle: Lifecycle = Lifecycle()
    restart_policy: str | None = None
    """Of an init container: ``Always`` makes it a sidecar."""

    @property
    def probes(self) -> dict[ProbeKind, Probe]:
        """The probes that it has, the startup probe first."""
        all_kinds = {
            ProbeKind.STARTUP: self.startup_probe,
            ProbeKind.LIVENESS: self.liveness_probe,
            ProbeKind.READINESS: self.readiness_probe,
        }
        return {kind: probe for kind, probe in all_kinds.items() if probe is not None}


class PodSpec(KubernetesObject):
    """The spec of the Pod: the server's container, and what is started before and beside it."""

    containers: tuple[ContainerManifest, ...] = Field(min_length=1)
    init_containers: tuple[ContainerManifest, ...] = ()
    volumes: tuple[Volume, ...] = ()
    host_network: bool = False
    restart_policy: str = "Always"
    security_context: SecurityContext = SecurityContext()
    termination_grace_period_seconds: int = Field(default=30, ge=0)
    active_deadline_seconds: int | None = Field(default=None, ge=1)

    @property
    def server(self) -> ContainerManifest:
        """The DHCP server's container: the only one, else by its name, else the first."""
        name = of_server([each.name for each in self.containers])
        return next(each for each in self.containers if each.name == name)

    @property
    def beside(self) -> tuple[ContainerManifest, ...]:
        """The other containers."""
        return tuple(each for each in self.containers if each is not self.server)


class PodMetadata(KubernetesObject):
    """What the Pod is called."""

    name: str
    namespace: str = "default"
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)


class Pod(KubernetesObject):
    """The DHCP server's Pod."""

    metadata: PodMetadata = PodMetadata(name="dhcp-server")
    spec: PodSpec

    @property
    def container(self) -> ContainerManifest:
        """The DHCP server's container."""
        return self.spec.server

    def volume_of(self, path: PurePosixPath) -> Volume | None:
        """The volume that a path of the server's container is in, by the innermost mount; None without."""
        mounts = (each for each in self.container.volume_mounts if path.is_relative_to(each.mount_path))
        inner = max(mounts, key=lambda each: len(PurePosixPath(each.mount_path).parts), default=None)
        if inner is None:
            return None
        return next((volume for volume in self.spec.volumes if volume.name == inner.name), None)
