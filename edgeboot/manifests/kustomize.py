"""Renders a kustomization without kubectl, which the embedded lab's machines need not have.

Only what ``manifests/`` uses is understood: resources, configMapGenerator files,
strategic-merge patches of a Pod, images, namespace. Anything else is an error, never
ignored; tests/unit holds the output against the real ``kubectl kustomize``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field

from edgeboot.errors import UsageError
from edgeboot.manifests.merge import strategic_merge
from edgeboot.paths import shown
from edgeboot.validation import StrictModel, read_text, read_yaml, validated

_MEND: Final = "use what manifests/dhcp-server/base uses, or teach edgeboot/manifests/kustomize.py the field"


class _Generator(StrictModel):
    name: str
    files: list[str]
    namespace: str | None = None
    behavior: Literal["create", "replace"] = "create"


class _GeneratorOptions(StrictModel):
    disableNameSuffixHash: Literal[True]  # noqa: N815 - kustomize's word


class _Patch(StrictModel):
    path: str


class _Image(StrictModel):
    name: str
    newName: str | None = None  # noqa: N815
    newTag: str | None = None  # noqa: N815
    digest: str | None = None


class _Kustomization(StrictModel):
    apiVersion: Literal["kustomize.config.k8s.io/v1beta1"]  # noqa: N815
    kind: Literal["Kustomization"]
    resources: list[str] = Field(default_factory=list)
    namespace: str | None = None
    configMapGenerator: list[_Generator] = Field(default_factory=list)  # noqa: N815
    generatorOptions: _GeneratorOptions | None = None  # noqa: N815
    patches: list[_Patch] = Field(default_factory=list)
    images: list[_Image] = Field(default_factory=list)


@dataclass(frozen=True)
class Rendered:
    """The objects of a kustomization, and the file each ConfigMap key was read from."""

    objects: tuple[dict[str, Any], ...]
    sources: dict[tuple[str, str], Path] = field(default_factory=dict)

    def one(self, kind: str, name: str) -> dict[str, Any]:
        """The object of this kind and name.

        Raises:
            KeyError: there is none.
        """
        for each in self.objects:
            if (each["kind"], each["metadata"]["name"]) == (kind, name):
                return each
        raise KeyError(f"{kind}/{name}")


def render(directory: Path) -> Rendered:
    """What ``kubectl kustomize DIRECTORY`` would print, as objects.

    Raises:
        UsageError: a file is missing or says something this renderer does not know.
    """
    path = directory / "kustomization.yaml"
    documents = read_yaml(path, "manifests")
    kustomization = validated(_Kustomization, documents[0] if documents else {}, path, _MEND)
    objects: list[dict[str, Any]] = []
    sources: dict[tuple[str, str], Path] = {}
    for resource in kustomization.resources:
        target = (directory / resource).resolve()
        if target.is_dir():
            below = render(target)
            objects += below.objects
            sources |= below.sources
        else:
            objects += read_yaml(target, shown(path))
    for generator in kustomization.configMapGenerator:
        _generate(generator, directory, objects, sources)
    for patch in kustomization.patches:
        _patch(directory / patch.path, objects)
    for each in objects:
        if kustomization.namespace is not None:
            each["metadata"]["namespace"] = kustomization.namespace
        for image in kustomization.images:
            _set_image(each, image)
    return Rendered(tuple(objects), sources)


def _generate(
    generator: _Generator,
    directory: Path,
    objects: list[dict[str, Any]],
    sources: dict[tuple[str, str], Path],
) -> None:
    where = shown(directory / "kustomization.yaml")
    data: dict[str, str] = {}
    for name in generator.files:
        source = directory / name
        data[source.name] = read_text(source, f"{where}: configMapGenerator {generator.name}")
        sources[generator.name, source.name] = source
    existing = [
        each for each in objects if (each["kind"], each["metadata"]["name"]) == ("ConfigMap", generator.name)
    ]
    if bool(existing) != (generator.behavior == "replace"):
        problem = "exists already" if existing else "does not exist below"
        raise UsageError(
            f"{where}: configMapGenerator {generator.name}",
            f"behavior {generator.behavior}, but the ConfigMap {problem}",
            f"say behavior: {'replace' if existing else 'create'}",
        )
    if existing:
        existing[0]["data"] = data
        return
    metadata = {"name": generator.name}
    if generator.namespace is not None:
        metadata["namespace"] = generator.namespace
    objects.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})


def _patch(path: Path, objects: list[dict[str, Any]]) -> None:
    for patch in read_yaml(path, "kustomization patches"):
        target = (patch.get("kind"), patch.get("metadata", {}).get("name"))
        for at, each in enumerate(objects):
            if (each["kind"], each["metadata"]["name"]) == target:
                objects[at] = strategic_merge(each, patch)
                break
        else:
            raise UsageError(
                shown(path), f"patches {target[0]}/{target[1]}, which is not there", "name one that is"
            )


def _set_image(document: dict[str, Any], image: _Image) -> None:
    spec = document.get("spec", {})
    for container in [*spec.get("containers", []), *spec.get("initContainers", [])]:
        name, _, tag = container["image"].rpartition(":")
        if not name or "/" in tag:
            name, tag = container["image"], ""
        if name != image.name:
            continue
        name = image.newName or name
        if image.digest is not None:
            container["image"] = f"{name}@{image.digest}"
        else:
            tag = image.newTag or tag
            container["image"] = f"{name}:{tag}" if tag else name
