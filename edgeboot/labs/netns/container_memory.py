"""The limit of memory of the server's container, and whether the kernel has killed it for that."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from edgeboot.host.journal import Journal
from edgeboot.host.memory_limit import MemoryLimit, limit_memory, obstacle_to_limits
from edgeboot.spec.manifests.deployment import Deployment


class ContainerMemory:
    """The control group of the container's limit, and how often it was reached.

    Args:
        deployment: the Pod, for the line that states the limit.
        limit: None without a limit, or where none can be made.
    """

    def __init__(self, deployment: Deployment, limit: MemoryLimit | None) -> None:
        self._deployment = deployment
        self._limit = limit
        self._killed_before = 0
        """How often the kernel had killed for want of memory when the container was started."""

    @classmethod
    def of(cls, deployment: Deployment, name: str, journal: Journal) -> Self:
        """The limit that the Pod states, as a control group of this name, which is in the journal."""
        octets = deployment.pod.container.resources.limits.memory
        if octets is None or obstacle_to_limits() is not None:
            return cls(deployment, None)
        return cls(deployment, limit_memory(name, octets, journal))

    @property
    def control_groups(self) -> tuple[Path, ...]:
        """The files that the container's process is written to."""
        return () if self._limit is None else (self._limit.procs,)

    def container_starts(self) -> None:
        """What killed an earlier container is not counted from here on."""
        self._killed_before = 0 if self._limit is None else self._limit.killed

    @property
    def shortage(self) -> str | None:
        """That the kernel has killed the container for want of memory; None where it has not."""
        if self._limit is None or self._limit.killed <= self._killed_before:
            return None
        server = self._deployment.pod.container
        place = self._deployment.place_of("spec", "containers", server.name, "resources", "limits", "memory")
        return f"the container was OOMKilled: it may use {server.resources.limits.memory} octets: {place}"
