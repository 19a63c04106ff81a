"""A machine of kind ``command`` in the inventory.

[[machine]]
name = "node-9"
mac = "52:54:00:12:34:59"
kind = "command"
on = "ipmitool -I lanplus -H bmc-9 -U edgeboot -E chassis power on"
off = "ipmitool -I lanplus -H bmc-9 -U edgeboot -E chassis power off"
status = "ipmitool -I lanplus -H bmc-9 -U edgeboot -E chassis power status"
boot_network = "ipmitool -I lanplus -H bmc-9 -U edgeboot -E chassis bootdev pxe options=efiboot"
boot_as_before = "ipmitool -I lanplus -H bmc-9 -U edgeboot -E chassis bootdev none"
secret_variables = ["IPMI_PASSWORD"]
may_be_power_cycled = true
"""

from __future__ import annotations

import os
import re
import shlex
from datetime import timedelta
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from edgeboot.base.errors import UsageError
from edgeboot.host.command import find_program
from edgeboot.machines.inventory import MachineEntry
from edgeboot.spec.contract.terms import Limit


def _template(text: str) -> str:
    try:
        words = shlex.split(text)
        named = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise ValueError(f"is no command line ({error}), found {text!r}") from None
    if not words:
        raise ValueError("is empty; write a program and its arguments")
    if unknown := named - {"name", "mac"}:
        raise ValueError(f"has {{{min(unknown)}}}; known are {{name}} and {{mac}}, a brace is doubled")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression ({error}), found {text!r}") from None
    return text


Template = Annotated[str, AfterValidator(_template)]
"""A command line in words, as a shell has them; no shell runs it. It may have ``{name}`` and ``{mac}``."""
Pattern = Annotated[str, AfterValidator(_pattern)]


class CommandEntry(MachineEntry):
    """Which commands switch a machine. Each says by exit status 0 that it was done."""

    kind: Literal["command"]
    on: Template
    off: Template
    status: Template | None = None
    """Prints whether it is on; None where nobody can say."""
    says_on: Pattern = r"(?i)\bon\b"
    """A regular expression that is in what ``status`` prints of a machine that is on."""
    says_off: Pattern = r"(?i)\boff\b"
    reset: Template | None = None
    """None where it is switched off and on."""
    boot_network: Template | None = None
    """Lets its next start boot from the network."""
    boot_as_before: Template | None = None
    """Undoes ``boot_network`` where no start has used it up."""
    boots_network_first: bool = False
    """Whether the network is first in its boot order already."""
    secret_variables: tuple[str, ...] = ()
    """Environment variables that the commands read, such as IPMI_PASSWORD; what they hold is never told."""
    command_within: Limit = timedelta(seconds=30)
    """For a command; it is killed after that."""
    power_within: Limit = timedelta(seconds=60)
    """From a command's end until ``status`` says that it is so."""

    @model_validator(mode="after")
    def _consistent(self) -> CommandEntry:
        if self.boot_network is not None and self.boots_network_first:
            raise ValueError("states boot_network or boots_network_first, not both")
        if self.boot_as_before is not None and self.boot_network is None:
            raise ValueError("states boot_as_before without boot_network")
        return self

    @property
    def plan(self) -> str:
        """What is not put back is what the inventory has no command for."""
        boot = self.boot_network is None or self.boot_as_before is not None
        kept = [
            *([] if boot else ["boot order (no boot_as_before)"]),
            *([] if self.status else ["power (no status)"]),
        ]
        return f"{super().plan}{', but ' + ' and '.join(kept) if kept else ''}"

    def words(self, template: str) -> list[str]:
        """A template's words, filled in."""
        return [word.format(name=self.name, mac=self.mac) for word in shlex.split(template)]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values of the secret variables, read now."""
        return tuple(value for name in self.secret_variables if (value := os.environ.get(name)))

    def check(self) -> None:
        """Return where every program is installed and every secret variable set; raises UsageError."""
        super().check()
        for field in ("on", "off", "status", "reset", "boot_network", "boot_as_before"):
            template = getattr(self, field)
            if template is None:
                continue
            program = self.words(template)[0]
            if find_program(program) is None:
                where = f"machine {self.name}: field {field}"
                raise UsageError(where, f"program {program} is not installed", "install it, or name its path")
        for variable in self.secret_variables:
            if not os.environ.get(variable):
                where = f"machine {self.name}: field secret_variables"
                raise UsageError(where, f"${variable} is not set", f"export {variable}")
