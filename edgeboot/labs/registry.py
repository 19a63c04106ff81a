"""The kinds of lab, and which of them a run uses.

A further lab is one folder and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.kind.lab_kind import KIND
from edgeboot.labs.lab_kind import LabKind
from edgeboot.labs.netns.lab_kind import KIND as NETNS
from edgeboot.labs.options import LabOption, OptionValues
from edgeboot.labs.orchestrator.lab_kind import KIND as ORCHESTRATOR
from edgeboot.labs.protocol import Feature

AUTO: Final = "auto"
LABS: Final[Mapping[str, LabKind[Any]]] = {each.name: each for each in (NETNS, KIND, ORCHESTRATOR)}
"""By name, from the one that needs least to the one that needs most; ``auto`` asks the last first."""
PLAINEST: Final = next(iter(LABS))
"""The name of the lab that needs nothing but this machine."""
ReadValues = Callable[[tuple[LabOption, ...]], OptionValues]
"""The values given to options, wherever they are from."""


@dataclass(frozen=True, slots=True)
class LabChoice:
    """The lab of a run with its options, and why it was taken."""

    kind: LabKind[Any]
    options: Any
    """An instance of the kind's own class of options."""
    reason: str

    @property
    def name(self) -> str:
        """As ``--lab`` has it."""
        return self.kind.name

    @property
    def features(self) -> frozenset[Feature]:
        """What it offers beyond the core, with these options."""
        return self.kind.features(self.options)


def choose_lab(requested: str, read_values: ReadValues, only_parallel: str | None = None) -> LabChoice:
    """The lab for ``--lab``, with its options read.

    Args:
        requested: a lab's name, or ``AUTO``.
        read_values: the values given to a lab's options.
        only_parallel: why ``AUTO`` may not take a lab of which this machine has room for one.

    Raises:
        UsageError: there is no such lab, an option has a value that it cannot have, or is another lab's.
    """
    if requested == AUTO:
        choice = _automatic(read_values, only_parallel)
    elif requested in LABS:
        kind = LABS[requested]
        choice = LabChoice(kind, kind.read(read_values(kind.options)), "asked for")
    else:
        choices = ", ".join((AUTO, *LABS))
        raise UsageError(f"--lab {requested}", "no such lab in this version", f"choose from {choices}")
    _refuse_foreign_options(choice.kind, read_values)
    return choice


def _automatic(read_values: ReadValues, only_parallel: str | None) -> LabChoice:
    rejected: list[str] = []
    for kind in reversed(list(LABS.values())):
        if kind.automatic is None:
            continue
        options = kind.read(read_values(kind.options))
        automatic = kind.automatic(options)
        obstacle = (only_parallel if kind.one_at_a_time else None) or automatic.lacks()
        if obstacle is None:
            return LabChoice(kind, options, f"auto: {'; '.join(rejected) or automatic.reason}")
        rejected.append(f"not {kind.name}, for {obstacle}")
    raise UsageError(
        f"--lab {AUTO}", f"finds no lab: {'; '.join(rejected)}", f"name one of {', '.join(LABS)}"
    )


def _refuse_foreign_options(chosen: LabKind[Any], read_values: ReadValues) -> None:
    for kind in LABS.values():
        for option in kind.options:
            reason = option.refused_elsewhere
            if kind is not chosen and reason and read_values((option,)).text(option.name) is not None:
                raise UsageError(
                    f"--{option.name}", f"is for lab {kind.name}, not {chosen.name}: {reason}", "leave it out"
                )
