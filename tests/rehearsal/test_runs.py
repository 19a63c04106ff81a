"""Verify-only, libvirt-less and dry runs leave the site unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kubernetes import client

from tests.rehearsal.broken_segment import WITHOUT_LIBVIRT, libvirt_dhcp_off
from tests.rehearsal.operator import Operator, RunOptions
from tests.rehearsal.site import NAMESPACE, Site, bind_role, site_server
from tests.rehearsal.snapshot import Snapshot

pytestmark = pytest.mark.rehearsal


@pytest.fixture
def only_verify(site: Site) -> Iterator[None]:
    """The account has only the Role of manifests/rbac/verify.yaml."""
    authorization = client.RbacAuthorizationV1Api(site.cluster.api())
    authorization.delete_namespaced_role_binding("edgeboot-deploy", NAMESPACE)
    bind_role(site.cluster, "verify")
    yield
    authorization.delete_namespaced_role_binding("edgeboot-verify", NAMESPACE)
    bind_role(site.cluster, "deploy")


@pytest.mark.usefixtures("only_verify")
@pytest.mark.parametrize(
    "server_option", [(), ("--server=app.kubernetes.io/name=pxe-server",)], ids=["found", "named"]
)
def test_site_server_is_verified_with_the_verify_role_alone(
    server_option: tuple[str, ...], site: Site, operator: Operator
) -> None:
    """The server is found by the charts' labels, or by the given label; its Pod is unchanged afterwards."""
    with site_server(site, label="pxe-server"):
        before = Snapshot.of(site)
        run = operator.run(RunOptions(("--deploy=no", *server_option)))
        assert run.status == 0, run.output
        assert before.differences(Snapshot.of(site)) == {}


def test_run_that_cannot_ask_libvirt_says_so(site: Site, operator: Operator) -> None:
    """No other server answers on the wire, so the run goes on; its report names what was not checked."""
    with libvirt_dhcp_off(site):
        run = operator.run(WITHOUT_LIBVIRT)
    assert run.status == 0, run.output
    assert "not checked: whether libvirt's DHCP is off on virbr1, for libvirt qemu:///system" in run.output


def test_dry_run_reports_and_changes_nothing(site: Site, operator: Operator) -> None:
    """A dry run names every change that a run would make, and makes none."""
    run = operator.run(RunOptions(("--dry-run",)))
    assert run.status == 0, run.output
    assert "libvirt network edge: switch off its DHCP" in run.output
    assert f"{site.tenant.address} (52:54:00:aa:00:01)" in run.output
    assert " passed" not in run.output
