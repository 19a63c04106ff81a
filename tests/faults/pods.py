"""Faults of what keeps a server and its leases alive in a Pod."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractChange, added_lines
from tests.faults.fault import Fault
from tests.faults.manifest_changes import RESTART, STATED

_ELSEWHERE: Final = "dhcp-leasefile=/tmp/site.leases"
_IN_NO_VOLUME: Final = (
    r"the lease database /tmp/site\.leases \(\S+candidate\.conf:\d+ dhcp-leasefile=/tmp/site\.leases\) "
    r"is in no volume, so it ends with the container: \S+leases\.yaml:\d+ volumeMounts"
)

LEASES: Final = (
    Fault(
        "leases outside of every volume",
        "dhcp-leasefile names a file in the container, where the contract has server.keeps_leases.",
        "After a restart the server has forgotten its leases: it refuses renewals and gives addresses twice.",
        (added_lines(_ELSEWHERE), ContractChange("[pool]", "[server]\nkeeps_leases = true\n\n[pool]")),
        {
            f"{RESTART}::test_restarted_server_gives_no_address_twice": _IN_NO_VOLUME,
            f"{RESTART}::test_lease_outlives_the_container_of_the_server": _IN_NO_VOLUME,
        },
        files=(RESTART,),
    ),
    Fault(
        "leases outside of every volume, as an error",
        "dhcp-leasefile names a file in the container, where the contract makes that advisory an error.",
        "Nothing until the container is restarted.",
        (
            added_lines(_ELSEWHERE),
            ContractChange("[advisories]\n", '[advisories]\nleases_end_with_the_container = "error"\n'),
        ),
        {
            f"{STATED}::test_lease_database_outside_of_every_volume_is_told": (
                r"leases_end_with_the_container: the lease database of \S+candidate\.conf:\d+ dhcp-leasefile="
            )
        },
        files=(STATED,),
    ),
)

PODS: Final = LEASES
