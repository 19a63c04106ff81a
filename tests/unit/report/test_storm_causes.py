"""What is said of a storm that a server did not serve well."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS
from edgeboot.host.process_use import Throttling
from edgeboot.report.storm.cause import StormCause, storm_cause_text
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.report.storm.causes import storm_causes
from edgeboot.server.dnsmasq.telling import telling_lines
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.server.log import LogLine
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests import deployment
from edgeboot.spec.manifests.deployment import Deployment, ServerConfig, load_deployment
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.lease_rewriting import LeaseRewriting
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.round_result import Recorded

CONFIG = ServerConfig("port=0\n", Path("/srv/dnsmasq.conf"), "/etc/dnsmasq.conf")
OFFERS = (3.01, 6.08, 9.08, 12.16, 15.16, 18.23, 18.23, 18.24)


def stepped(looked_for: int) -> StormResult:
    """Of nodes that all asked at the beginning; the server was seen looking for so many addresses."""
    nodes = VirtualNodes(len(OFFERS))
    for number, at in enumerate(OFFERS):
        nodes.phase[number] = Phase.OFFERED
        nodes.intended[number], nodes.offered_at[number] = 100.0, 100.0 + at
        nodes.address[number] = number + 1
    plan = StormPlan(nodes=len(OFFERS))
    return result_of(
        plan,
        [Recorded(plan.rounds[0], nodes, Counters())],
        began=100.0,
        elapsed=20.0,
        lost_here=0,
        client_cpu=0.1,
        looked_for={number + 1: OFFERS[number] - 3 for number in range(looked_for)},
    )


NOTHING = result_of(
    StormPlan(nodes=1),
    [Recorded(StormPlan().rounds[0], VirtualNodes(1), Counters())],
    began=0.0,
    elapsed=1.0,
    lost_here=0,
    client_cpu=0.0,
)
"""Of a storm in which nothing happened."""


def told(result: StormResult, config: ServerConfig | None) -> list[str]:
    """What is printed of it."""
    return [storm_cause_text(each) for each in storm_causes(result, config)]


def logging(*lines: str) -> ServerUse:
    """A server that has logged these."""
    return ServerUse(telling_lines(LogLine(number, line) for number, line in enumerate(lines)))


def test_a_ping_check_that_was_seen_is_named_with_its_mend() -> None:
    """The line, the file that it belongs in, what it costs, and what measures it."""
    [line] = told(stepped(6), CONFIG)
    assert line.startswith("6 offers came one at a time, 3.0 s apart, until 18.2 s after the beginning")
    assert "a ping check; the server looked for 6 of these 6 addresses by ARP" in line
    assert "; to mend it, add no-ping to /srv/dnsmasq.conf: an address is offered at once" in line
    assert line.endswith("(--what-if no-ping measures it)")


def test_a_cause_is_a_cause_of_a_finding() -> None:
    """The missing line, and what was seen as its reason."""
    [cause] = storm_causes(stepped(6), CONFIG)
    assert (cause.as_cause.file, cause.as_cause.line) == ("/srv/dnsmasq.conf", None)
    assert str(cause.as_cause).startswith("/srv/dnsmasq.conf has no no-ping line")
    assert cause.known in str(cause.as_cause)


def test_a_cause_comes_back_from_json() -> None:
    """The report's page is made of the run's directory alone."""
    [cause] = storm_causes(stepped(6), CONFIG)
    again = StormCause.from_json(json.loads(json.dumps(cause.to_json())))
    assert (again, storm_cause_text(again)) == (cause, storm_cause_text(cause))


@pytest.mark.parametrize("nodes,told", [(1, "1 node has no boot"), (3, "3 nodes have no boot")])
def test_one_is_told_as_one(nodes: int, told: str) -> None:
    """Words are read aloud to others."""
    cause = StormCause(StormCauseKind.FILE_REFUSED, {"nodes": nodes, "reason": "because"})
    assert cause.known.startswith(told)


def test_a_shape_alone_names_no_cause() -> None:
    """Another server may be slow in steps of three seconds for a reason of its own."""
    [line] = told(stepped(1), CONFIG)
    assert "the shape of a ping check" in line
    assert "no-ping" not in line


def test_another_server_is_not_told_a_line_of_dnsmasq() -> None:
    """The cause holds for it, the mend does not."""
    [line] = told(stepped(6), None)
    assert "a ping check" in line
    assert "mend" not in line


def test_a_changed_line_is_added_once() -> None:
    """What is there already cannot be tried."""
    changed = WHAT_IFS["no-ping"].added_to(CONFIG)
    assert changed.text == "port=0\nno-ping\n"
    with pytest.raises(UsageError, match=r"--what-if no-ping: is there already: /srv/dnsmasq.conf:2 no-ping"):
        WHAT_IFS["no-ping"].added_to(changed)


def test_a_line_is_put_in_place_of_another() -> None:
    """dnsmasq takes some lines once only."""
    config = replace(CONFIG, text="dhcp-lease-max=20\nport=0\n")
    assert WHAT_IFS["dhcp-lease-max=100000"].added_to(config).text == "port=0\ndhcp-lease-max=100000\n"


def test_a_line_is_taken_out() -> None:
    """Only one that is there."""
    config = replace(CONFIG, text="tftp-port-range=40000,40004\nport=0\n")
    assert WHAT_IFS["no-tftp-port-range"].added_to(config) == CONFIG
    with pytest.raises(UsageError, match=r"has no tftp-port-range line to take out of /srv/dnsmasq.conf"):
        WHAT_IFS["no-tftp-port-range"].added_to(CONFIG)


@pytest.fixture
def limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """Profile poc-fixed with a limit of processor time."""
    shutil.copytree(MANIFESTS / "dhcp-server", tmp_path / "dhcp-server")
    monkeypatch.setattr(deployment, "OVERLAYS", tmp_path / "dhcp-server" / "overlays")
    patch = tmp_path / "dhcp-server" / "overlays" / "poc-fixed" / "leases.yaml"
    limits = "    - name: dnsmasq\n      resources: {limits: {cpu: 50m}}"
    text = patch.read_text(encoding="utf-8").replace("    - name: dnsmasq", limits)
    patch.write_text(text, encoding="utf-8")
    return load_deployment("poc-fixed")


@pytest.mark.parametrize(
    "above,whose",
    [
        ("", "the server"),
        ("/cpu/kubepods-pod7d3f0a52_91c4_4e0b_a9f7_0a4d2f6c1b88.slice", "the server's Pod"),
        ("/cpu/kubepods/burstable/pod7d3f0a52-91c4-4e0b-a9f7-0a4d2f6c1b88", "the server's Pod"),
    ],
    ids=["container", "Pod by systemd", "Pod by cgroupfs"],
)
def test_a_limit_of_processor_time_is_named_by_its_line(above: str, whose: str, limited: Deployment) -> None:
    """Where the kubelet has set it; and what measures the mend."""
    throttled = Throttling(70, 9.5, above, quota=0.005, period=0.1)
    slow = replace(NOTHING, server=ServerUse({}, throttled=throttled), elapsed=9.0)
    [cause] = storm_causes(slow, None, limited)
    assert cause.known == (
        f"{whose} (5 ms of processor time in each 100 ms) had used up its processor time in 70 periods, "
        "and was kept waiting for 7.0 s of 9.0 s"
    )
    assert re.search(r"raise .*leases\.yaml:10 .*cpu: 50m", cause.mend or "")
    assert storm_cause_text(cause).endswith("(--what-if no-cpu-limit measures it)")


def test_a_limit_that_no_manifest_states_has_no_line() -> None:
    """The node's owner may have set it."""
    slow = replace(NOTHING, server=ServerUse({}, throttled=Throttling(70, 6.5)), elapsed=9.0)
    [cause] = storm_causes(slow, None, load_deployment("poc-fixed"))
    assert cause.known.endswith("in 70 periods, and was kept waiting for 6.5 s of 9.0 s")
    assert cause.mend is None


def test_a_limit_above_the_servers_pod_is_named(limited: Deployment) -> None:
    """It may hold others back, too; the Pod's own limit has no part in it."""
    use = ServerUse({}, throttled=Throttling(70, 6.5, above="/sys/fs/cgroup/pods"))
    [cause] = storm_causes(replace(NOTHING, server=use), None, limited)
    assert cause.known.startswith("the control group /sys/fs/cgroup/pods above the server's had used up")
    assert cause.mend is None


@pytest.mark.parametrize("dearer,kinds", [(0.0002, ["throttled"]), (0.002, ["throttled", "lease-file"])])
def test_a_lease_file_that_takes_little_is_not_told_beside_a_limit(dearer: float, kinds: list[str]) -> None:
    """With a hundred leases, 20 ms of processor time a second, and leasefile-ro a storm took no less time."""
    rewriting = LeaseRewriting(2295.0, 6668.0, 58.0, 0.001, 0.001 + dearer, 34.0, 26.0)
    server = ServerUse({}, throttled=Throttling(65, 6.5))
    slow = replace(NOTHING, bound=0, server=server, rewriting=rewriting)
    assert [each.kind.value for each in storm_causes(slow, CONFIG)] == kinds
    alone = storm_causes(replace(slow, server=ServerUse({})), CONFIG)
    assert [each.kind.value for each in alone] == ["lease-file"]
