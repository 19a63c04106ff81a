"""Which options of labs a run was given, by the command line or the environment, and whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from edgeboot.base.errors import UsageError
from edgeboot.labs.lab_kind import LabKind
from edgeboot.labs.options import LabOption, OptionValues

ReadValues = Callable[[tuple[LabOption, ...]], OptionValues]
"""The values given to options, wherever they are from."""


@dataclass(frozen=True, slots=True)
class GivenOption:
    """An option with a value."""

    name: str
    """Without the two hyphens."""
    labs: tuple[str, ...]
    """The names of the labs that know it."""
    variable: str | None = None
    """The variable that its value is from; None for the command line."""
    refused: str | None = None
    """Why another lab refuses the variable, too."""

    @property
    def text(self) -> str:
        """As the user gave it, without the value."""
        return self.variable or f"--{self.name}"

    def refusal(self, lab: str) -> UsageError:
        """The error in a lab that does not know it."""
        reason = f": {self.refused}" if self.refused else ""
        owners = " or ".join(self.labs)
        hint = f"leave it out, or say --lab {owners}"
        return UsageError(self.text, f"is for lab {owners}, not {lab}{reason}", hint)


def given_options(kinds: Iterable[LabKind[Any]], read_values: ReadValues) -> tuple[GivenOption, ...]:
    """The options of any lab that have a value which somebody gave; each once."""
    given: dict[str, GivenOption] = {}
    for kind in kinds:
        for option in kind.options:
            values = read_values((option,))
            if values.text(option.name) in {None, option.plugin_default}:
                continue
            labs = (*given[option.name].labs, kind.name) if option.name in given else (kind.name,)
            variable = values.variable(option.name)
            given[option.name] = GivenOption(option.name, labs, variable, option.refused_elsewhere)
    return tuple(given.values())
