"""Which capabilities the server needs of its container, and that no other is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from edgeboot.host.capabilities import RUNTIME_DEFAULT
from edgeboot.labs.settings import Settings
from edgeboot.report.check import Check
from edgeboot.report.pod_check import PodCheck
from edgeboot.spec.manifests.network import load_node_interfaces
from fixtures.edge_node import NewEdgeNode
from fixtures.second_server import NewExtraServer

if TYPE_CHECKING:
    from fixtures.cluster import Trial

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes, pytest.mark.address_server]

NEEDED: Final = {
    "NET_ADMIN": "process is missing required capability NET_ADMIN",
    "NET_RAW": "process is missing required capability NET_RAW",
    "NET_BIND_SERVICE": "failed to bind DHCP server socket: Permission denied",
}
"""The error with which dnsmasq ends without each: it answers a client that has no address yet through
the ARP table, pings addresses before it gives them (so that with no-ping it does not ask for NET_RAW),
and binds port 67. SETUID, SETGID and SETPCAP, with which it would leave root, it does not use with
--no-daemon."""
_TO_PING: Final = pytest.mark.ability("ping_check")


@pytest.mark.covers("K8S-capabilities")
@pytest.mark.parametrize(
    "capability", ["NET_ADMIN", pytest.param("NET_RAW", marks=_TO_PING), "NET_BIND_SERVICE"]
)
def test_server_ends_without_a_capability_it_needs(
    capability: str, trials: dict[str, Trial], settings: Settings, check_pod: PodCheck
) -> None:
    """Its container ends at once, and its error names the line that the manifest lacks."""
    trial, privileged = trials[capability], settings.deployment.place("privileged")
    last = trial.log.strip().splitlines()[-1:]
    told = f"expected {NEEDED[capability]!r} without {capability}, its last line: {last}; {privileged}"
    check_pod("privileged", True, NEEDED[capability] in trial.log, told)
    hint = f"add {capability} to the container's capabilities"
    told = f"expected {hint!r}, received {trial.failure}"
    check_pod("capabilities", True, hint in str(trial.failure), told)


@pytest.mark.covers("K8S-capabilities")
@pytest.mark.parametrize("capability", sorted(RUNTIME_DEFAULT - NEEDED.keys()))
def test_server_needs_no_other_capability(
    capability: str, trials: dict[str, Trial], check_pod: PodCheck
) -> None:
    """Every further capability that the runtime gives by default may be dropped."""
    failure = trials[capability].failure
    told = f"expected to serve without {capability}: {failure}"
    check_pod("capabilities", "no failure", str(failure or "no failure"), told)


@pytest.mark.dynamic_allocation
@pytest.mark.covers("K8S-capabilities")
def test_needed_capabilities_are_enough_to_boot_a_node(
    new_extra_server: NewExtraServer, new_edge_node: NewEdgeNode, check: Check
) -> None:
    """With these three only, a node gets its lease: no other capability is needed after the start."""
    other = load_node_interfaces()[1]
    new_extra_server(NEEDED)
    ack = new_edge_node(beyond=other.name).boot()
    check(ack, "server_identifier", other.address.ip)
