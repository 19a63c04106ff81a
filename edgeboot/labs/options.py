"""The options of labs as data: registered, read and checked in one way for every lab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from edgeboot.base.errors import UsageError
from edgeboot.host.libvirt.connection import DEFAULT_URI

_YES_OR_NO: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class LabOption:
    """One option of the command line, which is also an environment variable ``EDGEBOOT_…``."""

    name: str
    """Without the two hyphens."""
    help: str
    switch: bool = False
    """Takes no value on the command line; its variable is yes or no."""
    repeated: bool = False
    """Takes a value each time it is given; its variable has them all, with commas between."""
    plugin: str | None = None
    """The pytest plugin that registers it, where it is not this suite's own."""
    in_environment: bool = True
    """Whether this lab reads the variable."""
    refused_elsewhere: str | None = None
    """Why another lab refuses its variable, too, rather than leaving it unused."""
    default: str | None = None
    """Its value where neither the command line nor the variable gives one."""
    plugin_default: str | None = None
    """The value that its plugin gives it where the command line does not."""

    @property
    def destination(self) -> str:
        """The name by which a parser keeps its value."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"EDGEBOOT_{self.destination.upper()}"

    @property
    def described(self) -> str:
        """The help with its variable, for a list of options."""
        form = "=yes" if self.switch else "=A,B" if self.repeated else ""
        variable = f" [{self.variable}{form}]" if self.in_environment else ""
        return f"{self.help}{variable}"


LIBVIRT_URI: Final = LabOption(
    "libvirt-uri", f"labs kind and orchestrator: the libvirt that owns the bridge (default: {DEFAULT_URI})"
)


class OptionValues:
    """The values given to some options, by their names; what was not given is absent.

    Args:
        given: texts, and True for a switch.
        variables: for an option whose value is the environment's, the variable.
    """

    def __init__(
        self, given: Mapping[str, str | bool | None], variables: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._variables = variables
        self._given = {name: value for name, value in given.items() if value not in {None, "", False}}

    @classmethod
    def read(
        cls,
        options: Iterable[LabOption],
        environment: Mapping[str, str],
        on_command_line: Callable[[str], str | bool | list[str] | None] = lambda _: None,
    ) -> Self:
        """The values of some options: the command line's, else the environment's, else the default.

        Args:
            options: those that are read.
            environment: variables by their names.
            on_command_line: the value of an option by its ``destination``; None or False for none given,
                empty for none in spite of the environment.
        """
        given: dict[str, str | bool | None] = {}
        variables: dict[str, str] = {}
        for option in options:
            value = on_command_line(option.destination)
            if isinstance(value, list):
                value = ",".join(value)
            unsaid = value is None or value is False
            if unsaid and option.in_environment and environment.get(option.variable):
                value = environment[option.variable]
                variables[option.name] = option.variable
            given[option.name] = value or option.default
        return cls(given, variables)

    def text(self, name: str) -> str | None:
        """The value as it was given."""
        value = self._given.get(name)
        return None if value is None else str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of an option that may be given several times."""
        return tuple(each.strip() for each in (self.text(name) or "").split(",") if each.strip())

    def path(self, name: str) -> Path | None:
        """The value as a path."""
        value = self.text(name)
        return None if value is None else Path(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether a switch is on, or a yes-or-no option says yes.

        Raises:
            UsageError: the value is neither yes nor no.
        """
        value = self._given.get(name, default)
        if isinstance(value, bool):
            return value
        if value not in _YES_OR_NO:
            raise self.as_given(UsageError(f"--{name} {value}", "is neither yes nor no", "say yes or no"))
        return _YES_OR_NO[value]

    def number(self, name: str, default: int, largest: int | None = None) -> int:
        """A whole number from 1.

        Raises:
            UsageError: the value is no such number, or larger than ``largest``.
        """
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal() or int(value) < 1 or (largest is not None and int(value) > largest):
            bounds = f"from 1 to {largest}" if largest is not None else "from 1"
            hint = f"give a whole number {bounds}"
            raise self.as_given(UsageError(f"--{name} {value}", "is out of range", hint))
        return int(value)

    def variable(self, name: str) -> str | None:
        """The variable that gave the value; None where the command line did, or nobody."""
        return self._variables.get(name)

    def as_given(self, error: UsageError) -> UsageError:
        """The error, naming the variable in place of an option where the value is the variable's."""
        where = error.where
        for name, variable in self._variables.items():
            where = re.sub(rf"--{name} (?=\S)", f"{variable}=", where)
            where = re.sub(rf"--{name}(?![\w-])", variable, where)
        return UsageError(where, error.problem, error.hint)


NO_VALUES: Final = OptionValues({})
