"""The interface of the server under test, as tests use it. Every lab's server implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from typing import Protocol

from edgeboot.base.mac import MacAddress
from edgeboot.host.processes import Process
from edgeboot.server.log import ServerLog
from edgeboot.spec.manifests.cause import Cause


@dataclass(frozen=True, slots=True)
class Lease:
    """One entry of the server's lease database."""

    mac: MacAddress
    address: IPv4Address
    expires: datetime
    client_id: str | None


@dataclass(frozen=True, slots=True)
class ProbeFailure:
    """A probe of the server's container that has failed as often as its threshold says."""

    what: str
    """Which it is, what was tried, and what happened."""
    cause: Cause | None = None
    """The lines of the manifests that ask for it, where they are known."""

    def __str__(self) -> str:
        return self.what if self.cause is None else f"{self.what}: {self.cause}"


class DhcpServer(Protocol):
    """The server under test: a process in a namespace, a Pod, or an existing machine."""

    @property
    def version(self) -> str:
        """Name and version, as the server states them."""

    @property
    def mac(self) -> MacAddress:
        """The Ethernet address its frames come from."""

    @property
    def address(self) -> IPv4Address:
        """The address its datagrams come from."""

    @property
    def log(self) -> ServerLog:
        """Everything it has logged, as awaitable events."""

    @property
    def instance(self) -> str:
        """An identifier that differs after each start."""

    @property
    def running(self) -> bool:
        """Whether its process is running."""

    @property
    def processes(self) -> Sequence[Process]:
        """Its processes on this machine now; none where it has ended, or runs on another machine."""

    @property
    def resident_memory(self) -> int:
        """Its process's memory that is in RAM, in octets; 0 once it has ended."""

    def leases(self) -> Sequence[Lease]:
        """The entries of its lease database."""

    def failed_probes(self) -> Sequence[ProbeFailure]:
        """Each probe of its Pod that fails, with what happened and where it is asked for; else empty."""

    def kill(self) -> None:
        """End it with SIGKILL; its supervisor may restart it, as the kubelet does."""

    def suspend(self) -> None:
        """SIGSTOP: it answers nothing until ``resume``, as a server that is too busy."""

    def resume(self) -> None:
        """SIGCONT: it answers what has arrived meanwhile; a no-op for one that is not suspended."""

    def restart(self) -> None:
        """Start it again in a new container, as the restartPolicy says; ready on return."""
