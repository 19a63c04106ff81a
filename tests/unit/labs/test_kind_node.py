"""What of a kind node is looked at while kind makes it."""

from __future__ import annotations

import subprocess
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import pytest

pytest.importorskip("kubernetes", reason="the kind lab's packages are not installed")
pytest.importorskip("pytest_kind", reason="the kind lab's packages are not installed")

from edgeboot.base.errors import LabError
from edgeboot.labs.kind import cluster
from edgeboot.labs.kind.cluster import Cluster, node_process

_KIND_ENDS: Final = 2
"""Looks at the node before kind has ended."""


@pytest.mark.parametrize(
    "text,whole",
    [
        ("", False),
        ("server: https://x:6443\n    client-key-data: LS0t", False),
        ("server: https://x:6443\n    client-key-data: LS0tLS1=\n", True),
    ],
    ids=["absent", "half written", "whole"],
)
def test_kubeconfig_is_taken_when_it_is_whole(
    text: str, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is copied once: half a key would never be a key."""
    monkeypatch.setattr(cluster, "docker", lambda *words: text if words[0] == "exec" else "172.18.0.2")
    kind = Cluster.__new__(Cluster)
    kind.node, kind._early = "node", tmp_path / "early"
    assert kind.early_kubeconfig() is whole
    assert kind._early.exists() is whole


def test_node_that_ends_while_it_is_looked_at_is_told_by_its_creation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its process is gone between two looks."""
    with subprocess.Popen(["true"]) as ended:
        pass
    creation: Future[None] = Future()

    looks: list[str] = []

    def pid(node: str) -> int:
        looks.append(node)
        if len(looks) == _KIND_ENDS:
            creation.set_exception(LabError("kind", "failed", "see its log"))
        return ended.pid

    monkeypatch.setattr(cluster, "container_pid", pid)
    with pytest.raises(LabError, match="failed"):
        node_process("node", creation)
