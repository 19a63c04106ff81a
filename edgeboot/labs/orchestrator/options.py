"""What a user may choose about the orchestrator lab."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.interfaces import missing
from edgeboot.host.libvirt.connection import DEFAULT_URI
from edgeboot.host.namespace import may_make_namespaces
from edgeboot.labs.feature import Feature
from edgeboot.labs.options import LIBVIRT_URI, LabOption, OptionValues

NAME: Final = "orchestrator"
_FEWEST_LEASES: Final = 6
"""What the core tests hold at a time: two nodes throughout, and those of the test that runs."""
_NAME_OF_AN_OBJECT: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
)
"""RFC 1123: a subdomain, as the API server wants it."""


@dataclass(frozen=True, slots=True)
class OrchestratorOptions:
    """Where the Orchestrator is, which interface leads to it, and the limits of what a run sends."""

    kubeconfig: Path | None = None
    """None for what kubectl would take: $KUBECONFIG, else ~/.kube/config, else a Pod's service account."""
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
    take_machines_in_use: bool = False
    """Whether machines may be power-cycled that the segment shows to be in use."""
    dry_run: bool = False
    lease: str | None = None
    """The Lease that says who runs on this segment; None where this machine's lock says enough."""

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
        absent = missing(self.interface)
        if absent is not None:
            raise UsageError(f"--interface {self.interface}", *absent)
        if self.kubeconfig is not None:
            _check_readable(self.kubeconfig)
        self.check_values(pool)

    def check_values(self, pool: int) -> None:
        """Return where they go together, whatever machine this is.

        Raises:
            UsageError: they do not, or allow too little for the core tests.
        """
        if self.deploy and self.server is not None:
            raise UsageError(
                f"--server {self.server}", "names a Pod to verify", "say --deploy no with it, or leave it out"
            )
        if self.lease is not None and not _NAME_OF_AN_OBJECT.fullmatch(self.lease):
            hint = "give lower-case letters, digits and hyphens, such as edgeboot-virbr1"
            raise UsageError(
                f"--lease {self.lease}", "is no name that an object of Kubernetes can have", hint
            )
        if self.budget(pool) < _FEWEST_LEASES:
            raise UsageError(
                f"--max-leases {self.max_leases} --lease-share {self.lease_share}",
                f"allow {self.budget(pool)} leases of a pool of {pool}, the core tests hold {_FEWEST_LEASES}",
                "allow more",
            )


_DEFAULTS: Final = OrchestratorOptions()
OPTIONS: Final = (
    # Registered by pytest-kind, which this lab needs in any case; here the file is read.
    LabOption("kubeconfig", "the Orchestrator's (default: kubectl's own)", plugin="pytest-kind"),
    LabOption("context", "of the kubeconfig (default: its current one)"),
    LabOption("namespace", "of the Pod (default: the manifests' own)"),
    LabOption("interface", "where edge nodes boot: a bridge such as virbr1, or a network card"),
    LabOption(
        "deploy", "yes: deploy the profile's Pod and remove it; no: verify what is there (default: yes)"
    ),
    LabOption(
        "server",
        "the Pod to verify, by name or label=value (default: dhcp-server, or the chart's pxe-server)",
    ),
    LabOption("max-leases", f"how many we hold at a time (default: {_DEFAULTS.max_leases})"),
    LabOption(
        "lease-share",
        f"how much of the pool we hold at a time, in percent (default: {_DEFAULTS.lease_share})",
    ),
    LabOption(
        "lease",
        "a Lease in the Pod's namespace that this run holds, so that no other machine's runs on the segment",
    ),
    LabOption("rate", f"frames a second (default: {_DEFAULTS.rate})"),
    LabOption(
        "disruptive",
        "the segment is ours alone: storms, malformed packets, rogue servers, a drained pool",
        switch=True,
    ),
    LabOption(
        "take-machines-in-use",
        "power-cycle those of --machines, too, that the segment shows to be in use",
        switch=True,
    ),
    LabOption(
        "dry-run",
        "say what would be done and touched, and do nothing",
        switch=True,
        refused_elsewhere="on a segment of its own a run touches nobody",
    ),
    LIBVIRT_URI,
)


def read_options(values: OptionValues) -> OrchestratorOptions:
    """The options from the values given.

    Raises:
        UsageError: one has a value that it cannot have.
    """
    return OrchestratorOptions(
        kubeconfig=values.path("kubeconfig"),
        context=values.text("context"),
        namespace=values.text("namespace"),
        interface=values.text("interface"),
        deploy=values.flag("deploy", _DEFAULTS.deploy),
        server=values.text("server"),
        libvirt_uri=values.text(LIBVIRT_URI.name) or DEFAULT_URI,
        disruptive=values.flag("disruptive"),
        max_leases=values.number("max-leases", _DEFAULTS.max_leases),
        lease_share=values.number("lease-share", _DEFAULTS.lease_share, largest=100),
        rate=values.number("rate", _DEFAULTS.rate),
        take_machines_in_use=values.flag("take-machines-in-use"),
        dry_run=values.flag("dry-run"),
        lease=values.text("lease"),
    )


def features(options: OrchestratorOptions) -> frozenset[Feature]:
    """What may be done beyond the core: nothing without ``--disruptive``."""
    if not options.disruptive:
        return frozenset()
    # Other machines on the segment live in namespaces of their own.
    offered = {Feature.OWN_SEGMENT, *({Feature.NEIGHBOURS} if may_make_namespaces() else set())}
    return frozenset(offered)


def _check_readable(kubeconfig: Path) -> None:
    try:
        kubeconfig.open("rb").close()
    except PermissionError:
        problem, hint = "may not be read by this user", "give its user the right to, or name another"
        raise UsageError(f"--kubeconfig {kubeconfig}", problem, hint) from None
    except OSError:
        raise UsageError(f"--kubeconfig {kubeconfig}", "no such file", "name a kubeconfig") from None
