"""The rendered DHCP server: its Pod, and the dnsmasq.conf it reads with the file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
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
"""The node's directory of boot files, which a Pod that serves them mounts as a hostPath."""
BOOT_FILES_OWNER: Final = 65534
"""The user id of nobody, as whom dnsmasq serves: with tftp-secure it sends only its own files."""


class _Kubernetes(BaseModel):
    """Part of an API object: fields not named here are left to the API server."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Capabilities(_Kubernetes):
    """What a container's processes may do beyond, and less than, the runtime's default."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class SeccompProfile(_Kubernetes):
    """The system call filter."""

    type: str


class SecurityContext(_Kubernetes):
    """A container's or a Pod's privileges."""

    capabilities: Capabilities = Capabilities()
    seccomp_profile: SeccompProfile | None = None
    read_only_root_filesystem: bool = False
    privileged: bool = False
    """With every capability, and without a system call filter."""


class Port(_Kubernetes):
    """A container's port."""

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
    """Where a volume appears in the container."""

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
    """A volume; of the kinds there are, the labs' server needs these three."""

    name: str
    config_map: ConfigMapSource | None = None
    empty_dir: dict[str, Any] | None = None
    host_path: HostPath | None = None


class Container(_Kubernetes):
    """What runs, with what privileges, and what it sees."""

    name: str
    image: str
    command: tuple[str, ...] = Field(min_length=1)
    args: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    env: tuple[EnvVar, ...] = ()
    volume_mounts: tuple[VolumeMount, ...] = ()
    security_context: SecurityContext = SecurityContext()


class PodSpec(_Kubernetes):
    """The Pod's spec."""

    containers: tuple[Container, ...] = Field(min_length=1, max_length=1)
    volumes: tuple[Volume, ...] = ()
    host_network: bool = False
    restart_policy: str = "Always"
    security_context: SecurityContext = SecurityContext()


class Pod(_Kubernetes):
    """The DHCP server's Pod."""

    spec: PodSpec

    @property
    def container(self) -> Container:
        """Its one container."""
        return self.spec.containers[0]


@dataclass(frozen=True)
class ServerConfig:
    """The configuration file the server reads, and where its text comes from."""

    text: str
    source: Path
    mount_path: str
    """Its path inside the container."""


@dataclass(frozen=True)
class Deployment:
    """Everything that is deployed to serve DHCP."""

    profile: str
    rendered: Rendered
    pod: Pod
    config: ServerConfig

    def place(self, field: str) -> str:
        """Which lines of the manifests state a field of the Pod, for an error."""
        return place(field, self.rendered)

    @property
    def serves_boot_files(self) -> bool:
        """Whether the Pod hands out what is in the node's directory of boot files."""
        paths = (volume.host_path for volume in self.pod.spec.volumes if volume.host_path is not None)
        return any(path.path == BOOT_FILES for path in paths)


def profiles() -> tuple[str, ...]:
    """The names of the overlays."""
    return tuple(sorted(path.name for path in OVERLAYS.iterdir() if (path / "kustomization.yaml").is_file()))


def load_deployment(profile: str, candidate: Path | None = None) -> Deployment:
    """Render a profile; with ``candidate``, that file takes the place of its dnsmasq.conf.

    Raises:
        UsageError: no such profile, or its manifests or the candidate cannot be used.
    """
    if profile not in profiles():
        raise UsageError(f"--profile {profile}", "no such profile", f"choose from {', '.join(profiles())}")
    directory = OVERLAYS / profile
    rendered = render(directory)
    try:
        document = rendered.one("Pod", POD)
    except KeyError:
        raise UsageError(shown(directory), f"has no Pod named {POD}", "add one") from None
    pod = validated(Pod, document, directory / "kustomization.yaml", "mend the Pod it renders")
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
