"""The rendered deployment of the DHCP server: its Pod, and its dnsmasq.conf with the source file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS, shown
from edgeboot.base.strict_model import read_text, validated
from edgeboot.spec.manifests.kustomize import Rendered, render
from edgeboot.spec.manifests.place import place

OVERLAYS: Final = MANIFESTS / "dhcp-server" / "overlays"
POD: Final = "dhcp-server"
BOOT_FILES: Final = "/srv/boot"
"""Directory of boot files on the node, mounted as a hostPath by a Pod that serves them."""
BOOT_FILES_OWNER: Final = 65534
"""User id of nobody, under which dnsmasq runs: with tftp-secure it sends only files of this owner."""


class _Kubernetes(BaseModel):
    """Part of an API object; unknown fields are ignored, since the API server validates them."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Capabilities(_Kubernetes):
    """Linux capabilities added to and dropped from the container runtime's default."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class SeccompProfile(_Kubernetes):
    """The seccomp system call filter."""

    type: str


class SecurityContext(_Kubernetes):
    """The privileges of a container or a Pod."""

    capabilities: Capabilities = Capabilities()
    seccomp_profile: SeccompProfile | None = None
    read_only_root_filesystem: bool = False
    privileged: bool = False
    """Whether it has every capability and no system call filter."""


class ContainerPort(_Kubernetes):
    """A port of a container."""

    container_port: int
    host_port: int | None = None
    protocol: str = "TCP"

    def __str__(self) -> str:
        return f"{self.host_port}/{self.protocol}"


class EnvVar(_Kubernetes):
    """One environment variable with a value in the manifest."""

    name: str
    value: str = ""


class VolumeMount(_Kubernetes):
    """A volume mounted into the container."""

    name: str
    mount_path: str
    sub_path: str | None = None
    read_only: bool = False


class ConfigMapSource(_Kubernetes):
    """A ConfigMap as a volume's content."""

    name: str


class HostPath(_Kubernetes):
    """A directory of the node as a volume's content."""

    path: str


class Volume(_Kubernetes):
    """A volume of one of the three types the DHCP server's Pod uses."""

    name: str
    config_map: ConfigMapSource | None = None
    empty_dir: dict[str, Any] | None = None
    host_path: HostPath | None = None


class ContainerManifest(_Kubernetes):
    """The container of the Pod: its command, privileges, ports and mounts."""

    name: str
    image: str
    command: tuple[str, ...] = Field(min_length=1)
    args: tuple[str, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    env: tuple[EnvVar, ...] = ()
    volume_mounts: tuple[VolumeMount, ...] = ()
    security_context: SecurityContext = SecurityContext()


class PodSpec(_Kubernetes):
    """The spec of the Pod, with exactly one container."""

    containers: tuple[ContainerManifest, ...] = Field(min_length=1, max_length=1)
    volumes: tuple[Volume, ...] = ()
    host_network: bool = False
    restart_policy: str = "Always"
    security_context: SecurityContext = SecurityContext()


class Pod(_Kubernetes):
    """The DHCP server's Pod."""

    spec: PodSpec

    @property
    def container(self) -> ContainerManifest:
        """The only container of the Pod."""
        return self.spec.containers[0]

    def volume_of(self, path: PurePosixPath) -> Volume | None:
        """The volume that a path of the container is in, by the innermost mount; None for the image's own."""
        mounts = (each for each in self.container.volume_mounts if path.is_relative_to(each.mount_path))
        inner = max(mounts, key=lambda each: len(PurePosixPath(each.mount_path).parts), default=None)
        if inner is None:
            return None
        return next((volume for volume in self.spec.volumes if volume.name == inner.name), None)


@dataclass(frozen=True)
class ServerConfig:
    """The server's configuration file, with the file its text was read from."""

    text: str
    source: Path
    mount_path: str
    """Its path inside the container."""


@dataclass(frozen=True)
class Deployment:
    """The rendered manifests of one profile."""

    profile: str
    rendered: Rendered
    pod: Pod
    config: ServerConfig

    def place(self, field: str) -> str:
        """File, line and text that set a field of the Pod, for error messages."""
        return place(field, self.rendered)

    @property
    def serves_boot_files(self) -> bool:
        """Whether the Pod mounts the node's directory of boot files."""
        paths = (volume.host_path for volume in self.pod.spec.volumes if volume.host_path is not None)
        return any(path.path == BOOT_FILES for path in paths)


def profiles() -> tuple[str, ...]:
    """The names of the overlays, sorted."""
    return tuple(sorted(path.name for path in OVERLAYS.iterdir() if (path / "kustomization.yaml").is_file()))


def load_deployment(profile: str, candidate: Path | None = None) -> Deployment:
    """Render a profile; ``candidate`` replaces its dnsmasq.conf.

    Raises:
        UsageError: the profile does not exist, or its manifests or the candidate are invalid.
    """
    if profile not in profiles():
        raise UsageError(f"--profile {profile}", "no such profile", f"choose from {', '.join(profiles())}")
    directory = OVERLAYS / profile
    rendered = render(directory)
    try:
        document = rendered.one("Pod", POD)
    except KeyError:
        raise UsageError(shown(directory), f"has no Pod named {POD}", "add one") from None
    pod = validated(Pod, document, directory / "kustomization.yaml", "correct the Pod it renders")
    return Deployment(profile, rendered, pod, _config(pod, rendered, directory, candidate))


def _config(pod: Pod, rendered: Rendered, directory: Path, candidate: Path | None) -> ServerConfig:
    volumes = {volume.name: volume for volume in pod.spec.volumes}
    for mount in pod.container.volume_mounts:
        volume = volumes.get(mount.name)
        if volume is None or volume.config_map is None:
            continue
        for (config_map, key), source in rendered.sources.items():
            if config_map == volume.config_map.name:
                text = rendered.one("ConfigMap", config_map)["data"][key]
                if candidate is not None:
                    source, text = candidate, read_text(candidate, "--dhcp-config")  # noqa: PLW2901
                path = mount.mount_path if mount.sub_path else f"{mount.mount_path}/{key}"
                return ServerConfig(text, source, path)
    raise UsageError(
        shown(directory),
        "mounts no generated ConfigMap into the container",
        "mount the one made from dnsmasq.conf",
    )
