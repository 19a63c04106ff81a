"""Network namespaces: creating one, calling a function in one, and the capabilities needed."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread, get_native_id
from typing import ClassVar, Final, TypeVar

from pyroute2 import netns

from edgeboot.host.leftovers import NamedLeftover
from edgeboot.host.processes import processes

T = TypeVar("T")

_CLONE_NEWNET: Final = 0x40000000
NAMED_NAMESPACES: Final = Path("/run/netns")
OWN: Final = f"/proc/{os.getpid()}/ns/net"
"""This process's, which is the machine's where a lab is not one of namespaces."""

_FOR_PORTS: Final = 1 << 12 | 1 << 13
"""CAP_NET_ADMIN and CAP_NET_RAW (capabilities(7))."""
_NEEDED: Final = _FOR_PORTS | 1 << 21
"""The same and CAP_SYS_ADMIN."""
_libc: Final = ctypes.CDLL(None, use_errno=True)


def in_namespace(name: str, act: Callable[[], T]) -> T:
    """Call ``act`` in the named network namespace and return its result.

    A namespace belongs to a thread, so a new thread enters it and ends; the caller's
    namespace does not change. Exceptions of ``act`` are raised here.
    """

    def enter_and_act() -> T:
        netns.setns(name, flags=0)
        return act()

    return _in_thread(name, enter_and_act)


def _in_thread(name: str, act: Callable[[], T]) -> T:
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(act())
        except BaseException as error:
            failure.append(error)

    thread = Thread(target=run, name=f"in {name}")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def create_namespace(name: str) -> None:
    """Create a named network namespace, as ``ip netns add`` does, with IPv6 off.

    Neighbour and listener discovery would add unrelated frames to the captures.

    pyroute2's own ``netns.create`` forks, which a process with threads (a pytest-xdist
    worker or controller) must not do; a new thread that unshares does the same.

    Raises:
        OSError: no CAP_SYS_ADMIN, or the name exists.
    """

    def unshare_and_attach() -> None:
        if _libc.unshare(_CLONE_NEWNET) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error), name)
        netns.attach(name, get_native_id())
        for which in ("all", "default"):
            with suppress(OSError):  # A kernel without IPv6, or a container's read-only /proc/sys.
                Path(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6").write_text("1")

    _in_thread(name, unshare_and_attach)


class Namespace(NamedLeftover):
    """A named network namespace as a leftover, with every process in it: these need no entries."""

    kind: ClassVar[str] = "network namespace"

    def undo(self) -> bool:
        """Kill its processes and remove it; False if it does not exist.

        Raises:
            OSError: this process lacks the right, or is itself in the namespace.
        """
        if self.name not in netns.listnetns():
            return False
        identity = (NAMED_NAMESPACES / self.name).stat().st_ino
        if identity == Path("/proc/self/ns/net").stat().st_ino:
            raise OSError(f"this process is in {self.name} itself")
        for process in processes(lambda each: each.network_namespace == identity):
            with suppress(ProcessLookupError):
                process.send(signal.SIGKILL)
        netns.remove(self.name)
        return True


def may_make_namespaces() -> bool:
    """Whether this process has the capabilities, which root in a container may lack."""
    return _effective() & _NEEDED == _NEEDED


def may_make_ports() -> bool:
    """Whether this process may add interfaces to a segment of this machine and send raw frames there."""
    return _effective() & _FOR_PORTS == _FOR_PORTS


def _effective() -> int:
    """This process's effective capabilities as a bit mask (CapEff, proc(5))."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), 16)
