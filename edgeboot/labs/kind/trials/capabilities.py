"""Which capabilities the server needs: one Pod without each of them, and its outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.kind.pod import DeployedPod
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.dnsmasq.startup import start_failure
from edgeboot.server.log import ServerLog
from edgeboot.server.pod.extra_pods import ExtraPod, ScratchNamespace
from edgeboot.server.pod.variants import (
    with_interface_and_range,
    with_own_network,
    without_capability,
    without_restart,
)
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of the server without one capability."""

    capability: str
    log: str
    failure: LabError | None
    """Why it ended, with a hint; None if it serves."""


def try_without(
    capabilities: Iterable[str], deployed: DeployedPod, config: ServerConfig, scratch: ScratchNamespace
) -> dict[str, Trial]:
    """Run one Pod without each of the capabilities, all at the same time.

    Each Pod has its own network namespace, so that none answers an edge node.

    Raises:
        LabError: a Pod neither serves nor ends in time.
    """
    [node] = scratch.core.list_node().items
    own = with_interface_and_range(config, "eth0", IPv4Network(node.spec.pod_cidr))
    for config_map in deployed.config_maps(own.text):
        scratch.add_config_map(config_map)
    body = without_restart(with_own_network(deployed.copy_of("Pod")))
    pods = {
        capability: ExtraPod(
            scratch.core,
            without_capability(body, capability),
            f"without-{capability.lower().replace('_', '-')}",
            scratch.name,
        )
        for capability in capabilities
    }
    for pod in pods.values():
        pod.create()
    return {capability: _outcome(capability, pod, own) for capability, pod in pods.items()}


def _outcome(capability: str, pod: ExtraPod, config: ServerConfig) -> Trial:
    def observe() -> Trial | None:
        state = pod.state()
        text = pod.log_text() if state is not None else ""
        if state is not None and state.terminated is not None:
            log = ServerLog()
            for line in text.splitlines():
                log.add(line)
            return Trial(capability, text, start_failure(log, 0, state.terminated.exit_code, config))
        return Trial(capability, text, None) if re.search(DNSMASQ_READY, text) else None

    return eventually(f"pod {pod.name}", observe, Wait.CLUSTER, "see kubectl describe pod")
