"""The kinds of lab, and which of them a run uses.

A further lab is one folder and one line here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.feature import Feature
from edgeboot.labs.given_options import GivenOption, ReadValues, given_options
from edgeboot.labs.kind.lab_kind import KIND
from edgeboot.labs.lab_kind import LabKind
from edgeboot.labs.netns.lab_kind import KIND as NETNS
from edgeboot.labs.orchestrator.lab_kind import KIND as ORCHESTRATOR
from edgeboot.labs.run_options import AUTO

LABS: Final[Mapping[str, LabKind[Any]]] = {each.name: each for each in (NETNS, KIND, ORCHESTRATOR)}
"""By name, from the one that needs least to the one that needs most; ``auto`` asks the last first."""
PLAINEST: Final = next(iter(LABS))
"""The name of the lab that needs nothing but this machine."""


@dataclass(frozen=True, slots=True)
class LabChoice:
    """The lab of a run with its options, and why it was taken."""

    kind: LabKind[Any]
    options: Any
    """An instance of the kind's own class of options."""
    reason: str
    unused: tuple[GivenOption, ...] = ()
    """Variables that this lab does not read: another lab's."""

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

    An option of the command line that the lab does not know is an error; a variable is not used
    then, as an environment may serve several labs. ``AUTO`` takes the lab that both ask for.

    Args:
        requested: a lab's name, or ``AUTO``.
        read_values: the values given to a lab's options.
        only_parallel: why ``AUTO`` may not take a lab of which this machine has room for one.

    Raises:
        UsageError: there is no such lab, an option has a value that it cannot have, or is another lab's.
    """
    given = given_options(LABS.values(), read_values)
    if requested == AUTO:
        kind, reason = _automatic(given, read_values, only_parallel)
    elif requested in LABS:
        kind, reason = LABS[requested], "asked for"
    else:
        choices = ", ".join((AUTO, *LABS))
        raise UsageError(f"--lab {requested}", "no such lab in this version", f"choose from {choices}")
    unused = tuple(option for option in given if kind.name not in option.labs)
    for option in unused:
        if option.variable is None or option.refused is not None:
            raise option.refusal(kind.name)
    return LabChoice(kind, kind.read(read_values(kind.options)), reason, unused)


def _automatic(
    given: Sequence[GivenOption], read_values: ReadValues, only_parallel: str | None
) -> tuple[LabKind[Any], str]:
    wanted = _knowing(tuple(LABS), given)
    kinds = [LABS[name] for name in LABS if name in wanted]
    asking = ", ".join(option.text for option in given)
    if len(kinds) == 1:
        if only_parallel and kinds[0].one_at_a_time:
            problem = f"asks for lab {kinds[0].name}, which {AUTO} does not take: {only_parallel}"
            raise UsageError(asking, problem, f"say --lab {kinds[0].name}, or leave it out")
        return kinds[0], f"{AUTO}: {asking}"
    rejected: list[str] = []
    for kind in reversed(kinds):
        if kind.automatic is None:
            continue
        automatic = kind.automatic(kind.read(read_values(kind.options)))
        obstacle = (only_parallel if kind.one_at_a_time else None) or automatic.lacks()
        if obstacle is None:
            return kind, f"{AUTO}: {'; '.join(rejected) or automatic.reason}"
        rejected.append(f"not {kind.name}, for {obstacle}")
    raise UsageError(
        f"--lab {AUTO}",
        f"finds no lab{' for ' + asking if asking else ''}: {'; '.join(rejected)}",
        f"name one of {', '.join(kind.name for kind in kinds)}",
    )


def _knowing(labs: Collection[str], given: Sequence[GivenOption]) -> Collection[str]:
    """The labs that know every option given; those of the command line count before variables.

    Raises:
        UsageError: no lab knows them all.
    """
    stated = [option for option in given if option.variable is None]
    known = frozenset(labs).intersection(*(option.labs for option in stated))
    if not known:
        raise _of_different_labs(stated)
    known_to_all = known.intersection(*(option.labs for option in given))
    if not known_to_all and not stated:
        raise _of_different_labs(given)
    return known_to_all or known


def _of_different_labs(given: Sequence[GivenOption]) -> UsageError:
    texts = ", ".join(f"{option.text} (lab {' or '.join(option.labs)})" for option in given)
    return UsageError(texts, "no lab knows them all", "name the lab with --lab, and leave out the others")
