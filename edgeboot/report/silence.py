"""Why a message was not answered: by the server's log, its lease database and the capture at its port."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address
from typing import Final

from edgeboot.node.exchange import Exchange
from edgeboot.report.findings import Finding
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.pools import exhaustion
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

ANSWER: Final = "answer"
"""The field of a finding about a message that was not answered."""
_SEGMENT: Final = Cause(
    None,
    None,
    "a bridge port that does not forward (STP, VLAN), or a firewall on the bridge "
    "(bridge-nf-call-iptables with FORWARD at DROP)",
)


def silence(
    exchange: Exchange,
    log: Sequence[LogLine],
    config: ServerConfig,
    leased: Callable[[], Iterable[IPv4Address]] = tuple,
    *,
    arrived: bool = True,
) -> Finding:
    """The finding about an exchange without a reply.

    Args:
        exchange: the message, and other messages received meanwhile.
        log: the server's log lines about this client.
        config: the server's configuration.
        leased: the addresses in its lease database, read only if an exhausted pool may be the reason.
        arrived: whether the message was seen at the server's port.
    """
    causes: tuple[Cause, ...]
    if exchange.overheard:
        statement, causes = f"received {exchange.received}", ()
    elif not log and not arrived:
        statement, causes = f"{exchange.summary} never came to the server's port", (_SEGMENT,)
    elif not log:
        statement = f"the server never saw {exchange.summary}"
        causes = likely_causes("not_listening", "", config)
    else:
        refusals = [line.text.strip() for line in log if " no " in line.text or "ignored" in line.text]
        logged = refusals[-1] if refusals else log[-1].text.strip()
        statement = f"the server saw {exchange.summary} and said {logged!r}"
        full = exhaustion(config, leased()) if "no address available" in logged else None
        causes = (*_missing_addresses(full), *likely_causes("refused", "", config))
    return Finding(ANSWER, f"a reply to {exchange.request.name}", None, None, causes, statement)


def _missing_addresses(full: str | None) -> tuple[Cause, ...]:
    return () if full is None else (Cause(None, None, full),)
