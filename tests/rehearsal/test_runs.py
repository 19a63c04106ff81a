"""Runs that are none of the ordinary, and leave the site as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kubernetes import client

from tests.rehearsal.broken_segment import WITHOUT_LIBVIRT, libvirt_dhcp_off
from tests.rehearsal.operator import Operator, RunOptions
from tests.rehearsal.site import NAMESPACE, Site, bind, server_of_the_site
from tests.rehearsal.snapshot import Snapshot

pytestmark = pytest.mark.rehearsal


@pytest.fixture
def only_verify(site: Site) -> Iterator[None]:
    """The account has the Role of manifests/rbac/verify.yaml, and no other."""
    authorization = client.RbacAuthorizationV1Api(site.cluster.api())
    authorization.delete_namespaced_role_binding("edgeboot-deploy", NAMESPACE)
    bind(site.cluster, "verify")
    yield
    authorization.delete_namespaced_role_binding("edgeboot-verify", NAMESPACE)
    bind(site.cluster, "deploy")


@pytest.mark.usefixtures("only_verify")
@pytest.mark.parametrize(
    "wanted", [(), ("--server=app.kubernetes.io/name=pxe-server",)], ids=["found", "named"]
)
def test_server_of_the_site_is_verified_by_who_may_only_look(
    wanted: tuple[str, ...], site: Site, operator: Operator
) -> None:
    """Found by what charts call it, or by the label that is named; its Pod is the same afterwards."""
    with server_of_the_site(site, label="pxe-server"):
        before = Snapshot.of(site)
        run = operator.run(RunOptions(("--deploy=no", *wanted)))
        assert run.status == 0, run.output
        assert before.differences(Snapshot.of(site)) == {}


def test_run_that_cannot_ask_libvirt_says_so(site: Site, operator: Operator) -> None:
    """Nobody else answers on the wire, so it is made; what was not checked is in its report."""
    with libvirt_dhcp_off(site):
        run = operator.run(WITHOUT_LIBVIRT)
    assert run.status == 0, run.output
    assert "not checked: whether libvirt's DHCP is off on virbr1, for libvirt qemu:///system" in run.output


def test_dry_run_tells_and_touches_nothing(site: Site, operator: Operator) -> None:
    """Every change that a run would make is named, and none is made."""
    run = operator.run(RunOptions(("--dry-run",)))
    assert run.status == 0, run.output
    assert "libvirt network edge: switch off its DHCP" in run.output
    assert f"{site.tenant.address} (52:54:00:aa:00:01)" in run.output
    assert " passed" not in run.output
