"""A kind cluster as a leftover: the containers of its nodes. Neither kind nor its packages are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.base.deadline import Wait, eventually
from edgeboot.machine.command import find_program
from edgeboot.machine.docker import docker
from edgeboot.machine.processes import Process, processes


@dataclass(frozen=True, slots=True)
class NodeContainers:
    """All containers of one cluster, as ``kind delete cluster`` removes them; a half-made one has some."""

    kind: ClassVar[str] = "kind cluster"
    cluster: str

    def __str__(self) -> str:
        return f"kind cluster {self.cluster}"

    def to_json(self) -> dict[str, Any]:
        """The cluster's name."""
        return {"name": self.cluster}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``."""
        return cls(str(fields["name"]))

    def undo(self) -> bool:
        """Remove them; False where there are none.

        Raises:
            LabError: docker refuses, or goes on making one.
        """
        if find_program("docker") is None:
            return False
        # A docker client that outlived its kind may be about to make the node.
        eventually(
            f"docker run of {self.cluster}",
            lambda: None if self._in_the_making() else True,
            Wait.CLUSTER,
            "end it",
        )
        label = f"label=io.x-k8s.kind.cluster={self.cluster}"
        containers = docker("ps", "--all", "--quiet", "--filter", label).split()
        if containers:
            docker("rm", "--force", "--volumes", *containers)
        return bool(containers)

    def _in_the_making(self) -> bool:
        def makes_it(process: Process) -> bool:
            words = process.command
            return words[:2] == ["docker", "run"] and f"{self.cluster}-control-plane" in words

        return any(processes(makes_it))
