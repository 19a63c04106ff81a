"""Where dnsmasq's own TFTP finds its files: which volume of the Pod, and what of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from edgeboot.server.dnsmasq.config import every_line
from edgeboot.spec.manifests.deployment import BOOT_FILES, Deployment
from edgeboot.spec.manifests.volumes import Volume, VolumeMount


@dataclass(frozen=True, slots=True)
class BootDirectory:
    """A directory of a volume that the lab, as an operator would, fills with boot files."""

    volume: Volume
    """A hostPath or a claim."""
    below: PurePosixPath
    """Relative to the volume."""

    @property
    def on_the_node(self) -> PurePosixPath | None:
        """The node's own path; None for a claim."""
        host_path = self.volume.host_path
        return None if host_path is None else PurePosixPath(host_path.path) / self.below


_USUAL: Final = PurePosixPath(BOOT_FILES)


def boot_directory(deployment: Deployment) -> BootDirectory | None:
    """The directory behind ``tftp-root``; without that line, behind a hostPath for boot files.

    None where the files are no operator's: in the image, or in a volume that the Pod fills itself.
    """
    root = tftp_root(deployment)
    volumes = {each.name: each for each in deployment.pod.spec.volumes}
    for mount in sorted(deployment.pod.container.volume_mounts, key=_depth, reverse=True):
        volume = volumes.get(mount.name)
        if volume is None or not (volume.host_path or volume.persistent_volume_claim):
            continue
        if root is not None and root.is_relative_to(mount.mount_path):
            return BootDirectory(
                volume, PurePosixPath(mount.sub_path or "") / root.relative_to(mount.mount_path)
            )
        if root is None and volume.host_path is not None and PurePosixPath(volume.host_path.path) == _USUAL:
            return BootDirectory(volume, PurePosixPath())
    return None


def tftp_root(deployment: Deployment) -> PurePosixPath | None:
    """The directory of the container that TFTP serves; None where none is named."""
    for directive in every_line(deployment.config):
        if directive.name == "tftp-root":
            return PurePosixPath("/", directive.value.partition(",")[0])
    return None


def _depth(mount: VolumeMount) -> int:
    return len(PurePosixPath(mount.mount_path).parts)
