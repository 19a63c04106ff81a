"""Defects of a site, or of an operator's access to it, are reported once, with a hint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.rehearsal import broken_cluster as cluster
from tests.rehearsal import broken_segment as segment
from tests.rehearsal.broken_cluster import Breakage
from tests.rehearsal.operator import Note, Operator
from tests.rehearsal.site import Site

pytestmark = pytest.mark.rehearsal

LAB, USAGE = 3, 4
ABSENT: Final = "--libvirt-uri=qemu+unix:///system?socket=/run/absent"
UNSAFE: Final = r"segment on virbr1: a run is not safe here: "
SERVER_ANSWERS: Final = r"a DHCP server answers, beside the one that would be deployed: 192\.168\.99\.1 .*"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A defect, the pattern of the message, and the exit status."""

    breakage: Breakage
    message: str
    """A pattern of what follows "the lab cannot be used: "."""
    status: int = LAB


REFUSALS: Final = {
    "libvirt's DHCP on, libvirt on another host": Refusal(
        segment.only_options(ABSENT), UNSAFE + SERVER_ANSWERS + r"is libvirt's DHCP still on\?"
    ),
    "libvirtd down, its DHCP on": Refusal(
        segment.only_options(wrapper=segment.WITHOUT_LIBVIRT.wrapper),
        UNSAFE
        + SERVER_ANSWERS
        + r"libvirt qemu:///system does not answer.*start it \(systemctl start libvirtd",
    ),
    "rogue server": Refusal(
        segment.rogue_server,
        UNSAFE + r"a DHCP server answers, beside .*192\.168\.99\.66 \(52:54:00:66:66:66\).*--deploy no",
    ),
    "two servers": Refusal(
        segment.two_servers,
        UNSAFE + r"2 DHCP servers answer: 192\.168\.99\.10 .*192\.168\.99\.66 .*; end all but the Orch",
    ),
    "a node is booting": Refusal(
        segment.node_booting,
        UNSAFE + r"somebody is booting: 52:54:00:bb:00:01 \(its DHCPDISCOVER was heard\)",
    ),
    "pool with the Orchestrator's own addresses": Refusal(
        segment.pool_overlaps,
        UNSAFE + r".*the Orchestrator's own 192\.168\.99\.10, 192\.168\.99\.20, 192\.168\.99\.30, "
        r"192\.168\.99\.40 .*wide\.conf would give away .* by .*dhcp-range",
    ),
    "locked by another run": Refusal(
        segment.segment_locked,
        r"interface virbr1: run ab12cd-main of \S+ \(process \d+, since .*is using it",
    ),
    "no such interface": Refusal(
        segment.only_options("--interface=absent0"), "--interface absent0: no such interface", USAGE
    ),
    "no interface": Refusal(segment.only_options("--interface="), "does not know the segment", USAGE),
    "loopback": Refusal(segment.only_options("--interface=lo"), "--interface lo: is the loopback", USAGE),
    "interface with the default route": Refusal(
        segment.interface(
            "ebdefault",
            "link add ebdefault type veth peer name ebpeer",
            "link set ebpeer up",
            "link set ebdefault up",
            "route add default dev ebdefault metric 4000000",
        ),
        "--interface ebdefault: has this machine's default route",
        USAGE,
    ),
    "port of the bridge": Refusal(
        segment.bridge_port, r"--interface \S+: is a port of bridge virbr1; name the bridge", USAGE
    ),
    "interface that is down": Refusal(
        segment.interface("ebdown", "link add ebdown type veth peer name ebpeer"),
        "interface ebdown: is down; ip link set",
    ),
    "interface without link": Refusal(
        segment.interface("ebloose", "link add ebloose type veth peer name ebpeer", "link set ebloose up"),
        "interface ebloose: has no link; plug in the cable",
    ),
    "bridge without a port": Refusal(
        segment.interface("ebempty", "link add ebempty type bridge", "link set ebempty up"),
        "interface ebempty: has no link; no machine is attached",
    ),
    "pod with another configuration": Refusal(
        cluster.pod_deployed,
        r"pod/dhcp-server in namespace orch-infra: is there already, with another configuration than "
        r"profile poc's: \+dhcp-range=\S+,1h, .*kubectl delete",
    ),
    "no permission to create pods": Refusal(
        cluster.without_permission("create", "pods"),
        r"its user may not create pods in namespace orch-infra.*kubectl apply -f manifests/rbac",
    ),
    "no permission to read the log": Refusal(
        cluster.without_permission("get", "pods/log"),
        r"its user may not get pods/log in namespace orch-infra",
    ),
    "expired token": Refusal(
        cluster.expired_token, r"does not accept its user: the token or certificate has expired"
    ),
    "expired certificate": Refusal(
        cluster.expired_certificate, r"does not accept its user: the token or certificate has expired"
    ),
    "API server unreachable": Refusal(
        cluster.api_server_unreachable, r"its API server does not answer .*is it up"
    ),
    "namespace missing": Refusal(
        cluster.admin_kubeconfig,
        r"namespace absent: is not in the cluster.*kubectl create namespace absent",
    ),
    "namespace missing, without the right to see it": Refusal(
        segment.only_options("--namespace=absent"), r"in namespace absent \(or there is no such namespace\)"
    ),
    "no kubeconfig": Refusal(
        segment.only_options("--kubeconfig=/absent"), "--kubeconfig /absent: no such file", USAGE
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_site_that_is_not_fit_is_refused_in_one_line(
    refusal: Refusal, site: Site, operator: Operator, tmp_path: Path, note: Note
) -> None:
    """The run ends with problem and hint, exit status 3 or 4, no test and nothing left behind."""
    with refusal.breakage(site, tmp_path) as options:
        run = operator.run(options)
    errors = refused(run.output)
    assert run.status == refusal.status, run.output
    assert len(errors) == 1, run.output
    assert re.search(refusal.message, errors[0]), errors[0]
    assert "Traceback" not in run.output
    assert " passed" not in run.output
    assert operator.journals == []
    note("refusal", f"{refusal.status}\t{errors[0]}")


def refused(output: str) -> list[str]:
    """The distinct error messages that end the run before its tests."""
    messages = re.findall(r"(?:the lab cannot be used|ERROR): (.*)", output)
    return list(dict.fromkeys(each.strip("! ") for each in messages))
