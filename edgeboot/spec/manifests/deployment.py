"""The rendered deployment of the DHCP server: its Pod, and its dnsmasq.conf with the source file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS, shown
from edgeboot.base.strict_model import read_text, validated
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.kustomize import Rendered, render
from edgeboot.spec.manifests.network import NODE_NETWORK
from edgeboot.spec.manifests.place import cause_of, line_of, place
from edgeboot.spec.manifests.pod import Pod

OVERLAYS: Final = MANIFESTS / "dhcp-server" / "overlays"
POD: Final = "dhcp-server"
BOOT_FILES: Final = "/srv/boot"
"""Directory of boot files on the node, mounted as a hostPath by a Pod that serves them."""
BOOT_FILES_OWNER: Final = 65534
"""User id of nobody, under which dnsmasq runs: with tftp-secure it sends only files of this owner."""


@dataclass(frozen=True)
class ServerConfig:
    """The server's configuration file, with the file its text was read from."""

    text: str
    source: Path
    mount_path: str
    """Its path inside the container."""
    config_map: str = ""
    """The ConfigMap it is in, and under which key."""
    key: str = ""
    beside: tuple[ServerConfig, ...] = ()
    """The other files of generated ConfigMaps in the container, which it may include."""
    arguments: tuple[str, ...] = ()
    """The words of the server's command line behind its program; none where another command runs it."""
    arguments_at: Cause | None = None
    """The line of the manifests that has them."""

    @property
    def without_arguments(self) -> ServerConfig:
        """The same for another command line than the Pod's."""
        return replace(self, arguments=(), arguments_at=None)


@dataclass(frozen=True)
class Deployment:
    """The rendered manifests of one profile."""

    profile: str
    rendered: Rendered
    pod: Pod
    config: ServerConfig

    @property
    def node_network(self) -> Path:
        """The netplan file of the node that it runs on: the overlay's own, or that of all."""
        own = OVERLAYS / self.profile / "network.yaml"
        return own if own.is_file() else NODE_NETWORK

    @property
    def runs_dnsmasq(self) -> bool:
        """Whether the Pod's program is dnsmasq."""
        return Path(self.pod.container.command[0]).name == "dnsmasq"

    def place(self, field: str) -> str:
        """File, line and text that set a field of the Pod, for error messages."""
        return place(field, self.rendered)

    def cause_of(self, field: str) -> Cause:
        """The same as data, for a finding."""
        return cause_of(field, self.rendered)

    def place_of(self, *path: str) -> str:
        """File, line and text of the field at a path of the Pod, such as spec, containers, dnsmasq, image."""
        return str(self.cause_at(*path))

    def cause_at(self, *path: str) -> Cause:
        """The same as data, for a finding."""
        found = line_of(path, self.rendered)
        return cause_of(path[-1], self.rendered) if found is None else found.cause

    def where(self, *path: str) -> str:
        """File and line of the field at a path of the Pod, as ``place_of``."""
        found = line_of(path, self.rendered)
        return f"no {path[-1]}" if found is None else found.place


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
    if not pod.container.command:
        where = (
            f"{shown(directory / 'kustomization.yaml')}: field spec.containers.{pod.container.name}.command"
        )
        raise UsageError(where, "is missing", "say what is run: the lab does not look into the image")
    return Deployment(profile, rendered, pod, _config(pod, rendered, directory, candidate))


def _config(pod: Pod, rendered: Rendered, directory: Path, candidate: Path | None) -> ServerConfig:
    mounted = list(_mounted_files(pod, rendered))
    if not mounted:
        raise UsageError(
            shown(directory),
            "mounts no generated ConfigMap into the container",
            "mount the one made from dnsmasq.conf",
        )
    words = " ".join((*pod.container.command, *pod.container.args))
    config = next((each for each in mounted if each.mount_path in words), mounted[0])
    if candidate is not None:
        config = replace(config, source=candidate, text=read_text(candidate, "--dhcp-config"))
    return replace(
        config,
        beside=tuple(each for each in mounted if each.mount_path != config.mount_path),
        arguments=(*pod.container.command[1:], *pod.container.args),
        arguments_at=cause_of("args" if pod.container.args else "command", rendered),
    )


def _mounted_files(pod: Pod, rendered: Rendered) -> Iterator[ServerConfig]:
    """Every file of a generated ConfigMap that the server's container finds."""
    volumes = {volume.name: volume.config_map for volume in pod.spec.volumes}
    for mount in pod.container.volume_mounts:
        source = volumes.get(mount.name)
        if source is None:
            continue
        for (config_map, key), file in rendered.sources.items():
            paths = {item.key: item.path for item in source.items} if source.items else {key: key}
            if config_map != source.name or key not in paths:
                continue
            if mount.sub_path is not None and mount.sub_path != paths[key]:
                continue
            path = mount.mount_path if mount.sub_path else f"{mount.mount_path}/{paths[key]}"
            yield ServerConfig(
                rendered.one("ConfigMap", config_map)["data"][key], file, path, config_map, key
            )
