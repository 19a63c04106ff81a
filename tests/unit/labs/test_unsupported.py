"""What a Pod asks for and lab netns does not do is told with its place; all of the profiles is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.netns import unsupported as module
from edgeboot.labs.netns.lab_kind import KIND
from edgeboot.labs.netns.options import NetnsOptions
from edgeboot.labs.netns.unsupported import unsupported
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import Deployment, load_deployment, profiles
from edgeboot.spec.manifests.kustomize import render
from edgeboot.spec.manifests.pod import Pod

POC: Final = load_deployment("poc")
SERVER: Final = "spec:\n  containers:\n    - name: dnsmasq\n"
NewDeployment = Callable[[str], Deployment]


@pytest.fixture
def patched(tmp_path: Path) -> NewDeployment:
    """The proof of concept's deployment with a patch, in files of their own."""

    def new(patch: str) -> Deployment:
        base = tmp_path / "base"
        base.mkdir()
        for name in ("pod.yaml", "dnsmasq.conf", "kustomization.yaml"):
            [source] = [each for each in (*POC.rendered.files, POC.config.source) if each.name == name] or [
                POC.rendered.files[0].parent / name
            ]
            (base / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        head = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: dhcp-server\n  namespace: orch-infra\n"
        (tmp_path / "patch.yaml").write_text(head + patch, encoding="utf-8")
        (tmp_path / "kustomization.yaml").write_text(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources: [base]\npatches:\n  - path: patch.yaml\n",
            encoding="utf-8",
        )
        rendered = render(tmp_path)
        return replace(POC, rendered=rendered, pod=Pod.model_validate(rendered.one("Pod", "dhcp-server")))

    return new


@pytest.mark.parametrize("profile", sorted(set(profiles()) - {"poc-literal"}))
def test_profile_is_carried_out_as_a_whole(profile: str) -> None:
    """Else --strict would be of no use to them."""
    assert unsupported(load_deployment(profile)) == ()


@pytest.mark.parametrize(
    "patch,told",
    [
        ("spec:\n  nodeSelector:\n    disk: ssd\n", "nodeSelector (PATCH:7)"),
        (
            f"{SERVER}      livenessProbe:\n        grpc:\n          port: 4011\n",
            "containers.dnsmasq.livenessProbe.grpc (PATCH:10)",
        ),
        (
            f"{SERVER}      resources:\n        limits:\n          cpu: 100m\n",
            "containers.dnsmasq.resources.limits.cpu (PATCH:11)",
        ),
        (f"{SERVER}      livenesProbe: {{periodSeconds: 5}}\n", "containers.dnsmasq.livenesProbe (PATCH:9)"),
        (
            "spec:\n  volumes:\n    - name: share\n      nfs:\n        server: 192.168.99.2\n",
            "volumes.share.nfs (PATCH:9)",
        ),
        (
            f"{SERVER}      securityContext:\n        seccompProfile:\n          type: Localhost\n",
            "containers.dnsmasq.securityContext.seccompProfile.type (PATCH:11)",
        ),
        (
            "spec:\n  initContainers:\n    - name: fetch\n      image: fetcher\n",
            "initContainers.fetch: the image's own program is not on this machine (PATCH:8)",
        ),
    ],
)
def test_field_that_is_not_done_is_told_with_its_place(
    patch: str, told: str, patched: NewDeployment, tmp_path: Path
) -> None:
    """Also one that Kubernetes does not have: a misspelt probe is no probe."""
    assert unsupported(patched(patch)) == (told.replace("PATCH", str(tmp_path / "patch.yaml")),)


@pytest.mark.parametrize(
    "patch",
    [
        f"{SERVER}      livenessProbe:\n        exec:\n          command: ['true']\n",
        f"{SERVER}      lifecycle:\n        preStop:\n          sleep:\n            seconds: 1\n",
        f"{SERVER}      env:\n        - name: TZ\n          value: UTC\n",
        (
            "spec:\n  activeDeadlineSeconds: 60\n  initContainers:\n    - name: a\n      image: a\n"
            "      command: [sh, -c, 'exit 0']\n"
        ),
    ],
)
def test_field_that_is_done_is_not_told(patch: str, patched: NewDeployment) -> None:
    """Probes, hooks, variables, deadlines, and containers whose program is here."""
    assert unsupported(patched(patch)) == ()


def test_memory_limit_is_told_where_none_can_be_set(
    patched: NewDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without root there is no control group to be made."""
    monkeypatch.setattr(module, "obstacle_to_limits", lambda: "it needs root")
    limits = f"{SERVER}      resources:\n        limits:\n          memory: 64Mi\n"
    [told] = unsupported(patched(limits))
    assert "containers.dnsmasq.resources.limits.memory: it needs root (" in told


def test_strict_makes_it_an_error(patched: NewDeployment) -> None:
    """Before anything is started."""
    contract: Any = load_contract(contract_path("poc"))
    deployment = patched("spec:\n  nodeSelector:\n    disk: ssd\n")
    KIND.check(deployment, contract, NetnsOptions())
    with pytest.raises(UsageError, match=r"--strict: lab netns does not do nodeSelector \(.*patch.yaml:7\)"):
        KIND.check(deployment, contract, NetnsOptions(strict=True))
