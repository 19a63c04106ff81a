"""Lines that let dnsmasq serve many nodes at once, to be tried: what each one adds, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A line that could be added to a dnsmasq.conf."""

    line: str
    gains: str
    costs: str
    """What is lost by it."""

    def added_to(self, config: ServerConfig) -> ServerConfig:
        """The configuration with this line at its end.

        Raises:
            UsageError: it has the line already.
        """
        present = next((each for each in every_line(config) if each.name == self.line), None)
        if present is not None:
            problem = f"is there already: {as_cause(present, config)}"
            raise UsageError(f"--what-if {self.line}", problem, "leave it out, or remove the line")
        text = config.text if config.text.endswith("\n") else f"{config.text}\n"
        return replace(config, text=f"{text}{self.line}\n")

    def advice(self, config: ServerConfig) -> str:
        """What to do, and where."""
        return f"add {self.line} to {shown(config.source)}: {self.gains}; {self.costs}"


WHAT_IFS: Final = {
    each.line: each
    for each in (
        WhatIf(
            "no-ping",
            "an address is offered at once",
            "one that a machine uses without a lease may be offered, which firmware has to notice itself",
        ),
        WhatIf(
            "leasefile-ro",
            "a lease is written nowhere, so that the thousandth takes as long as the first",
            "a server that is started again has forgotten all leases, and may give an address that is in use "
            "to another node",
        ),
    )
}
"""By their lines."""
