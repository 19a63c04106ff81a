"""The renderer: what it knows it renders as kubectl does, what it does not know is an error."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest
import yaml

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS
from edgeboot.spec.manifests.deployment import OVERLAYS, profiles
from edgeboot.spec.manifests.kustomize import Rendered, render

HEADER: Final = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
POD: Final = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: web, image: IMAGE}]
"""
PLAIN: Final = "generatorOptions: {disableNameSuffixHash: true}\n"
GENERATOR: Final = PLAIN + "configMapGenerator: [{name: settings, files: [settings.conf]}]\n"
PATCH: Final = "patches: [{path: patch.yaml}]\n"


def by_name(objects: tuple[dict[str, Any], ...]) -> dict[tuple[str, str], dict[str, Any]]:
    """API objects by kind and name, since their order does not matter."""
    return {(document["kind"], document["metadata"]["name"]): document for document in objects}


def rendered(directory: Path, kustomization: str, *, image: str = "nginx:1", **files: str) -> Rendered:
    """The rendered kustomization of a Pod and of files named KEY.yaml."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "kustomization.yaml").write_text(HEADER + dedent(kustomization), encoding="utf-8")
    (directory / "pod.yaml").write_text(POD.replace("IMAGE", image), encoding="utf-8")
    (directory / "settings.conf").write_text(f"of={directory.name}\n", encoding="utf-8")
    for name, text in files.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return render(directory)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on PATH to compare with")
@pytest.mark.parametrize("profile", profiles())
def test_overlay_is_rendered_as_kubectl_renders_it(profile: str) -> None:
    """This renderer and the real kustomize render the same objects for every profile."""
    command = ["kubectl", "kustomize", str(OVERLAYS / profile)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert by_name(render(OVERLAYS / profile).objects) == by_name(tuple(yaml.safe_load_all(printed)))


def test_here_document_of_poc_literal_is_the_configuration_of_poc() -> None:
    """The literal form of the proof of concept and the tested file stay equal."""
    pod = render(OVERLAYS / "poc-literal").one("Pod", "dhcp-server")
    [script] = pod["spec"]["containers"][0]["args"]
    document = script.partition("<<EOF\n")[2].partition("EOF\n")[0]
    assert document == (MANIFESTS / "dhcp-server/base/dnsmasq.conf").read_text(encoding="utf-8")


def test_poc_literal_is_else_the_pod_of_poc() -> None:
    """The two Pods differ only in command, arguments and image."""
    pods = [render(OVERLAYS / profile).one("Pod", "dhcp-server") for profile in ("poc", "poc-literal")]
    for pod in pods:
        for field in ("command", "args", "image"):
            assert pod["spec"]["containers"][0].pop(field)
    assert pods[0] == pods[1]


@pytest.mark.parametrize(
    "line,field",
    [
        ("commonLabels: {a: b}\n", "commonLabels"),
        ("patches: [{patch: x}]\n", "patches.0.path"),
        ("generatorOptions: {disableNameSuffixHash: false}\n", "generatorOptions.disableNameSuffixHash"),
        ("configMapGenerator: [{name: a, files: [b], literals: [a=b]}]\n", "configMapGenerator.0.literals"),
        ("configMapGenerator: [{name: a, files: []}]\n", "configMapGenerator.0.files"),
        ("images: [{name: 'nginx:1', newTag: '2'}]\n", "images.0.name"),
        ("images: [{name: a, newTag: '2', digest: 'sha256:00'}]\n", "images.0"),
        ("configMapGenerator: [{name: a, files: [b]}]\n", "the whole file"),
    ],
)
def test_field_the_renderer_does_not_know_is_an_error(line: str, field: str, tmp_path: Path) -> None:
    """No field is ignored, since kubectl would deploy it."""
    with pytest.raises(UsageError, match=rf"kustomization\.yaml: field {field}: .*; .*kustomize\.py"):
        rendered(tmp_path, line)


@pytest.mark.parametrize(
    "kustomization,message",
    [
        ("resources: [gone.yaml]\n", r"kustomization\.yaml: cannot read .*gone\.yaml"),
        (PATCH, r"cannot read .*patch\.yaml"),
        (
            PLAIN + "configMapGenerator: [{name: a, files: [gone]}]\n",
            r"configMapGenerator a: cannot read .*gone",
        ),
        (
            GENERATOR.replace("files", "behavior: replace, files"),
            "behavior replace, but the ConfigMap does not exist below; say behavior: create",
        ),
    ],
)
def test_missing_file_is_named(kustomization: str, message: str, tmp_path: Path) -> None:
    """The message has both the missing file and the file that refers to it."""
    with pytest.raises(UsageError, match=message):
        rendered(tmp_path, kustomization)


def test_patch_of_a_missing_object_is_an_error(tmp_path: Path) -> None:
    """A misspelt name would otherwise leave the base unpatched."""
    with pytest.raises(UsageError, match=r"patch\.yaml: patches Pod/wbe, which is not there"):
        rendered(tmp_path, "resources: [pod.yaml]\n" + PATCH, patch=POD.replace("name: web}", "name: wbe}"))


def test_overlay_replaces_the_generated_file_and_its_source(tmp_path: Path) -> None:
    """The text and the file it came from are the overlay's."""
    rendered(tmp_path / "base", GENERATOR)
    overlay = "resources: [../base]\n" + GENERATOR.replace("files", "behavior: replace, files")
    made = rendered(tmp_path / "overlay", overlay)
    assert made.one("ConfigMap", "settings")["data"] == {"settings.conf": "of=overlay\n"}
    assert made.sources == {("settings", "settings.conf"): tmp_path / "overlay" / "settings.conf"}


def test_file_of_another_name_replaces_the_generated_one_too(tmp_path: Path) -> None:
    """All keys of the base are gone, also from the sources."""
    rendered(tmp_path / "base", GENERATOR)
    replace = GENERATOR.replace("settings.conf", "other.yaml").replace("files", "behavior: replace, files")
    made = rendered(tmp_path / "overlay", "resources: [../base]\n" + replace, other="a: b\n")
    assert made.one("ConfigMap", "settings")["data"] == {"other.yaml": "a: b\n"}
    assert list(made.sources) == [("settings", "other.yaml")]


def test_generator_of_another_namespace_replaces_nothing(tmp_path: Path) -> None:
    """A ConfigMap of the same name in another namespace is a different object."""
    rendered(tmp_path / "base", "namespace: one\n" + GENERATOR)
    overlay = GENERATOR.replace("files", "namespace: two, behavior: replace, files")
    with pytest.raises(UsageError, match="settings: replaces one of namespace one, not two; give the same"):
        rendered(tmp_path / "overlay", "resources: [../base]\n" + overlay)


def test_overlay_that_creates_what_exists_is_an_error(tmp_path: Path) -> None:
    """It needs behavior: replace."""
    rendered(tmp_path / "base", GENERATOR)
    with pytest.raises(UsageError, match="behavior create, but the ConfigMap exists already"):
        rendered(tmp_path / "overlay", "resources: [../base]\n" + GENERATOR)


def test_generated_configmap_may_have_a_namespace_of_its_own(tmp_path: Path) -> None:
    """It has none if neither generator nor kustomization states one."""
    made = rendered(tmp_path, GENERATOR.replace("files", "namespace: own, files"))
    assert made.one("ConfigMap", "settings")["metadata"] == {"name": "settings", "namespace": "own"}
    made = rendered(tmp_path, GENERATOR)
    assert made.one("ConfigMap", "settings")["metadata"] == {"name": "settings"}


def test_namespace_and_patch_reach_the_objects_below(tmp_path: Path) -> None:
    """Both apply to all objects of the resources."""
    patch = POD.replace("  containers: [{name: web, image: IMAGE}]", "  hostNetwork: true")
    kustomization = "namespace: here\nresources: [pod.yaml]\n" + GENERATOR + PATCH
    made = rendered(tmp_path, kustomization, patch=patch)
    assert {document["metadata"]["namespace"] for document in made.objects} == {"here"}
    assert made.one("Pod", "web")["spec"]["hostNetwork"] is True


@pytest.mark.parametrize(
    "image,rule,result",
    [
        ("nginx:1", "newTag: '2'", "nginx:2"),
        ("nginx", "newTag: '2'", "nginx:2"),
        ("nginx:1", "newName: other", "other:1"),
        ("nginx", "newName: other", "other"),
        ("nginx:1", "newName: other, digest: 'sha256:00'", "other@sha256:00"),
        ("nginx@sha256:11", "newTag: '2'", "nginx:2"),
        ("nginx@sha256:11", "newName: other", "other@sha256:11"),
        ("nginx:1@sha256:11", "newTag: '2'", "nginx:2"),
        ("nginx:1@sha256:11", "newName: other", "other:1@sha256:11"),
        ("nginxx:1", "newTag: '2'", "nginxx:1"),
        ("registry:5000/nginx", "newTag: '2'", "registry:5000/nginx"),
    ],
)
def test_image_is_changed_by_its_name(image: str, rule: str, result: str, tmp_path: Path) -> None:
    """A registry's port is not read as a tag, and other images stay."""
    kustomization = f"resources: [pod.yaml]\nimages: [{{name: nginx, {rule}}}]\n"
    pod = rendered(tmp_path, kustomization, image=image).one("Pod", "web")
    assert pod["spec"]["containers"][0]["image"] == result


@pytest.mark.parametrize(
    "resources,message",
    [
        ("[.]", r"field resources: \. leads back here"),
        ("[..]", r"field resources: \.\. leads back here"),
        ("[pod.yaml, pod.yaml]", "field resources: Pod/web comes twice"),
        ("[../pod.yaml]", r"kustomization\.yaml: \.\./pod\.yaml is outside of its directory"),
        ("[other.yaml]", r"other\.yaml: field kind: v1 Namespace is not known"),
        ("[nameless.yaml]", r"nameless\.yaml: field metadata\.name: is missing; name the Pod"),
    ],
)
def test_resource_that_cannot_be_deployed_so_is_an_error(
    resources: str, message: str, tmp_path: Path
) -> None:
    """The message names the file and the problem."""
    files = {
        "other": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
        "nameless": "apiVersion: v1\nkind: Pod\n",
    }
    with pytest.raises(UsageError, match=message):
        rendered(tmp_path, f"namespace: here\nresources: {resources}\n", **files)


@pytest.mark.parametrize(
    "patch,message",
    [
        ("# nothing\n", "patch.yaml: is an empty patch"),
        (
            POD.replace("image: IMAGE", "$patch: delete"),
            r"patch.yaml: field spec\.containers\.\$patch is a directive",
        ),
        (POD.replace("web}\n", "web, namespace: b}\n"), "patches Pod/web in namespace b, which is not there"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "field kind: only a Pod is patched"),
    ],
    ids=["empty", "directive", "namespace", "kind"],
)
def test_patch_that_kubectl_would_read_otherwise_is_an_error(
    patch: str, message: str, tmp_path: Path
) -> None:
    """Such a patch is neither copied nor ignored."""
    with pytest.raises(UsageError, match=message):
        rendered(tmp_path, "resources: [pod.yaml]\n" + PATCH, patch=patch)


def test_object_that_was_not_rendered_is_a_key_error() -> None:
    """An object is found by kind and name together."""
    with pytest.raises(KeyError, match="Pod/none"):
        render(OVERLAYS / "poc").one("Pod", "none")
