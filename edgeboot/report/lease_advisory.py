"""The advisory of leases that a configuration keeps outside of every volume of the Pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from edgeboot.report.advisories import Advice
from edgeboot.spec.contract.server_terms import Ability
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment

NAME: Final = "leases_end_with_the_container"
"""In the contract's table ``advisories``."""


def leases_end_with_the_container(
    switched_off: Mapping[Ability, Cause], deployment: Deployment
) -> Advice | None:
    """The advice where a line of dnsmasq.conf puts the lease database outside of every volume.

    Args:
        switched_off: the abilities that lines of the configuration take away.
        deployment: the Pod, for the place of its mounts.
    """
    line = switched_off.get(Ability.KEEPS_LEASES)
    if line is None:
        return None
    return Advice(
        NAME,
        "address",
        f"the lease database of {line} is in no volume, so a restarted container has forgotten every lease: "
        "it may give an address twice, and refuses renewals",
        f"name a file in a volume ({deployment.place('volumeMounts')}), or mount one there",
    )
