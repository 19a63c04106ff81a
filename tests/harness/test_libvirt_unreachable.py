"""A libvirt that cannot be had: one line, and soon."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait, eventually
from edgeboot.machine.libvirt.connection import LibvirtUnreachable, connect
from edgeboot.machine.processes import processes

pytestmark = pytest.mark.kind_harness

ABSENT: Final = {
    "no libvirtd": ("qemu+unix:///system?socket=/run/absent", "No such file or directory", "start it"),
    "no ssh": ("qemu+ssh://root@127.0.0.1:1/system", "port 1: Connection refused", "no_tty=1' net-list"),
}


@pytest.fixture
def silent_host() -> Iterator[str]:
    """Of an ssh whose server takes a connection and says nothing; a URI."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"qemu+ssh://root@127.0.0.1:{server.getsockname()[1]}/system"


@pytest.fixture
def silent_libvirtd(tmp_path: Path) -> Iterator[str]:
    """Of a libvirtd that hangs; a URI."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield f"qemu+unix:///system?socket={path}"


@pytest.mark.parametrize("uri, said, hint", ABSENT.values(), ids=ABSENT)
def test_libvirt_that_is_not_there_is_told_in_a_line(uri: str, said: str, hint: str) -> None:
    """Where it was looked for, its own words, and what mends it."""
    with pytest.raises(LibvirtUnreachable) as refusal:
        connect(uri)
    told = str(refusal.value)
    assert told.startswith(f"libvirt {uri}: does not answer (")
    assert said in told
    assert hint in told
    assert "\n" not in told


@pytest.mark.parametrize("silent", ["silent_host", "silent_libvirtd"])
def test_libvirt_that_says_nothing_is_not_waited_for(silent: str, request: pytest.FixtureRequest) -> None:
    """ssh would wait for minutes, libvirt for ever; and no ssh of ours outlives it."""
    uri, latest = request.getfixturevalue(silent), Deadline.after(2 * Wait.LIBVIRT)
    with pytest.raises(LibvirtUnreachable, match=r": does not answer within 5 s; "):
        connect(uri)
    assert not latest.passed
    eventually("end of its ssh", lambda: None if ssh_of_ours() else True, Wait.SERVER_STOP, "end it by hand")


def ssh_of_ours() -> list[int]:
    """The processes of ssh that this one has started, and that have not ended."""
    found = processes(lambda each: each.name == "ssh" and each.parent == os.getpid())
    return [process.pid for process in found]
