"""What a dnsmasq cannot do by its own configuration, where the contract says nothing about it.

RFC 2131 leaves these to the server's administrator, so a contract that is silent takes
the configuration's word: its tests are left out, and the report names the line.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.lease_file import lease_file_of
from edgeboot.spec.contract.server_terms import Ability, LogFormat, ServerTerms
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment


def switched_off(terms: ServerTerms, deployment: Deployment) -> Mapping[Ability, Cause]:
    """The abilities that a line of dnsmasq.conf takes away and the contract does not ask for.

    Args:
        terms: the contract's about the server.
        deployment: its Pod and configuration.

    Returns:
        Each with the line that takes it away; none for a server that is no dnsmasq.
    """
    if terms.log is not LogFormat.DNSMASQ:
        return {}
    found: dict[Ability, Cause] = {}
    if terms.ping_check is None:
        for directive in every_line(deployment.config):
            if directive.name == "no-ping":
                found[Ability.PING_CHECK] = as_cause(directive, deployment.config)
    if terms.keeps_leases is None:
        file = lease_file_of(deployment)
        if file.line is not None and deployment.pod.volume_of(file.path) is None:
            found[Ability.KEEPS_LEASES] = file.line
    return found
