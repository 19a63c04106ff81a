"""A kind cluster as a leftover: the containers of its nodes. Neither kind nor its packages are needed."""

from __future__ import annotations

from typing import ClassVar

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.command import find_program
from edgeboot.host.docker import docker
from edgeboot.host.leftovers import NamedLeftover
from edgeboot.host.processes import Process, processes


class NodeContainers(NamedLeftover):
    """All containers of one cluster, as ``kind delete cluster`` removes them; a half-made one has some."""

    kind: ClassVar[str] = "kind cluster"

    def undo(self) -> bool:
        """Remove them; False where there are none.

        Raises:
            LabError: docker refuses, or goes on making one.
        """
        if find_program("docker") is None:
            return False
        # A docker client that outlived its kind may be about to make the node.
        eventually(
            f"docker run of {self.name}",
            lambda: None if self._in_the_making() else True,
            Wait.CLUSTER,
            "end it",
        )
        containers = docker("ps", "--all", "--quiet", "--filter", f"label={self._label}").split()
        if containers:
            docker("rm", "--force", "--volumes", *containers)
        return bool(containers)

    @property
    def _label(self) -> str:
        """kind's, of every node of the cluster."""
        return f"io.x-k8s.kind.cluster={self.name}"

    def _in_the_making(self) -> bool:
        def makes_it(process: Process) -> bool:
            words = process.command
            return words[:2] == ["docker", "run"] and self._label in words

        return any(processes(makes_it))
