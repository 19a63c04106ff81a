"""Journals of before lines had a version are read: what a killed run of the last release left is removed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.host.directory import Directory
from edgeboot.labs.clean import clean, leftover_class
from edgeboot.labs.journal_entries import read_entries
from tests.unit.samples import directory

LEASE: Final = {
    "address": "192.168.99.131",
    "mac": "02:eb:00:00:00:01",
    "client_id": None,
    "server": "192.168.99.10",
    "server_mac": "52:54:00:12:34:56",
    "port": "ebab12cdn1",
    "interface": "virbr1",
}
POD: Final = {
    "resource": "Pod",
    "namespace": "orch-infra",
    "name": "dhcp-server",
    "run": "ab12cd-main",
    "kubeconfig": "/home/ops/.kube/config",
    "context": "edge",
}
DHCP: Final = {
    "uri": "qemu:///system",
    "network": "edge",
    "uuid": "6f3b7c1e",
    "state": "persistent",
    "ip": 0,
    "elements": ['<range end="192.168.99.254" start="192.168.99.2"></range>'],
}
LINES: Final[tuple[tuple[str, str, str, dict[str, Any]], ...]] = (
    ("NAMESPACE", "edgeboot-ab12cd-segment", "network namespace", {"name": "edgeboot-ab12cd-segment"}),
    ("DIRECTORY", "/var/tmp/eb", "directory", {"path": "/var/tmp/eb"}),  # noqa: S108 - nothing is made there
    ("LINK", "ebab12cdp1", "network interface", {"name": "ebab12cdp1"}),
    ("CLUSTER", "edgeboot", "kind cluster", {"name": "edgeboot"}),
    ("DOCKER_NETWORK", "kind", "docker network", {"name": "kind"}),
    ("LIBVIRT_NETWORK", "edge qemu:///system", "libvirt network", {"name": "edge", "uri": "qemu:///system"}),
    (
        "LIBVIRT_DHCP",
        (
            '<network ip="0" name="edge" state="persistent" uri="qemu:///system" uuid="6f3b7c1e">'
            '<range end="192.168.99.254" start="192.168.99.2"></range></network>'
        ),
        "libvirt DHCP",
        DHCP,
    ),
    (
        "LIBVIRT_DHCP",
        (
            '<network ip="0" name="edge" uri="qemu:///system">'
            '<range end="192.168.99.254" start="192.168.99.2"></range></network>'
        ),
        "libvirt DHCP",
        DHCP | {"uuid": None, "state": "live"},
    ),
    ("FIREWALL_RULE", "edgeboot-ab12cd-main", "iptables rule", {"comment": "edgeboot-ab12cd-main"}),
    ("LOCK", "/run/lock/eb-virbr1.lock", "lock file", {"path": "/run/lock/eb-virbr1.lock"}),
    (
        "LEASE",
        (
            "192.168.99.131 of 02:eb:00:00:00:01 (client id none) from 192.168.99.10 (52:54:00:12:34:56)"
            " at ebab12cdn1 on virbr1"
        ),
        "DHCP lease",
        LEASE,
    ),
    (
        "LEASE",
        (
            "192.168.99.131 of 02:eb:00:00:00:01 (client id 0102eb) from 192.168.99.10 (52:54:00:12:34:56)"
            " at ebab12cdn1 on virbr1"
        ),
        "DHCP lease",
        LEASE | {"client_id": "0102eb"},
    ),
    (
        "CLUSTER_OBJECT",
        "Pod orch-infra/dhcp-server of run ab12cd-main by /home/ops/.kube/config context edge",
        "cluster object",
        POD,
    ),
    (
        "CLUSTER_OBJECT",
        "ConfigMap orch-infra/dhcp-server of run ab12cd-main by /a/config:/b/config",
        "cluster object",
        POD | {"resource": "ConfigMap", "kubeconfig": "/a/config:/b/config", "context": None},
    ),
    (
        "CLUSTER_OBJECT",
        "Pod orch-infra/dhcp-server of run ab12cd-main by /home/my kube/config context my cluster",
        "cluster object",
        POD | {"kubeconfig": "/home/my kube/config", "context": "my cluster"},
    ),
)


@pytest.mark.parametrize("old_kind, name, kind, fields", LINES)
def test_line_without_a_version_is_read(old_kind: str, name: str, kind: str, fields: dict[str, Any]) -> None:
    """As the last release wrote it, one line of each kind."""
    line = json.dumps({"what": "make", "kind": old_kind, "name": name}).encode() + b"\n"
    entries = read_entries(Path("old.jsonl"), [line])
    assert [(each.kind, each.fields) for each in entries.outstanding] == [(kind, fields)]
    if kind == "cluster object":
        pytest.importorskip("kubernetes")
    assert leftover_class(kind).from_json(fields).to_json() == fields


@pytest.mark.parametrize("old_kind", ["LEASE", "CLUSTER_OBJECT", "LIBVIRT_DHCP"])
def test_sentence_that_cannot_be_read_is_damage(old_kind: str) -> None:
    """Not a thing that is forgotten."""
    line = json.dumps({"what": "make", "kind": old_kind, "name": "some words"}).encode() + b"\n"
    [problem] = read_entries(Path("old.jsonl"), [line]).unreadable
    assert str(problem).startswith("old.jsonl line 1: is damaged; ")


def test_journal_of_the_last_release_is_cleaned(tmp_path: Path) -> None:
    """What stands in it is removed, what it says is removed or kept is left alone."""
    left, kept = directory(tmp_path), directory(tmp_path, "kept")
    lines = [("make", left), ("make", kept), ("kept", kept)]
    text = "".join(
        json.dumps({"what": what, "kind": "DIRECTORY", "name": str(path)}) + "\n" for what, path in lines
    )
    (tmp_path / "old.jsonl").write_text(text, encoding="utf-8")
    assert clean(tmp_path) == [Directory(left)]
    assert list(tmp_path.iterdir()) == [kept]
