"""What is kept of the place of a run: the server's host, and what a cluster says of a Pod."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from edgeboot.host.host_view import HostInterface, HostView, UdpSocket
from edgeboot.host.packet_filter.ruleset import Chain, Rule, Verdict
from edgeboot.report.place import keep_place
from edgeboot.server.log import ServerLog

DROPS: Final = Chain("ip filter", "INPUT", (Rule("udp dport 67 drop", (), Verdict.DROP, packets=7),), "input")


class Host(HostView):
    """A host with one interface, one socket and one rule."""

    def interfaces(self) -> tuple[HostInterface, ...]:
        """The edge interface, a port of a bridge."""
        return (HostInterface("ens3", (IPv4Interface("192.0.2.1/24"),), "virbr1"),)

    def udp_sockets(self) -> tuple[UdpSocket, ...]:
        """The server's."""
        return (UdpSocket(IPv4Address(0), 67, 0),)

    def routes(self) -> tuple[str, ...]:
        """One."""
        return ("0.0.0.0/0 via 192.0.2.254 dev ens3",)

    def packet_filter(self) -> tuple[Chain, ...] | None:
        """It drops what comes to the server."""
        return (DROPS,)


class InACluster:
    """A server whose Pod's records quote a token."""

    log = ServerLog()

    def records(self) -> dict[str, str]:
        """One file."""
        return {"pod.json": "token: abcdef0123456789"}


@pytest.fixture
def lab() -> Any:
    """One whose server is in a cluster."""
    return SimpleNamespace(
        server=InACluster(), server_host=Host("ns", "ens3"), segment_host=HostView("/nowhere", "virbr1")
    )


def test_host_is_kept_before_and_after_with_the_counts_of_its_packet_filter(tmp_path: Path, lab: Any) -> None:
    """A rule that counts meanwhile has dropped something."""
    keep_place(tmp_path, "run", lab, "before")
    keep_place(tmp_path, "run", lab, "after")
    for when in ("before", "after"):
        text = (tmp_path / "run" / "lab" / f"host-{when}.txt").read_text()
        assert "interface ens3: 192.0.2.1/24, port of virbr1" in text
        assert "route 0.0.0.0/0 via 192.0.2.254 dev ens3" in text
        assert "UDP socket 0.0.0.0:67: 0 octets unread" in text
        assert "  7 packets: udp dport 67 drop" in text


def test_network_that_may_not_be_read_says_so(tmp_path: Path, lab: Any) -> None:
    """The other files are not lost by it."""
    keep_place(tmp_path, "run", lab, "after")
    text = (tmp_path / "run" / "lab" / "segment-after.txt").read_text()
    assert text == "cannot be looked into (No such file or directory)\n"
    assert (tmp_path / "run" / "lab" / "server.log").exists()


def test_records_of_the_cluster_are_kept_without_secrets(tmp_path: Path, lab: Any) -> None:
    """Once, after the tests."""
    keep_place(tmp_path, "run", lab, "before")
    assert not (tmp_path / "run" / "lab" / "pod.json").exists()
    keep_place(tmp_path, "run", lab, "after")
    assert "abcdef" not in (tmp_path / "run" / "lab" / "pod.json").read_text()


def test_place_that_cannot_be_looked_into_leaves_no_file(tmp_path: Path) -> None:
    """Another machine's host is not ours to read; the server's log is."""
    lab: Any = SimpleNamespace(server=SimpleNamespace(log=ServerLog()), server_host=None, segment_host=None)
    keep_place(tmp_path, "run", lab, "after")
    assert [path.name for path in (tmp_path / "run" / "lab").iterdir()] == ["server.log"]


class Core:
    """An API server that knows one Pod, and refuses to show its node."""

    api_client = SimpleNamespace(
        sanitize_for_serialization=lambda _: {
            "metadata": {
                "managedFields": [],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hidden", "site": "one"},
            },
            "spec": {
                "containers": [{"env": [{"name": "A", "value": "hidden"}]}],
                "initContainers": [
                    {"env": [{"name": "B", "value": "hidden"}, {"name": "C", "valueFrom": {}}]}
                ],
            },
        }
    )

    def read_namespaced_pod(self, *_: str) -> Any:
        """The Pod."""
        return SimpleNamespace(spec=SimpleNamespace(node_name="node", containers=[SimpleNamespace(name="a")]))

    def list_namespaced_event(self, *_: str, **__: str) -> Any:
        """One event."""
        event = SimpleNamespace(last_timestamp="02:00", type="Warning", reason="Unhealthy", message="refused")
        return SimpleNamespace(items=[event])

    def read_node(self, _: str) -> Any:
        """It may not."""
        from kubernetes.client.exceptions import ApiException  # noqa: PLC0415 - as the test needs it

        raise ApiException(403, "Forbidden")

    def read_namespaced_pod_log(self, *_: str, **__: object) -> str:
        """Of the container before this one."""
        return "dnsmasq: started"


def test_pod_is_described_without_the_values_of_its_environment() -> None:
    """With its events and the last container's log; what may not be read says so."""
    pytest.importorskip("kubernetes", reason="the kind lab's package is not installed")
    from edgeboot.server.pod.pod_status import WatchedPod  # noqa: PLC0415
    from edgeboot.server.pod.records import records  # noqa: PLC0415

    core: Any = Core()
    kept = records(WatchedPod(core, "orch-infra", "dhcp-server"))
    pod = json.loads(kept["pod.json"])
    assert pod["spec"]["containers"] == [{"env": [{"name": "A", "value": "(left out)"}]}]
    assert pod["metadata"] == {"annotations": {"site": "one"}}
    assert "hidden" not in kept["pod.json"]
    assert kept["events.txt"] == "02:00 Warning Unhealthy: refused"
    assert kept["node.txt"] == "not to be had: 403 Forbidden"
    assert kept["previous-container.log"] == "dnsmasq: started"
