"""A kind of lab as a value: the registry, the header, the fixtures and the doctor read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from edgeboot.labs.feature import Feature
from edgeboot.labs.options import NO_VALUES, LabOption, OptionValues
from edgeboot.labs.prerequisite import Prerequisite
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.machines.inventory import MachineEntry
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.server_terms import Ability
from edgeboot.spec.manifests.deployment import Deployment

O = TypeVar("O")  # noqa: E741 - of options


@dataclass(frozen=True, slots=True)
class Automatic:
    """How ``--lab auto`` decides whether to take this lab."""

    reason: str
    """Why it was taken, for the header of a report."""
    lacks: Callable[[], str | None]
    """The first thing this machine lacks for it; None where the lab can be tried."""


@dataclass(frozen=True)
class LabKind(Generic[O]):
    """One kind of lab.

    ``O`` is the class of its own options. A folder of ``edgeboot.labs`` states one of these, and
    ``edgeboot.labs.registry`` lists it; nothing else asks for a lab's name.
    """

    name: str
    """As ``--lab`` has it."""
    options: tuple[LabOption, ...]
    """The options it understands beside those of every lab."""
    read: Callable[[OptionValues], O]
    """Its options from the values given; raises UsageError."""
    features: Callable[[O], frozenset[Feature]]
    """What it offers beyond the core."""
    prerequisites: Callable[[O], Sequence[Prerequisite]]
    """What it needs of this machine, in the order in which it needs it."""
    provenance: Callable[[Deployment, O], str]
    """What is going to be run, images by their digests and the server by its version: one line."""
    make: Callable[[str, NodeContent, Contract, O], Lab]
    """A lab for a run's name, not up yet; raises UsageError or LabError where it cannot run that."""
    needs_namespaces: bool
    """Whether the process must be able to make network namespaces."""
    one_at_a_time: bool
    """Whether this machine has room for one such lab only: no xdist workers then."""
    check: Callable[[Deployment, Contract, O], None] = lambda *_: None
    """Raises UsageError where these cannot be run; asked before anything is collected, and makes nothing."""
    unsupported: Callable[[Deployment, O], Sequence[str]] = lambda *_: ()
    """What the Pod asks for and this lab does not do, each with its place; nothing where it runs the Pod."""
    runs_the_pod: Callable[[O], bool] = lambda _: True
    """Whether the server runs by the Pod's command line; not where the options name another."""
    deploys: Callable[[O], bool] = lambda _: True
    """Whether the server runs by the given configuration; not where the options name one that is there."""
    automatic: Callable[[O], Automatic] | None = None
    """None where ``--lab auto`` never takes it."""
    budget: timedelta | None = None
    """Time for a run where ``--budget`` gives none; None for as long as it takes."""
    not_kept: str | None = None
    """Why such a lab is never left standing; None where it can be."""
    unseen: frozenset[Ability] = frozenset()
    """Abilities the server may have, and this lab cannot observe."""
    dry_run: Callable[[O], bool] = lambda _: False
    """Whether the options ask for a plan only; nothing may be touched then."""
    no_place_for: Callable[[MachineEntry, O], str | None] = lambda *_: None
    """Why a machine of a site cannot boot from its segment; None where it can. Raises LabError."""
    plan: Callable[[Deployment, Contract, O], list[str]] = lambda *_: []
    """What a run would do, a line each; raises LabError where it could not be made."""

    @property
    def defaults(self) -> O:
        """Its options where none is given."""
        return self.read(NO_VALUES)
