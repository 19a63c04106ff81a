"""What a real API server and its controllers make of many segments."""

from __future__ import annotations

import pytest

from edgeboot.report.termination_message import TerminationMessage, ToldCause
from tests.control_plane.kubelet import add_node
from tests.control_plane.segments import JOB, Site

pytestmark = pytest.mark.control_plane

THREE = """
[job]
name = "nightly"
retries = 1

[defaults]
interface = "br-edge"
profile = "poc-fixed"
options = { deploy = "no" }

[[segment]]
name = "berlin-1"

[[segment]]
name = "paris-1"
nodes = { "kubernetes.io/hostname" = "NODE" }

[[segment]]
name = "rome-1"
"""
WINDOWS = """
[[segment]]
name = "oslo-1"
interface = "br-edge"
kubeconfig_secret = "oslo-kubeconfig"
window = { from = "22:00", to = "04:30", time_zone = "Europe/Oslo" }
"""
RED = TerminationMessage(
    "failed tests",
    "Edge nodes would not boot.",
    would_boot=False,
    causes=(ToldCause("dnsmasq.conf:7 dhcp-boot=other.efi", "Firmware asks for another file.", 4),),
)


def test_objects_are_taken_by_the_api_server_and_applied_again_unchanged(site: Site) -> None:
    """Strict validation: a field that Kubernetes does not know is an error, and nothing is made anew."""
    text = site.render(THREE + WINDOWS).output
    dry = ("--dry-run=server", "--validate=strict")
    assert "cronjob" in site.plane.kubectl("apply", *dry, "-n", site.namespace, "-f", "-", content=text)
    site.apply(THREE + WINDOWS)
    again = site.plane.kubectl("apply", "-n", site.namespace, "-f", "-", content=text).splitlines()
    assert len(again) == 6
    assert all(line.endswith("unchanged") for line in again)


def test_gated_pod_gets_the_node_of_its_segment(site: Site) -> None:
    """The scheduler takes it after that, and no other Pod goes there."""
    node = f"node-{site.namespace}"
    add_node(site.core, node)
    site.apply(THREE.replace("NODE", node))
    site.pod(2)
    assert "segment paris-1" in site.in_cluster("place", "--once").output
    assert site.pod(1, placed=True).spec.node_name == node
    assert site.pod(0).spec.node_selector == {"edgeboot.openedgeplatform.org/segment": "berlin-1"}


def test_red_verdict_is_told_and_never_tried_again(site: Site) -> None:
    """Status 1 fails its index at once; the cause is that of the container's last words."""
    site.apply(THREE)
    site.end(0, 1, RED.encode())
    assert site.job(lambda status: status.failed_indexes) == "0"
    first = site.status()["segments"][0]
    assert (first["segment"], first["state"], first["status"]) == ("berlin-1", "red", 1)
    assert first["cause"] == "dnsmasq.conf:7 dhcp-boot=other.efi"
    assert first["attempts"] == 1


def test_lab_that_did_not_come_up_is_tried_again(site: Site) -> None:
    """Status 3 is counted, and after the retries the index has failed with its words."""
    site.apply(THREE)
    words = TerminationMessage("lab could not come up", "Nothing is verified.", error="br-edge: is not there")
    before = site.end(1, 3, words.encode())
    site.pod(1, but=before)
    again = site.status()["segments"][1]
    assert (again["state"], again["cause"][:4]) == ("waiting", "for ")
    site.end(1, 3, words.encode())
    assert site.job(lambda status: status.failed_indexes) == "1"
    failed = site.status()["segments"][1]
    assert (failed["state"], failed["attempts"]) == ("not verified", 2)
    assert failed["cause"] == "status 3: br-edge: is not there"


@pytest.mark.parametrize("status, words", [(4, "--contract: no such file"), (5, "no test was run")])
def test_run_that_cannot_be_used_fails_its_index_with_its_words(site: Site, status: int, words: str) -> None:
    """Another try would say the same; also where the words are the end of the log."""
    site.apply(THREE)
    site.end(2, status, f"collected 0 items\nedgeboot: {words}\n")
    assert site.job(lambda status: status.failed_indexes) == "2"
    assert words in site.status()["segments"][2]["cause"]


def test_drained_node_costs_no_try(site: Site) -> None:
    """An eviction says nothing of the segment: without a retry left, its Pod comes again."""
    site.apply(THREE.replace("retries = 1", "retries = 0"))
    name = site.pod(0).metadata.name
    site.core.create_namespaced_pod_eviction(name, site.namespace, {"metadata": {"name": name}})
    assert site.pod(0, but=name).metadata.name != name
    assert site.status()["segments"][0]["state"] == "waiting"


def test_segments_at_the_job_s_deadline_are_told_as_begun_or_not(site: Site) -> None:
    """The Job removes the Pods that it has made and counts them nowhere: which had begun is not known."""
    site.apply(THREE)
    site.pod(0)
    site.batch.patch_namespaced_job(JOB, site.namespace, {"spec": {"activeDeadlineSeconds": 1}})
    site.job(lambda status: [each for each in status.conditions or () if each.type == "Failed"])
    segments = site.status()["segments"]
    assert {each["state"] for each in segments} == {"not verified in time"}
    assert {each["cause"].partition(" (")[0] for each in segments} == {
        "it had not begun, or was ended with its Job"
    }


def test_every_segment_as_stated_ends_the_job_in_order(site: Site) -> None:
    """Status 0 of the command says so to a script, and the summary to a person."""
    site.apply(THREE)
    assert site.in_cluster("status").status == 2
    for index in range(3):
        site.end(index, 0, TerminationMessage("passed", "Edge nodes would boot.", would_boot=True).encode())
    site.job(lambda status: status.completion_time)
    done = site.in_cluster("status", "nightly")
    assert done.status == 0
    assert "3 segments: 3 as stated" in done.output


def test_place_has_exactly_the_rights_that_it_asks_for(site: Site) -> None:
    """As its own service account, from the overlay: a Pod is placed, and nothing else is allowed."""
    node = f"node-{site.namespace}"
    add_node(site.core, node)
    site.apply(THREE.replace("NODE", node))
    site.pod(1)
    done = site.as_account("edgeboot-place", "place", "--once")
    assert done.status == 0, done.error
    assert site.pod(1, placed=True).spec.node_name == node
    assert "its user may not list jobs" in site.as_account("edgeboot-place", "status").error


def test_pod_that_cannot_be_placed_keeps_no_other_from_its_node(site: Site) -> None:
    """Another has written its nodes already, which may be added to and not changed."""
    node = f"node-{site.namespace}"
    add_node(site.core, node)
    site.apply(THREE.replace("NODE", node))
    site.pod(0), site.pod(1)
    first = site.pod(0).metadata.name
    taken = {"edgeboot.openedgeplatform.org/segment": "elsewhere"}
    site.core.patch_namespaced_pod(first, site.namespace, {"spec": {"nodeSelector": taken}})
    done = site.in_cluster("place", "--once")
    assert done.status == 0, done.error
    assert f"pod {first} stays gated: the API server refuses segment berlin-1, nodes " in done.output
    assert site.pod(1, placed=True).spec.node_name == node


def test_job_of_others_with_our_label_is_none_of_segments(site: Site) -> None:
    """A queue of work has no completions."""
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}
    spec = {"parallelism": 2, "template": {"spec": pod}}
    labels = {"app.kubernetes.io/component": "segments"}
    site.batch.create_namespaced_job(
        site.namespace, {"metadata": {"name": "q", "labels": labels}, "spec": spec}
    )
    assert "has no Job of segments" in site.in_cluster("status").error


def test_placer_that_was_killed_goes_on_where_it_was(site: Site) -> None:
    """One Pod is placed as it comes, the next by another process; in between it waits."""
    node = f"node-{site.namespace}"
    add_node(site.core, node, {"edgeboot.openedgeplatform.org/segment": "rome-1"})
    with site.placing():
        site.apply(THREE.replace("NODE", node))
        first = site.pod(1, placed=True).metadata.name
    site.end(1, 3)
    assert site.pod(1, but=first).spec.scheduling_gates
    with site.placing():
        assert site.pod(1, placed=True, but=first).spec.node_name == node
