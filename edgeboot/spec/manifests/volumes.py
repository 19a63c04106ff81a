"""The volumes of a Pod, and how a container mounts them.

Source: Kubernetes API reference, core/v1 Volume and VolumeMount.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from edgeboot.spec.manifests.kubernetes_object import KubernetesObject


class VolumeMount(KubernetesObject):
    """A volume mounted into the container."""

    name: str
    mount_path: str
    sub_path: str | None = None
    read_only: bool = False


class KeyToPath(KubernetesObject):
    """Under which path a key of a ConfigMap or Secret is found in the volume."""

    key: str
    path: str


class ConfigMapSource(KubernetesObject):
    """A ConfigMap as a volume's content."""

    name: str
    items: tuple[KeyToPath, ...] = ()
    optional: bool = False


class SecretSource(KubernetesObject):
    """A Secret as a volume's content."""

    name: str = Field(default="", alias="secretName")
    items: tuple[KeyToPath, ...] = ()
    optional: bool = False


class ProjectedSecret(ConfigMapSource):
    """A Secret among the sources of a projected volume, which names it as it names a ConfigMap."""


class FieldRef(KubernetesObject):
    """A field of the Pod itself."""

    field_path: str


class DownwardItem(KubernetesObject):
    """A file with the value of a field."""

    path: str
    field_ref: FieldRef | None = None


class DownwardSource(KubernetesObject):
    """Fields of the Pod as a volume's content."""

    items: tuple[DownwardItem, ...] = ()


class ProjectedPart(KubernetesObject):
    """One source of a projected volume."""

    config_map: ConfigMapSource | None = None
    secret: ProjectedSecret | None = None
    downward_api: DownwardSource | None = Field(default=None, alias="downwardAPI")


class ProjectedSource(KubernetesObject):
    """Several sources in one directory."""

    sources: tuple[ProjectedPart, ...] = ()


class HostPath(KubernetesObject):
    """A path of the node as a volume's content."""

    path: str
    type: str = ""


class Claim(KubernetesObject):
    """A PersistentVolumeClaim as a volume's content."""

    claim_name: str
    read_only: bool = False


class Volume(KubernetesObject):
    """A volume; none of its fields is set for a type that no lab but a cluster has."""

    name: str
    config_map: ConfigMapSource | None = None
    secret: SecretSource | None = None
    projected: ProjectedSource | None = None
    downward_api: DownwardSource | None = Field(default=None, alias="downwardAPI")
    empty_dir: dict[str, Any] | None = None
    ephemeral: dict[str, Any] | None = None
    host_path: HostPath | None = None
    persistent_volume_claim: Claim | None = None
