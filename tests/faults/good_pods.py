"""Deployments that are right in another way than poc-fixed's: none of their runs may have a failure."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import added_lines
from tests.faults.fault import Cause, Fault


def good(name: str, what: str, *causes: Cause, **fields: object) -> Fault:
    """An entry in which no test may fail; ``what`` says how it differs from poc-fixed."""
    return Fault(f"good: {name}", what, "nothing", causes, **fields)  # type: ignore[arg-type]


GOOD_PODS: Final = (
    good(
        "leases elsewhere",
        "dhcp-leasefile names a file outside of every volume",
        added_lines("dhcp-leasefile=/tmp/site.leases"),
    ),
    good(
        "leases elsewhere in the volume",
        "dhcp-leasefile names another file of the lease volume",
        added_lines("dhcp-leasefile=/var/lib/misc/site.leases"),
    ),
    good(
        "leases behind a symbolic link",
        "dhcp-leasefile names a file in /var/run, which is a link to /run",
        added_lines("dhcp-leasefile=/var/run/site.leases"),
    ),
    good(
        "no ping check",
        "no-ping, as production has it, and a contract that is silent about it",
        added_lines("no-ping"),
    ),
)
