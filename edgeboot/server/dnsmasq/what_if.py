"""Changed lines that let dnsmasq serve many nodes at once, to be tried: what each gains, and costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.larger_pool import LARGER_POOL, with_larger_pool
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A line that could be added to a dnsmasq.conf, taken out of it, or changed in it."""

    line: str
    """The line, which is its name, too; "no-NAME" where lines are taken out, another where one is changed."""
    gains: str
    costs: str
    """What is lost by it."""
    removes: str | None = None
    """The name of the lines that are taken out; the line is in their place, or none is."""
    adds: bool = True
    changes: Callable[[ServerConfig], ServerConfig] | None = None
    """What changes a line; None where that is added or taken out."""

    def added_to(self, config: ServerConfig) -> ServerConfig:
        """The configuration so changed.

        Raises:
            UsageError: it has the line already, or has none that could be taken out or changed.
        """
        if self.changes is not None:
            return self.changes(config)
        if self.removes is not None:
            return self._replaced_in(config)
        present = next((each for each in every_line(config) if each.name == self.line), None)
        if present is not None:
            problem = f"is there already: {as_cause(present, config)}"
            raise UsageError(f"--what-if {self.line}", problem, "leave it out, or remove the line")
        text = config.text if config.text.endswith("\n") else f"{config.text}\n"
        return replace(config, text=f"{text}{self.line}\n")

    def _replaced_in(self, config: ServerConfig) -> ServerConfig:
        """Without the lines of the file itself; one that stands elsewhere cannot be taken out so."""
        known = [each for each in every_line(config) if each.name == self.removes]
        numbers = {each.number for each in known if each.file is None}
        elsewhere = next((each for each in known if each.file is not None), None)
        if elsewhere is not None:
            problem = f"is decided by {as_cause(elsewhere, config)}"
            raise UsageError(f"--what-if {self.line}", problem, "change that line")
        if not known and not self.adds:
            problem = f"has no {self.removes} line to take out of {shown(config.source)}"
            raise UsageError(f"--what-if {self.line}", problem, "leave it out")
        kept = [line for number, line in enumerate(config.text.splitlines(), 1) if number not in numbers]
        lines = [*kept, self.line] if self.adds else kept
        return replace(config, text="\n".join((*lines, "")))


WITHOUT_PORT_RANGE: Final = "no-tftp-port-range"
MORE_TRANSFERS: Final = "tftp-max=1000"
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
        WhatIf(
            "dhcp-lease-max=100000",
            "the lease database is not full before the pool is",
            "each lease takes some hundred octets of memory, and a line of the lease file",
            removes="dhcp-lease-max",
        ),
        WhatIf(
            LARGER_POOL,
            "nodes have as many addresses as their network has behind the pool",
            "whatever has a fixed address there has to move",
            changes=with_larger_pool,
        ),
        WhatIf(
            MORE_TRANSFERS,
            "a thousand nodes read their files at once",
            "each transfer takes a port and a file descriptor",
            removes="tftp-max",
        ),
        WhatIf(
            WITHOUT_PORT_RANGE,
            "as many nodes as tftp-max allows, 50 without it, read their files at once",
            "a packet filter has to let any of the server's ports pass",
            removes="tftp-port-range",
            adds=False,
        ),
    )
}
"""By their lines."""
