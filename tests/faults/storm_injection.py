"""What befalls a server in a storm: it is started again, killed, or kept from its processor."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Final

from edgeboot.host.memory_limit import MemoryCgroup
from edgeboot.labs.netns.lab import NetnsLab

_ACKS: Final = 20
"""DHCPACKs to nodes of the storm before it happens."""
_ACK: Final = re.compile(r"DHCPACK\(\S+\) .*02:eb:57:")
_LOOK: Final = 0.05
"""Seconds between two looks at the log."""
_PARENTS: Final = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
"""Where control groups of processor time are made, in version 1 and 2."""
_LIMIT: Final = {
    "cpu.cfs_period_us": "1000000",
    "cpu.cfs_quota_us": "2000",
    "cpu.max": "2000 1000000",
}
"""Files of both versions, in the order in which the kernel takes them."""


@contextlib.contextmanager
def in_mid_storm(lab: NetnsLab, act: Callable[[NetnsLab], None]) -> Iterator[None]:
    """Act once when some nodes have their addresses and others have not."""
    ended = Event()

    def wait_and_act() -> None:
        since = lab.server.log.end
        while not ended.wait(_LOOK):
            seen = sum(_ACK.search(line.text) is not None for line in lab.server.log.lines[since:])
            if seen >= _ACKS:
                act(lab)
                ended.wait()  # The kernel ends a new container with the thread that has started it.
                return

    thread = Thread(target=wait_and_act, name="in mid-storm")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def suspended(lab: NetnsLab) -> Iterator[None]:
    """Stops the server in mid-storm without ending it, as one that hangs; it goes on at the end."""
    with in_mid_storm(lab, act=lambda lab: lab.server.suspend()):
        try:
            yield
        finally:
            lab.server.resume()


@contextlib.contextmanager
def little_processor(lab: NetnsLab) -> Iterator[None]:
    """Gives the server two milliseconds of a processor in each second, as a Pod's limits.cpu of 2m does."""
    parent = next(each for each in _PARENTS if each.is_dir())
    group = parent / f"edgeboot-{lab.journal.run}-storm"
    leftover = MemoryCgroup(group)
    lab.journal.about_to_make(leftover)
    group.mkdir()
    for name, limit in _LIMIT.items():
        if (group / name).exists():
            (group / name).write_text(limit, encoding="ascii")
    processes = tuple(lab.server.processes)
    for process in processes:
        (group / "cgroup.procs").write_text(str(process.pid), encoding="ascii")
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(OSError):  # It has ended.
                (parent / "cgroup.procs").write_text(str(process.pid), encoding="ascii")
        leftover.undo()
        lab.journal.remove(leftover)


STORM_INJECTIONS: Final[dict[str, Callable[[NetnsLab], AbstractContextManager[object]]]] = {
    "server restarted in mid-storm": partial(in_mid_storm, act=lambda lab: lab.server.restart()),
    "server suspended in mid-storm": suspended,
    "little processor time": little_processor,
    "server killed in mid-storm": partial(in_mid_storm, act=lambda lab: lab.server.kill()),
}
