"""manifests/rbac grants exactly the rights that a run asks for."""

from __future__ import annotations

import pytest

from edgeboot.base.paths import MANIFESTS
from edgeboot.base.strict_model import read_yaml
from edgeboot.server.pod.rights import TO_DEPLOY, TO_HOLD_LEASE, TO_VERIFY, Right


@pytest.mark.parametrize(
    "role,rights", [("verify", TO_VERIFY), ("deploy", TO_DEPLOY), ("lease", TO_HOLD_LEASE)]
)
def test_role_grants_what_the_run_needs_and_no_more(role: str, rights: tuple[Right, ...]) -> None:
    """Verb by verb."""
    documents = read_yaml(MANIFESTS / "rbac" / f"{role}.yaml", "manifests")
    [rules] = [each["rules"] for each in documents if each["kind"] == "Role"]
    granted = {
        (verb, group, *name.partition("/")[::2])
        for rule in rules
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for name in rule["resources"]
    }
    assert granted == {(each.verb, each.group, each.resource, each.subresource) for each in rights}


@pytest.mark.parametrize("role", ["verify", "deploy", "lease"])
def test_role_is_bound_to_the_run_s_account(role: str) -> None:
    """By its own name, and nothing of the cluster's."""
    documents = read_yaml(MANIFESTS / "rbac" / f"{role}.yaml", "manifests")
    assert [each["kind"] for each in documents] == ["ServiceAccount", "Role", "RoleBinding"]
    _, granted, bound = documents
    assert bound["roleRef"]["name"] == granted["metadata"]["name"]
    assert [each["name"] for each in bound["subjects"]] == ["edgeboot"]
