"""What tests need of the server under test, and no more. Every lab's server implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from typing import Protocol

from edgeboot.base.mac import MacAddress
from edgeboot.server.log import ServerLog


@dataclass(frozen=True, slots=True)
class Lease:
    """One line of the server's own book."""

    mac: MacAddress
    address: IPv4Address
    expires: datetime
    client_id: str | None


class DhcpServer(Protocol):
    """The server under test: a process in a namespace, a pod, or somebody's machine."""

    @property
    def version(self) -> str:
        """What it says it is."""

    @property
    def mac(self) -> MacAddress:
        """The Ethernet address its frames come from."""

    @property
    def address(self) -> IPv4Address:
        """The address its datagrams come from."""

    @property
    def log(self) -> ServerLog:
        """Everything it has said, as awaitable events."""

    @property
    def instance(self) -> str:
        """Tells one start of it from the next."""

    @property
    def running(self) -> bool:
        """Whether it is alive."""

    @property
    def resident_memory(self) -> int:
        """Its process's memory that is in RAM, in octets; 0 once it has ended."""

    def leases(self) -> Sequence[Lease]:
        """The leases in its own book."""

    def kill(self) -> None:
        """End it with SIGKILL; where something restarts it by itself, it will."""

    def restart(self) -> None:
        """A new start, as its restartPolicy has it: a new container; ready on return."""
