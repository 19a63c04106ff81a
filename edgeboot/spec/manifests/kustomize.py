"""Renders a kustomization without kubectl, so that the embedded lab does not need it.

It supports what ``manifests/`` uses: Pods and what they mount as resources, configMapGenerator
files, strategic-merge patches of a Pod, images, namespace. Anything else is an error and is
never ignored; tests/unit compares the output with the real ``kubectl kustomize``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.base.strict_model import StrictModel, read_text, read_yaml, validated
from edgeboot.spec.manifests.merge import strategic_merge

_HINT: Final = (
    "use what manifests/dhcp-server/base uses, or teach edgeboot/spec/manifests/kustomize.py the field"
)
_KINDS: Final = tuple(("v1", kind) for kind in ("Pod", "ConfigMap", "Secret", "PersistentVolumeClaim"))


class _Generator(StrictModel):
    name: str
    files: list[str] = Field(min_length=1)
    namespace: str | None = None
    behavior: Literal["create", "replace"] = "create"


class _GeneratorOptions(StrictModel):
    disableNameSuffixHash: Literal[True]  # noqa: N815 - kustomize's word


class _Patch(StrictModel):
    path: str


class _Image(StrictModel):
    name: str = Field(pattern=r"^([\w.-]+(:\d+)?/)?[\w./-]+$")
    newName: str = ""  # noqa: N815
    newTag: str = ""  # noqa: N815
    digest: str = ""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if self.newTag and self.digest:
            raise ValueError(f"has newTag and digest for {self.name}; the tag would say nothing")
        return self


class _Kustomization(StrictModel):
    apiVersion: Literal["kustomize.config.k8s.io/v1beta1"]  # noqa: N815
    kind: Literal["Kustomization"]
    resources: list[str] = Field(default_factory=list)
    namespace: str | None = None
    configMapGenerator: list[_Generator] = Field(default_factory=list)  # noqa: N815
    generatorOptions: _GeneratorOptions | None = None  # noqa: N815
    patches: list[_Patch] = Field(default_factory=list)
    images: list[_Image] = Field(default_factory=list)

    @model_validator(mode="after")
    def _without_hashes(self) -> Self:
        if self.configMapGenerator and self.generatorOptions is None:
            raise ValueError(
                "generatorOptions.disableNameSuffixHash: true is missing beside configMapGenerator"
            )
        return self


@dataclass(frozen=True)
class Rendered:
    """The objects of a kustomization, and the source file of each ConfigMap key."""

    objects: tuple[dict[str, Any], ...]
    sources: dict[tuple[str, str], Path] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    """The manifests of its objects: resources first, each patch after the file it patches."""

    def one(self, kind: str, name: str) -> dict[str, Any]:
        """The object of this kind and name.

        Raises:
            KeyError: there is none.
        """
        for document in self.objects:
            if (document["kind"], document["metadata"]["name"]) == (kind, name):
                return document
        raise KeyError(f"{kind}/{name}")


def render(directory: Path, above: tuple[Path, ...] = ()) -> Rendered:
    """The objects ``kubectl kustomize DIRECTORY`` would print; ``above`` are the including directories.

    Raises:
        UsageError: a file is missing or has a field this renderer does not support.
    """
    path = directory / "kustomization.yaml"
    documents = read_yaml(path, "manifests")
    if len(documents) != 1:
        raise UsageError(shown(path), f"holds {len(documents)} documents", "write one")
    kustomization = validated(_Kustomization, documents[0], path, _HINT)
    ancestors = (*above, directory.resolve())
    objects: list[dict[str, Any]] = []
    sources: dict[tuple[str, str], Path] = {}
    files: list[Path] = []
    for resource in kustomization.resources:
        target = (directory / resource).resolve()
        if any(target in (root, *root.parents) for root in ancestors):
            raise UsageError(f"{shown(path)}: field resources", f"{resource} leads back here", "remove it")
        if target.is_dir():
            nested = render(target, ancestors)
            objects += nested.objects
            sources |= nested.sources
            files += nested.files
        else:
            objects += _objects(_inside(directory, resource), path)
            files.append(directory / resource)
    _check_once(objects, path)
    for generator in kustomization.configMapGenerator:
        _generate(generator, directory, objects, sources)
    for patch in kustomization.patches:
        _patch(_inside(directory, patch.path), objects)
        files.append(directory / patch.path)
    for document in objects:
        if kustomization.namespace:
            document["metadata"]["namespace"] = kustomization.namespace
        for image in kustomization.images:
            _set_image(document, image)
    return Rendered(tuple(objects), sources, tuple(files))


def _inside(directory: Path, name: str) -> Path:
    """The path of a file, which kustomize only accepts in or below the kustomization's directory."""
    if not (directory / name).resolve().is_relative_to(directory.resolve()):
        where = shown(directory / "kustomization.yaml")
        raise UsageError(where, f"{name} is outside of its directory", "move the file into it")
    return directory / name


def _objects(path: Path, named_by: Path) -> list[dict[str, Any]]:
    documents = read_yaml(path, shown(named_by))
    for document in documents:
        version, kind, metadata = document.get("apiVersion"), document.get("kind"), document.get("metadata")
        if (version, kind) not in _KINDS:
            raise UsageError(f"{shown(path)}: field kind", f"{version} {kind} is not known", _HINT)
        if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
            raise UsageError(f"{shown(path)}: field metadata.name", "is missing", f"name the {kind}")
    return documents


def _check_once(objects: list[dict[str, Any]], path: Path) -> None:
    names = [f"{document['kind']}/{document['metadata']['name']}" for document in objects]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{shown(path)}: field resources", f"{name} comes twice", "remove one")


def _generate(
    generator: _Generator,
    directory: Path,
    objects: list[dict[str, Any]],
    sources: dict[tuple[str, str], Path],
) -> None:
    where = shown(directory / "kustomization.yaml")
    for key in [key for key in sources if key[0] == generator.name]:
        del sources[key]  # The generator replaces all keys.
    data: dict[str, str] = {}
    for name in generator.files:
        source = _inside(directory, name)
        if source.name in data:
            raise UsageError(
                f"{where}: configMapGenerator {generator.name}", f"{source.name} comes twice", _HINT
            )
        data[source.name] = read_text(source, f"{where}: configMapGenerator {generator.name}")
        sources[generator.name, source.name] = source
    existing = [
        document
        for document in objects
        if (document["kind"], document["metadata"]["name"]) == ("ConfigMap", generator.name)
    ]
    if bool(existing) != (generator.behavior == "replace"):
        problem = "exists already" if existing else "does not exist below"
        raise UsageError(
            f"{where}: configMapGenerator {generator.name}",
            f"behavior {generator.behavior}, but the ConfigMap {problem}",
            f"say behavior: {'replace' if existing else 'create'}",
        )
    metadata = {"name": generator.name}
    if generator.namespace:
        metadata["namespace"] = generator.namespace
    if existing:
        current = existing[0]["metadata"]
        if current.get("namespace") != generator.namespace:
            raise UsageError(
                f"{where}: configMapGenerator {generator.name}",
                f"replaces one of namespace {current.get('namespace')}, not {generator.namespace}",
                "give the same namespace",
            )
        objects.remove(existing[0])
        metadata = current
    objects.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})


def _patch(path: Path, objects: list[dict[str, Any]]) -> None:
    patches = _objects(path, path.parent / "kustomization.yaml")
    if not patches:
        raise UsageError(shown(path), "is an empty patch", "remove it")
    for patch in patches:
        target = _identity(patch)
        if patch["kind"] != "Pod":
            raise UsageError(f"{shown(path)}: field kind", "only a Pod is patched here", _HINT)
        for index, document in enumerate(objects):
            if _identity(document) == target:
                try:
                    objects[index] = strategic_merge(document, patch)
                except ValueError as error:
                    raise UsageError(shown(path), str(error), "say it in the base instead") from None
                break
        else:
            raise UsageError(shown(path), f"patches {target}, which is not there", "name one that is")


def _identity(document: dict[str, Any]) -> str:
    metadata = document["metadata"]
    inside = f" in namespace {metadata['namespace']}" if metadata.get("namespace") else ""
    return f"{document['kind']}/{metadata['name']}{inside}"


def _set_image(document: dict[str, Any], image: _Image) -> None:
    spec = document.get("spec") or {}
    for container in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]:
        current = re.fullmatch(
            rf"{re.escape(image.name)}(:[\w.{{}}-]*)?(@sha256:[\w.{{}}-]*)?", container.get("image", "")
        )
        if current is None:
            continue
        tag, digest = (current[1] or "").removeprefix(":"), (current[2] or "").removeprefix("@")
        if image.newTag or image.digest:
            tag, digest = image.newTag, image.digest
        container["image"] = (
            (image.newName or image.name) + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        )
