"""What is wrong with a site, or with a stranger's way to it, is told once, with what mends it."""

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
OURS: Final = r"a DHCP server answers, beside the one that would be deployed: 192\.168\.99\.1 .*"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is broken, the words, and the exit status."""

    breakage: Breakage
    says: str
    """A pattern of what follows "the lab cannot be used: "."""
    status: int = LAB


REFUSALS: Final = {
    "libvirt's DHCP on, and libvirt elsewhere": Refusal(
        segment.nothing_but(ABSENT), UNSAFE + OURS + r"is libvirt's DHCP still on\?"
    ),
    "libvirtd down, its DHCP on": Refusal(
        segment.nothing_but(within=segment.WITHOUT_LIBVIRT.within),
        UNSAFE + OURS + r"libvirt qemu:///system does not answer.*start it \(systemctl start libvirtd",
    ),
    "another server": Refusal(
        segment.another_server,
        UNSAFE + r"a DHCP server answers, beside .*192\.168\.99\.66 \(52:54:00:66:66:66\).*--deploy no",
    ),
    "two servers": Refusal(
        segment.two_servers,
        UNSAFE + r"2 DHCP servers answer: 192\.168\.99\.10 .*192\.168\.99\.66 .*; end all but the Orch",
    ),
    "somebody boots": Refusal(
        segment.somebody_boots,
        UNSAFE + r"somebody is booting: 52:54:00:bb:00:01 \(its DHCPDISCOVER was heard\)",
    ),
    "pool with the Orchestrator's own addresses": Refusal(
        segment.pool_overlaps,
        UNSAFE + r".*the Orchestrator's own 192\.168\.99\.10, 192\.168\.99\.20, 192\.168\.99\.30, "
        r"192\.168\.99\.40 .*wide\.conf would give away .* by .*dhcp-range",
    ),
    "another run": Refusal(
        segment.another_run,
        r"interface virbr1: run ab12cd-main of \S+ \(process \d+, since .*is at work on it",
    ),
    "no such interface": Refusal(
        segment.nothing_but("--interface=absent0"), "--interface absent0: no such interface", USAGE
    ),
    "no interface": Refusal(segment.nothing_but("--interface="), "does not know the segment", USAGE),
    "loopback": Refusal(segment.nothing_but("--interface=lo"), "--interface lo: is the loopback", USAGE),
    "interface with the default route": Refusal(
        segment.interface(
            "ebdefault",
            "link add ebdefault type veth peer name ebpeer",
            "link set ebpeer up",
            "link set ebdefault up",
            "route add default dev ebdefault metric 4000000",
        ),
        "--interface ebdefault: is this machine's way to everybody else",
        USAGE,
    ),
    "port of the bridge": Refusal(
        segment.port_of_the_bridge, r"--interface \S+: is a port of bridge virbr1; name the bridge", USAGE
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
        "interface ebempty: has no link; nobody is plugged in",
    ),
    "pod with another configuration": Refusal(
        cluster.pod_is_there,
        r"pod/dhcp-server in namespace orch-infra: is there already, with another configuration than "
        r"profile poc's: \+dhcp-range=\S+,1h, .*kubectl delete",
    ),
    "no right to create pods": Refusal(
        cluster.without_right("create", "pods"),
        r"its user may not create pods in namespace orch-infra.*kubectl apply -f manifests/rbac",
    ),
    "no right to read the log": Refusal(
        cluster.without_right("get", "pods/log"), r"its user may not get pods/log in namespace orch-infra"
    ),
    "token that has ended": Refusal(
        cluster.token_has_ended, r"does not know its user: the token or certificate has ended"
    ),
    "certificate that has ended": Refusal(
        cluster.certificate_has_ended, r"does not know its user: the token or certificate has ended"
    ),
    "API server off": Refusal(cluster.api_server_is_off, r"its API server does not answer .*is it up"),
    "namespace missing": Refusal(
        cluster.owner_s_kubeconfig,
        r"namespace absent: is not in the cluster.*kubectl create namespace absent",
    ),
    "namespace missing, and no right to see that": Refusal(
        segment.nothing_but("--namespace=absent"), r"in namespace absent \(or there is no such namespace\)"
    ),
    "no kubeconfig": Refusal(
        segment.nothing_but("--kubeconfig=/absent"), "--kubeconfig /absent: no such file", USAGE
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_site_that_is_not_fit_is_refused_in_one_line(
    refusal: Refusal, site: Site, operator: Operator, tmp_path: Path, note: Note
) -> None:
    """What is wrong and what mends it, exit status 3 or 4, no test, and nothing left behind."""
    with refusal.breakage(site, tmp_path) as given:
        run = operator.run(given)
    told = refused(run.output)
    assert run.status == refusal.status, run.output
    assert len(told) == 1, run.output
    assert re.search(refusal.says, told[0]), told[0]
    assert "Traceback" not in run.output
    assert " passed" not in run.output
    assert operator.journals == []
    note("refusal", f"{refusal.status}\t{told[0]}")


def refused(output: str) -> list[str]:
    """What keeps the run from its tests: once, in whichever way it is told."""
    found = re.findall(r"(?:the lab cannot be used|ERROR): (.*)", output)
    return list(dict.fromkeys(each.strip("! ") for each in found))
