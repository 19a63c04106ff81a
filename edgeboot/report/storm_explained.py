"""What a storm's result shows of its server, in words, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.storm.result import StormResult


def explained(result: StormResult, config: ServerConfig | None) -> Iterator[str]:
    """A sentence or two for each thing that is known.

    Args:
        result: the storm's.
        config: the server's configuration; None where it is no dnsmasq.conf.
    """
    steps = result.staircase
    if steps is None:
        return
    shape = (
        f"{steps.steps} offers came one at a time, {steps.mean:.1f} s apart, until {steps.ended:.1f} s after "
        f"the beginning, while {steps.waiting} other nodes waited"
    )
    if not steps.is_ping_check:
        yield (
            f"{shape}: the shape of a ping check of new addresses, but the server was seen looking for "
            f"{steps.looked_for} of these {steps.steps} only"
        )
        return
    yield (
        f"{shape}: a ping check; the server looked for {steps.looked_for} of these {steps.steps} addresses "
        "by ARP before it offered them, and answered no other node meanwhile"
    )
    if config is not None:
        mend = WHAT_IFS["no-ping"]
        yield f"to mend it, {mend.advice(config)} (--what-if {mend.line} measures it)"
