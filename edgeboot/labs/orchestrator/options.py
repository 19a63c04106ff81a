"""What a user may choose about the orchestrator lab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.protocol import Feature
from edgeboot.machine.libvirt.connection import DEFAULT_URI
from edgeboot.machine.namespace import may_make_namespaces

_FEWEST_LEASES: Final = 6
"""What the core tests hold at a time: two nodes throughout, and those of the test that runs."""


@dataclass(frozen=True, slots=True)
class OrchestratorOptions:
    """Where the Orchestrator is, where we stand, and how polite we are."""

    kubeconfig: Path | None = None
    """None for what kubectl would take: $KUBECONFIG, else ~/.kube/config."""
    context: str | None = None
    namespace: str | None = None
    """Of the Pod; None for the manifests' own."""
    interface: str | None = None
    """A bridge, on which we get a port, or a network card."""
    deploy: bool = True
    """Deploy the profile's Pod and remove it, or verify the server that is there."""
    server: str | None = None
    """The Pod to verify: its name, or a label as ``name=value``."""
    libvirt_uri: str = DEFAULT_URI
    disruptive: bool = False
    """The segment may be drained, flooded and sent nonsense."""
    max_leases: int = 20
    lease_share: int = 25
    """Of the pool, in percent: no more is held at a time."""
    rate: int = 100
    """Frames a second, over all ports."""
    dry_run: bool = False

    @property
    def segment(self) -> str:
        """The interface; there is one once the options have been checked."""
        assert self.interface is not None, "the options were not checked"  # noqa: S101
        return self.interface

    def budget(self, pool: int) -> int:
        """How many leases may be held at a time of a pool of this size."""
        return min(self.max_leases, pool * self.lease_share // 100)

    def check(self, pool: int) -> None:
        """Return where a run can be made with these.

        Raises:
            UsageError: one is missing, or too small for the core tests.
        """
        if self.interface is None:
            raise UsageError(
                "--lab orchestrator",
                "does not know the segment",
                "name the bridge or network card that leads to it: --interface virbr1",
            )
        if self.kubeconfig is not None and not self.kubeconfig.is_file():
            raise UsageError(f"--kubeconfig {self.kubeconfig}", "no such file", "name a kubeconfig")
        if self.deploy and self.server is not None:
            raise UsageError(
                f"--server {self.server}", "names a Pod to verify", "say --deploy no with it, or leave it out"
            )
        if self.budget(pool) < _FEWEST_LEASES:
            raise UsageError(
                f"--max-leases {self.max_leases} --lease-share {self.lease_share}",
                f"allow {self.budget(pool)} leases of a pool of {pool}, the core tests hold {_FEWEST_LEASES}",
                "allow more",
            )


OPTIONS: Final = OrchestratorOptions()


def features(options: OrchestratorOptions) -> frozenset[Feature]:
    """What may be done beyond the core: nothing, unless the user has said that it may disrupt."""
    if not options.disruptive:
        return frozenset()
    # Other machines on the segment live in namespaces of their own.
    offered = {Feature.OWN_SEGMENT, *({Feature.NEIGHBOURS} if may_make_namespaces() else set())}
    return frozenset(offered)
