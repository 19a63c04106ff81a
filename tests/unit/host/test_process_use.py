"""What a process has used: this one's writes, processor time and unread datagrams, and a control group's."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from edgeboot.host import process_use
from edgeboot.host.process_use import ProcessUse, Throttling
from edgeboot.host.processes import Process

OWN = Process(os.getpid())


def test_what_is_written_is_counted(tmp_path: Path) -> None:
    """Each time that a file is written anew."""
    before = ProcessUse.of(OWN)
    for _ in range(3):
        (tmp_path / "leases").write_bytes(bytes(1000))
    after = ProcessUse.of(OWN)
    assert before.written is not None
    assert after.written is not None
    assert after.written - before.written >= 3000
    assert after.processor >= before.processor


def test_datagrams_without_room_are_counted_by_socket() -> None:
    """Of the process's own sockets: another program's on this machine are nobody's concern."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as full,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        full.bind(("127.0.0.1", 0))
        for _ in range(50):
            sender.sendto(bytes(1400), full.getsockname())
        drops = ProcessUse.of(OWN).drops
        assert drops is not None
        assert drops[str(os.fstat(full.fileno()).st_ino)] > 0


@pytest.mark.parametrize(
    "cgroup,files",
    [
        (
            "4:cpu,cpuacct:/pod/container\n",
            {
                "cpu.stat": "nr_periods 90\nnr_throttled 40\nthrottled_time 2500000000\n",
                "cpu.cfs_quota_us": "2000\n",
                "cpu.cfs_period_us": "100000\n",
            },
        ),
        (
            "0::/pod/container\n",
            {
                "cpu.stat": "usage_usec 9\nnr_periods 90\nnr_throttled 40\nthrottled_usec 2500000\n",
                "cpu.max": "2000 100000\n",
            },
        ),
    ],
    ids=["version 1", "version 2"],
)
def test_throttling_is_told_of_each_group(
    cgroup: str, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Pod's limit may be the container's, or that of the group above it."""
    mount = tmp_path / "cpu,cpuacct" if "cpu" in cgroup else tmp_path
    own = mount / "pod" / "container"
    own.mkdir(parents=True)
    (mount / "cgroup.procs").touch()
    (own / "cpu.stat").write_text("nr_periods 0\nnr_throttled 0\n", encoding="ascii")
    (own / "cpu.max").write_text("max 100000\n", encoding="ascii")
    for name, text in files.items():
        (own.parent / name).write_text(text, encoding="ascii")
    monkeypatch.setattr(process_use, "_CGROUPS", tmp_path)
    monkeypatch.setattr(Process, "cgroup", cgroup)
    assert ProcessUse.of(OWN).throttled == {
        own: Throttling(periods=0, seconds=0.0),
        own.parent: Throttling(40, 2.5, str(own.parent), quota=0.002, period=0.1),
    }


def test_a_newer_group_counts_from_its_beginning() -> None:
    """A restarted container has another one."""
    assert Throttling(5, 1.0).since(Throttling(40, 2.5)) == Throttling(5, 1.0)
    assert Throttling(45, 3.0).since(Throttling(40, 2.5)) == Throttling(5, 0.5)


def test_processors_of_one_moment_are_not_added() -> None:
    """The kernel counts a group's waiting on each of them: seen of a Pod, 36 s in 228 periods of 0.1 s."""
    assert Throttling(228, 35.65, quota=0.001, period=0.1).waited == pytest.approx(22.8)
    assert Throttling(34, 1.11, quota=0.001, period=0.1).waited == pytest.approx(1.11)
    assert Throttling(34, 5.0).waited == 5.0
