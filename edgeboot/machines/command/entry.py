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
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, StrictBool, model_validator

from edgeboot.base.errors import UsageError
from edgeboot.host.command import find_program
from edgeboot.machines.command.template import Template, fields_of, filled_in
from edgeboot.machines.credentials import LEFT_OUT
from edgeboot.machines.inventory import MachineEntry
from edgeboot.spec.contract.terms import Limit


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression ({error}), found {text!r}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
_COMMANDS: Final = ("on", "off", "status", "reset", "boot_network", "boot_as_before")


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
    boots_network_first: StrictBool = False
    """Whether the network is first in its boot order already."""
    secret_variables: tuple[str, ...] = ()
    """Environment variables that the commands read, such as IPMI_PASSWORD, or have in braces.

    What they hold is never told.
    """
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
        known = {"name", "mac", *self.secret_variables}
        for field, template in self.commands.items():
            if unknown := fields_of(template) - known:
                problem = (
                    f"{field} has {{{min(unknown)}}}; known are {{name}}, {{mac}} and what secret_variables"
                )
                raise ValueError(f"{problem} names, and a brace is doubled")
        return self

    @property
    def commands(self) -> dict[str, str]:
        """Those that are stated, by their fields."""
        return {field: command for field in _COMMANDS if (command := getattr(self, field)) is not None}

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
        """A command's words, with what stands in braces; raises UsageError where a secret is not set."""
        return filled_in(template, {"name": self.name, "mac": self.mac, **self._secrets})

    def told(self, template: str) -> str:
        """A command as an error tells it: without its secrets."""
        left_out = dict.fromkeys(self.secret_variables, LEFT_OUT)
        return " ".join(filled_in(template, {"name": self.name, "mac": self.mac, **left_out}))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values of the secret variables, read now; raises UsageError where one is not set."""
        return tuple(self._secrets.values())

    @property
    def _secrets(self) -> dict[str, str]:
        values = {variable: os.environ.get(variable, "") for variable in self.secret_variables}
        for variable, value in values.items():
            if not value:
                where = f"machine {self.name}: field secret_variables"
                raise UsageError(where, f"${variable} is not set", f"export {variable}")
        return values

    def check(self) -> None:
        """Return where every program is installed and every secret variable set; raises UsageError."""
        super().check()
        for field, template in self.commands.items():
            program = self.words(template)[0]
            if find_program(program) is None:
                where = f"machine {self.name}: field {field}"
                raise UsageError(where, f"program {program} is not installed", "install it, or name its path")
