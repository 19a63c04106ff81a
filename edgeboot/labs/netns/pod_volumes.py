"""The volumes of a Pod in this lab: directories of the lab, and files with the objects' content.

========================  =====================================================================
emptyDir, ephemeral       a directory as long as the lab lives, across containers
persistentVolumeClaim     a directory for each claim
hostPath                  a directory of the lab in the node's place; a file of this machine where
                          the path is one here, such as /etc/localtime
configMap, secret, …      files, read-only
========================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.container import Mount
from edgeboot.labs.netns.pod_objects import PodObjects
from edgeboot.spec.manifests.pod import ContainerManifest
from edgeboot.spec.manifests.volumes import ConfigMapSource, KeyToPath, ProjectedSource, Volume, VolumeMount

_OPEN_TO_ALL: Final = 0o777
"""The mode that the kubelet gives an emptyDir, and usual provisioners a claim's directory."""
_AS_THE_KUBELET: Final = 0o755
"""Of a hostPath of type DirectoryOrCreate."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """What a container's volume mounts amount to."""

    mounts: tuple[Mount, ...]
    files: Mapping[str, str]
    """Texts by their paths in the container."""
    sealed: tuple[str, ...]
    """Directories of such files, which are read-only."""


def source_of(volume: Volume, directory: Path) -> Path:
    """The directory of a lab for a volume that is a directory."""
    if volume.host_path is not None:
        return directory / "node" / volume.host_path.path.strip("/")
    if volume.persistent_volume_claim is not None:
        return directory / "claims" / volume.persistent_volume_claim.claim_name
    return directory / "volumes" / volume.name


def mounted(
    container: ContainerManifest, volumes: Iterable[Volume], objects: PodObjects, directory: Path
) -> Mounted:
    """The container's volume mounts as this lab makes them.

    Args:
        container: the container.
        volumes: the Pod's.
        objects: the ConfigMaps and Secrets there are.
        directory: the lab's own, in which directories are made.

    Raises:
        UsageError: a mount names no volume of the Pod, or an object that does not exist.
    """
    named = {volume.name: volume for volume in volumes}
    mounts: list[Mount] = []
    files: dict[str, str] = {}
    sealed: list[str] = []
    for mount in container.volume_mounts:
        if mount.name not in named:
            hint = f"name one of {', '.join(named) or 'none'}"
            raise UsageError(f"manifests: volumeMounts of {container.name}", f"no volume {mount.name}", hint)
        volume = named[mount.name]
        content = _content(volume, objects)
        if content is None:
            mounts.append(_directory(mount, volume, directory))
            continue
        if mount.sub_path is not None:
            below = {mount.mount_path: content[mount.sub_path]} if mount.sub_path in content else {}
            files |= below
        else:
            files |= {str(PurePosixPath(mount.mount_path, path)): text for path, text in content.items()}
            sealed += [mount.mount_path] if content else []
    return Mounted(tuple(mounts), files, tuple(sealed))


def _directory(mount: VolumeMount, volume: Volume, directory: Path) -> Mount:
    host_path, claim = volume.host_path, volume.persistent_volume_claim
    if host_path is not None and Path(host_path.path).is_file():
        return Mount(Path(host_path.path), mount.mount_path)
    return Mount(
        source_of(volume, directory) / (mount.sub_path or ""),
        mount.mount_path,
        mount.read_only or (claim is not None and claim.read_only),
        _OPEN_TO_ALL if host_path is None else _AS_THE_KUBELET,
    )


def _content(volume: Volume, objects: PodObjects) -> dict[str, str] | None:
    """The files of a volume that is made from objects, by their paths in it; None for any other."""
    if volume.config_map is not None:
        return dict(_keys(volume.config_map, objects.config_map(volume.config_map)))
    if volume.secret is not None:
        secret = volume.secret
        source = ConfigMapSource(name=secret.name, items=secret.items, optional=secret.optional)
        return dict(_keys(source, objects.secret(source)))
    if volume.downward_api is not None:
        return dict(_downward(volume.downward_api.items, objects))
    if volume.projected is not None:
        return dict(_projected(volume.projected, objects))
    return None


def _projected(projected: ProjectedSource, objects: PodObjects) -> Iterator[tuple[str, str]]:
    for part in projected.sources:
        if part.config_map is not None:
            yield from _keys(part.config_map, objects.config_map(part.config_map))
        if part.secret is not None:
            yield from _keys(part.secret, objects.secret(part.secret))
        if part.downward_api is not None:
            yield from _downward(part.downward_api.items, objects)


def _keys(source: ConfigMapSource, data: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    items = source.items or tuple(KeyToPath(key=key, path=key) for key in data)
    for item in items:
        if item.key in data:
            yield item.path, data[item.key]
        elif not source.optional:
            hint = f"name one of {', '.join(data) or 'none'}"
            raise UsageError(f"manifests: volume of {source.name}", f"it has no key {item.key}", hint)


def _downward(items: Iterable[object], objects: PodObjects) -> Iterator[tuple[str, str]]:
    for item in items:
        reference, path = getattr(item, "field_ref", None), str(getattr(item, "path", ""))
        value = None if reference is None else objects.field(reference.field_path)
        if value is not None:
            yield path, value
