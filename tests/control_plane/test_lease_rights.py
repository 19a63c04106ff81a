"""The Roles for a run's Lease at a real API server: what they grant is what a run asks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from edgeboot.base.errors import LabError
from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.cluster_lease.record import DEFAULT_TIMES, LeaseRecord
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.preflight import check_rights
from edgeboot.server.pod.access import Access
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane


@pytest.fixture
def account(plane: ControlPlane, namespace: str) -> Callable[[str], Access]:
    """Makes the access of the account that these manifests bind their Roles to."""

    def of(manifests: str) -> Access:
        here = manifests.replace("namespace: orch-infra", f"namespace: {namespace}")
        plane.kubectl("apply", f"--namespace={namespace}", "-f", "-", content=here)
        token = plane.kubectl("create", "token", "edgeboot", f"--namespace={namespace}").strip()
        kubeconfig = yaml.safe_load(plane.kubeconfig.read_text(encoding="utf-8"))
        kubeconfig["users"] = [{"name": "admin", "user": {"token": token}}]
        file = plane.directory / f"{namespace}-account"
        file.write_text(yaml.safe_dump(kubeconfig), encoding="utf-8")
        return Access(str(file), None, namespace)

    return of


@pytest.fixture
def nightly(plane: ControlPlane, account: Callable[[str], Access]) -> Access:
    """The access of the CronJob's account."""
    return account(plane.kubectl("kustomize", str(MANIFESTS / "nightly" / "base")))


def test_account_of_the_nightly_run_may_hold_the_lease_of_its_options(nightly: Access) -> None:
    """The Role names this Lease: who may update it need not have every Lease of the namespace."""
    check_rights(nightly, OrchestratorOptions(deploy=False, lease="edgeboot-edge"))
    lease = LeaseObject(nightly, "edgeboot-edge")
    assert lease.create(LeaseRecord.new("w1/pod/run", DEFAULT_TIMES))
    read = lease.read()
    assert read is not None
    assert lease.replace(read, read.record.released())


def test_lease_that_the_role_does_not_name_is_refused_by_its_name(nightly: Access) -> None:
    """Such as a controller's, or that of a segment whose Role was not changed with its options."""
    of_another = r"may not get leases\.coordination\.k8s\.io edgeboot-west, update leases\S+ edgeboot-west in"
    with pytest.raises(LabError, match=of_another):
        check_rights(nightly, OrchestratorOptions(deploy=False, lease="edgeboot-west"))


def test_role_of_the_rbac_manifests_is_for_a_lease_of_any_name(account: Callable[[str], Access]) -> None:
    """A site that has many segments in one namespace."""
    roles = ("verify", "lease")
    access = account("---\n".join((MANIFESTS / "rbac" / f"{each}.yaml").read_text() for each in roles))
    check_rights(access, OrchestratorOptions(deploy=False, lease="edgeboot-west"))
