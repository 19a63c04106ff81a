"""The rendered DHCP server: its Pod, and the configuration with the file it came from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS
from edgeboot.spec.manifests import deployment
from edgeboot.spec.manifests.deployment import OVERLAYS, load_deployment, profiles

BASE: Final = MANIFESTS / "dhcp-server" / "base"


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile named ``own`` that is a copy of the base, to be changed."""
    directory = tmp_path / "own"
    shutil.copytree(BASE, directory)
    monkeypatch.setattr(deployment, "OVERLAYS", tmp_path)
    return directory


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that is in the file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_profiles_are_the_overlays() -> None:
    """Every directory with a kustomization, in the order in which a message lists them."""
    assert profiles() == ("http-boot", "poc", "poc-fixed", "poc-literal", "proxydhcp", "scale")


@pytest.mark.parametrize(
    "profile,source",
    [
        ("poc", BASE / "dnsmasq.conf"),
        ("poc-literal", BASE / "dnsmasq.conf"),
        ("poc-fixed", OVERLAYS / "poc-fixed" / "dnsmasq.conf"),
    ],
)
def test_configuration_is_the_file_the_profile_mounts(profile: str, source: Path) -> None:
    """Text, source file and mount path belong together."""
    config = load_deployment(profile).config
    assert config.source.resolve() == source
    assert config.text == source.read_text(encoding="utf-8")
    assert config.mount_path == "/etc/edgeboot/dnsmasq.conf"


def test_candidate_takes_the_place_of_the_configuration(tmp_path: Path) -> None:
    """It is mounted at the profile's path; messages name the candidate."""
    candidate = tmp_path / "candidate.conf"
    candidate.write_text("port=0\n", encoding="utf-8")
    config = load_deployment("poc", candidate).config
    assert (config.text, config.source) == ("port=0\n", candidate)
    assert config.mount_path == load_deployment("poc").config.mount_path


def test_unreadable_candidate_is_an_error_of_the_option(tmp_path: Path) -> None:
    """The message begins with --dhcp-config, not with a manifest."""
    with pytest.raises(UsageError, match=r"^--dhcp-config: cannot read .*none\.conf"):
        load_deployment("poc", tmp_path / "none.conf")


@pytest.mark.parametrize("profile", ["", "pco", "../base", "."])
def test_error_for_an_unknown_profile_lists_the_known_ones(profile: str) -> None:
    """A path is no profile."""
    with pytest.raises(
        UsageError,
        match=r"no such profile; choose from http-boot, poc, poc-fixed, poc-literal, proxydhcp, scale$",
    ):
        load_deployment(profile)


def test_pod_is_read_with_its_ports_and_privileges() -> None:
    """The fields that labs and checks need are parsed."""
    pod = load_deployment("poc").pod
    assert [str(port) for port in pod.container.ports] == ["67/UDP", "68/UDP"]
    assert pod.container.security_context.capabilities.add == ("NET_ADMIN",)
    assert pod.spec.security_context.seccomp_profile is not None
    assert (pod.spec.host_network, pod.spec.restart_policy) == (True, "OnFailure")


def test_missing_field_has_the_default_of_the_api_server(overlay: Path) -> None:
    """By default a Pod is not on the node's network and is always restarted."""
    change(overlay / "pod.yaml", "  hostNetwork: true\n  restartPolicy: OnFailure\n", "")
    spec = load_deployment("own").pod.spec
    assert (spec.host_network, spec.restart_policy) == (False, "Always")


@pytest.mark.parametrize(
    "old,new,message",
    [
        ("name: dhcp-server\n  labels", "name: other\n  labels", "own: has no Pod named dhcp-server"),
        ("hostNetwork: true", "hostNetwork: maybe", "field spec.hostNetwork: is neither true nor false"),
        ("containerPort: 67", "containerPort: bootps", r"field spec\.containers\.0\.ports\.0\.containerPort"),
        ("configMap:\n        name: dhcp-server", "emptyDir: {}", "mounts no generated ConfigMap"),
        ("configMap:\n        name: dhcp-server", "configMap:\n        name: other", "mounts no generated"),
        ("name: config\n          mount", "name: unknown\n          mount", "mounts no generated ConfigMap"),
    ],
    ids=["name", "type", "nested", "emptyDir", "other ConfigMap", "no such volume"],
)
def test_pod_that_cannot_be_used_is_an_error_with_its_field(
    old: str, new: str, message: str, overlay: Path
) -> None:
    """The message names the field as in the manifest."""
    change(overlay / "pod.yaml", old, new)
    with pytest.raises(UsageError, match=message):
        load_deployment("own")


def test_file_mounted_by_sub_path_is_the_mount_itself(overlay: Path) -> None:
    """With subPath the mount is a file, otherwise a directory with the ConfigMap's keys."""
    change(
        overlay / "pod.yaml",
        "mountPath: /etc/edgeboot\n",
        "mountPath: /etc/dnsmasq.conf\n          subPath: dnsmasq.conf\n",
    )
    assert load_deployment("own").config.mount_path == "/etc/dnsmasq.conf"
