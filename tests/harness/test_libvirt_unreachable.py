"""An unreachable libvirt is reported in one line, within seconds."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait, eventually
from edgeboot.host.libvirt.connection import LibvirtUnreachable, connect
from edgeboot.host.processes import processes

pytestmark = pytest.mark.kind_harness

ABSENT: Final = {
    "no libvirtd": ("qemu+unix:///system?socket=/run/absent", "No such file or directory", "start it"),
    "no ssh": ("qemu+ssh://root@127.0.0.1:1/system", "port 1: Connection refused", "no_tty=1' net-list"),
}


@pytest.fixture
def silent_host() -> Iterator[str]:
    """The URI of a host whose ssh port accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"qemu+ssh://root@127.0.0.1:{server.getsockname()[1]}/system"


@pytest.fixture
def silent_libvirtd(tmp_path: Path) -> Iterator[str]:
    """The URI of a libvirtd that never answers."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield f"qemu+unix:///system?socket={path}"


@pytest.mark.parametrize("uri, reason, hint", ABSENT.values(), ids=ABSENT)
def test_absent_libvirt_is_reported_in_one_line(uri: str, reason: str, hint: str) -> None:
    """The message has the URI, the reason and a hint."""
    with pytest.raises(LibvirtUnreachable) as refusal:
        connect(uri)
    message = str(refusal.value)
    assert message.startswith(f"libvirt {uri}: does not answer (")
    assert reason in message
    assert hint in message
    assert "\n" not in message


@pytest.mark.parametrize("silent", ["silent_host", "silent_libvirtd"])
def test_silent_libvirt_is_given_up(silent: str, request: pytest.FixtureRequest) -> None:
    """The attempt ends within 5 s, where ssh and libvirt would wait, and leaves no ssh process."""
    uri, latest = request.getfixturevalue(silent), Deadline.after(2 * Wait.LIBVIRT)
    with pytest.raises(LibvirtUnreachable, match=r": does not answer within 5 s; "):
        connect(uri)
    assert not latest.passed
    eventually("end of its ssh", lambda: None if ssh_children() else True, Wait.SERVER_STOP, "end it by hand")


def ssh_children() -> list[int]:
    """Process ids of the ssh children of this process that are still running."""
    children = processes(lambda process: process.name == "ssh" and process.parent == os.getpid())
    return [process.pid for process in children]
