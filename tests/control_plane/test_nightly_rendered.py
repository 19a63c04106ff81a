"""manifests/nightly as kubectl renders it: what a site relies on, held field by field."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest
import yaml
from pydantic import TypeAdapter

from edgeboot.base.paths import CONTRACTS, MANIFESTS, PROJECT
from edgeboot.labs.environment import check_variables
from edgeboot.server.pod.rights import TO_DEPLOY, TO_HOLD_LEASE, TO_VERIFY, Right
from edgeboot.spec.contract.terms import Duration
from edgeboot.spec.manifests.deployment import profiles
from tests.control_plane.plane import kubectl_program

NIGHTLY: Final = MANIFESTS / "nightly"
RENDERED: Final = ("base", "overlays/poc", "overlays/chart")
pytestmark = [pytest.mark.control_plane, pytest.mark.parametrize("name", RENDERED)]


@dataclass(frozen=True, slots=True)
class Nightly:
    """The rendered objects of one kustomization."""

    objects: tuple[dict[str, Any], ...]

    def one(self, kind: str, name: str) -> dict[str, Any]:
        """The object of this kind and name."""
        [found] = [each for each in self.objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
        return found

    @property
    def cron_job(self) -> dict[str, Any]:
        """The CronJob's spec."""
        spec: dict[str, Any] = self.one("CronJob", "edgeboot-nightly")["spec"]
        return spec

    @property
    def job(self) -> dict[str, Any]:
        """That of its Jobs."""
        spec: dict[str, Any] = self.cron_job["jobTemplate"]["spec"]
        return spec

    @property
    def pod(self) -> dict[str, Any]:
        """That of their Pods."""
        spec: dict[str, Any] = self.job["template"]["spec"]
        return spec

    @property
    def containers(self) -> dict[str, dict[str, Any]]:
        """Of the Pod, by their names; the init container first."""
        return {each["name"]: each for each in [*self.pod["initContainers"], *self.pod["containers"]]}

    @property
    def variables(self) -> dict[str, str]:
        """What the suite's container finds in its environment; a field of the Pod as a word."""
        own = {each["name"]: each.get("value", "pod") for each in self.containers["verify"]["env"]}
        options: dict[str, str] = self.one("ConfigMap", "edgeboot-options")["data"]
        return options | own


@cache
def rendered(name: str) -> Nightly:
    """As ``kubectl kustomize`` prints it."""
    command = [str(kubectl_program()), "kustomize", str(NIGHTLY / name)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Nightly(tuple(yaml.safe_load_all(printed)))


def test_no_second_run_is_beside_the_first(name: str) -> None:
    """Not of the next night, nor of a Pod in place of one that still gives back; others by the Lease."""
    nightly = rendered(name)
    assert nightly.cron_job["concurrencyPolicy"] == "Forbid"
    assert nightly.job["podReplacementPolicy"] == "Failed"
    assert nightly.pod["restartPolicy"] == "Never"
    assert nightly.variables["EDGEBOOT_LEASE"]


def test_run_ends_in_order_before_kubernetes_ends_it(name: str) -> None:
    """By its own budget, with time to give back; a Pod that is deleted has that time, too."""
    nightly = rendered(name)
    budget: timedelta = TypeAdapter(Duration).validate_python(nightly.variables["EDGEBOOT_BUDGET"])
    grace = timedelta(seconds=nightly.pod["terminationGracePeriodSeconds"])
    assert budget + grace < timedelta(seconds=nightly.job["activeDeadlineSeconds"])
    assert grace >= timedelta(minutes=3), "a Pod's deletion may take two minutes (Wait.CLUSTER)"
    assert nightly.cron_job["startingDeadlineSeconds"] >= 60
    assert nightly.job["ttlSecondsAfterFinished"] >= timedelta(days=1).total_seconds()


def test_verdict_is_not_retried_and_a_lab_that_could_not_come_up_is(name: str) -> None:
    """By the exit statuses of docs/operations.md; an evicted Pod does not count."""
    rules = rendered(name).job["podFailurePolicy"]["rules"]
    by_status = {
        status: rule["action"] for rule in rules for status in rule.get("onExitCodes", {}).get("values", [])
    }
    assert by_status == {1: "FailJob", 3: "Count", 4: "FailJob", 5: "FailJob"}
    evicted = [{"type": "DisruptionTarget", "status": "True"}]
    assert (rules[0]["action"], rules[0]["onPodConditions"]) == ("Ignore", evicted)
    assert rendered(name).job["backoffLimit"] > 0


def test_containers_have_two_capabilities_and_write_nowhere_else(name: str) -> None:
    """No other capability, a read-only root file system; not root, but where libvirtd must know the user."""
    pod, containers = rendered(name).pod, rendered(name).containers
    asks_libvirtd = any(each["name"] == "libvirt" for each in pod["volumes"])
    assert pod["securityContext"]["runAsNonRoot"] is not asks_libvirtd
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for each in containers.values():
        rights = each["securityContext"]
        assert rights["capabilities"] == {"drop": ["ALL"], "add": ["NET_RAW", "NET_ADMIN"]}
        assert rights["readOnlyRootFilesystem"]
        assert "privileged" not in rights
        assert each["resources"]["limits"]["memory"]
        assert each["resources"]["requests"]["cpu"]


def test_what_a_killed_pod_has_left_is_given_back_first_from_the_journal_on_the_volume(name: str) -> None:
    """By an init container with the same journal, rights and mounts, whatever is wrong with the options."""
    nightly = rendered(name)
    clean, verify = nightly.containers.values()
    assert (clean["args"], verify["args"]) == (["clean"], ["verify"])
    for field in ("image", "securityContext"):
        assert clean[field] == verify[field]
    of_the_run = {"contract"}  # A missing one must not keep the Pod from starting.
    assert clean["volumeMounts"] == [
        each for each in verify["volumeMounts"] if each["name"] not in of_the_run
    ]
    [contract] = [each for each in nightly.pod["volumes"] if each["name"] in of_the_run]
    assert contract["configMap"]["optional"]
    state = {each["name"]: each.get("value") for each in clean["env"]}["XDG_STATE_HOME"]
    assert state == nightly.variables["XDG_STATE_HOME"]
    [volume] = [each for each in clean["volumeMounts"] if each["mountPath"] == "/var/lib/edgeboot"]
    assert volume["subPathExpr"] == "$(EDGEBOOT_NODE)", "a journal speaks of one node's links"
    assert "envFrom" not in clean


def test_pushgateway_s_password_may_be_a_secret_s(name: str) -> None:
    """Without one the Pod starts, too."""
    [_, verify] = rendered(name).containers.values()
    secrets = [each["secretRef"] for each in verify["envFrom"] if "secretRef" in each]
    assert secrets == [{"name": "edgeboot-push", "optional": True}]


def test_everything_written_is_on_the_volume(name: str) -> None:
    """Journal, evidence and results; a result for each run."""
    variables = rendered(name).variables
    kept = [variables[each] for each in ("XDG_STATE_HOME", "EDGEBOOT_EVIDENCE", "EDGEBOOT_RESULT")]
    assert all(each.startswith("/var/lib/edgeboot/") for each in kept)
    assert variables["EDGEBOOT_RESULT"].endswith("/$(EDGEBOOT_POD).json")


def test_pod_is_on_a_node_of_the_segment_in_its_network(name: str) -> None:
    """By the label of docs/segments.md, and the segment's name is the report's."""
    nightly = rendered(name)
    assert nightly.pod["hostNetwork"]
    assert nightly.pod["nodeSelector"] == {
        "edgeboot.openedgeplatform.org/segment": nightly.variables["EDGEBOOT_SEGMENT"]
    }


def test_every_variable_is_an_option_and_no_service_adds_one(name: str) -> None:
    """The suite refuses those that it does not know."""
    nightly = rendered(name)
    check_variables(nightly.variables)
    assert nightly.pod["enableServiceLinks"] is False
    assert nightly.variables.get("EDGEBOOT_PROFILE", "poc") in profiles()


def test_account_has_the_rights_that_the_run_asks_for_and_no_more(name: str) -> None:
    """As manifests/rbac has them, whatever Roles they are in, all of them bound to the Pod's account."""
    nightly = rendered(name)
    roles = [each for each in nightly.objects if each["kind"] == "Role"]
    granted = {right for role in roles for right in _granted(role)}
    deploys = nightly.variables["EDGEBOOT_DEPLOY"] == "yes"
    assert granted == {_right(each) for each in (TO_DEPLOY if deploys else TO_VERIFY) + TO_HOLD_LEASE}
    bindings = [each for each in nightly.objects if each["kind"] == "RoleBinding"]
    assert {each["roleRef"]["name"] for each in bindings} == {each["metadata"]["name"] for each in roles}
    account = {"kind": "ServiceAccount", "name": nightly.pod["serviceAccountName"], "namespace": "orch-infra"}
    assert all(each["subjects"] == [account] for each in bindings)


def test_lease_that_may_be_changed_is_the_run_s_alone(name: str) -> None:
    """By the name in its options: other Leases of the namespace are its controllers' elections."""
    rules = rendered(name).one("Role", "edgeboot-lease")["rules"]
    names = [rule.get("resourceNames") for rule in rules if set(rule["verbs"]) & {"get", "update"}]
    assert names == [[rendered(name).variables["EDGEBOOT_LEASE"]]]


def _granted(role: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (verb, group, resource)
        for rule in role["rules"]
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def _right(right: Right) -> tuple[str, str, str]:
    return (right.verb, right.group, f"{right.resource}/{right.subresource}".rstrip("/"))


def test_image_is_this_release_s(name: str) -> None:
    """The version of pyproject.toml: a site that pins another one says so by images in its overlay."""
    version = next(
        line.split('"')[1]
        for line in (PROJECT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith("version")
    )
    images = {each["image"] for each in rendered(name).containers.values()}
    assert images == {f"localhost/edgeboot/edgeboot:{version}"}


def test_contract_is_based_on_one_of_the_suite_s(name: str) -> None:
    """By the name of a profile, which the image has whatever its paths are."""
    text = rendered(name).one("ConfigMap", "edgeboot-contract")["data"]["contract.toml"]
    base = next(line.split('"')[1] for line in text.splitlines() if line.startswith("based_on"))
    assert (CONTRACTS / f"{base}.toml").is_file()
    assert rendered(name).variables["EDGEBOOT_CONTRACT"] == "/etc/edgeboot/contract.toml"
