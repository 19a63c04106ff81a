"""Why a message was not answered: by the server's log, its host, and the capture at its port."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import LIMITED_BROADCAST
from edgeboot.host.host_view import HostView
from edgeboot.host.wire.frame import dissect
from edgeboot.node.exchange import Exchange
from edgeboot.report import lost
from edgeboot.report.findings import Finding
from edgeboot.server.dnsmasq.cause import causes_of, likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.listening import NO_RANGE, answers, keeps_from, logs_every_message, refusals
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
_DELAY: Final = re.compile(r" reply delay: (\d+)$")
"""What dnsmasq logs before it waits."""
_ADDRESS: Final = re.compile(r"\) (\d+\.\d+\.\d+\.\d+) ")


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What is known of a message without a reply, beside its exchange."""

    log: Sequence[LogLine]
    """The server's lines about this message, and about no other."""
    config: ServerConfig
    server: IPv4Address
    is_logged: bool = True
    """Whether the server logs every message that it hears, in a form that can be read."""
    arrived: bool = True
    """Whether the message was seen at the server's port."""
    answer_left: bool = False
    """Whether a reply to it was seen there."""
    host: HostView | None = None
    """The server's host; None where the lab may not look into it."""
    leased: Callable[[], Iterable[IPv4Address]] = tuple
    """The addresses in its lease database, read only if an exhausted pool may be the reason."""


def concerns(exchange: Exchange, server: IPv4Address) -> bool:
    """Whether this server had to answer: a boot request may go to another host, or to a multicast group."""
    datagram = dissect(exchange.sent.untagged)
    return datagram is None or datagram.destination in {server, LIMITED_BROADCAST}


def silence(exchange: Exchange, known: Witnesses) -> Finding:
    """The finding about an exchange without a reply; a cause is named where something shows it."""
    causes: tuple[Cause, ...]
    sent = answers(known.log)
    if exchange.overheard:
        statement, causes = f"received {exchange.received}", ()
    elif sent:
        statement, causes = _answered(exchange, sent[-1], known)
    elif known.log:
        statement, causes = _refused(exchange, known)
    elif known.arrived:
        statement, causes = _not_heard(exchange, known)
    else:
        statement = f"{exchange.summary} never came to the server's port"
        causes = (lost.switched_off(known.host) or _SEGMENT,)
    return Finding(ANSWER, f"a reply to {exchange.request.name}", None, None, causes, statement)


def _answered(exchange: Exchange, line: LogLine, known: Witnesses) -> tuple[str, tuple[Cause, ...]]:
    """The server says that it has answered."""
    delay = timedelta(seconds=line.at - exchange.sent.at)
    said = f"the server answered {exchange.summary}, {line.text.strip()!r}"
    if delay > exchange.waited:
        return f"{said}, {delay.total_seconds():.1f} s after it: too late", _delaying(delay, exchange, known)
    lost_on_the_way = f"{said}, and the answer was lost on the way back"
    if known.answer_left:
        return f"{lost_on_the_way}, behind the server's port", (_SEGMENT,)
    if known.host is None:
        return f"{lost_on_the_way}, before it left the server's port; {lost.UNREADABLE}", ()
    address = _ADDRESS.search(line.text)
    offered = IPv4Address(address[1]) if address else IPv4Address(0)
    answer = lost.outgoing(exchange.sent, exchange.request, offered, known.server, known.host)
    causes = lost.filtered(answer, known.host) or lost.perhaps_filtered(answer, known.host)
    return f"{lost_on_the_way}, before it left the server's port", causes


def _refused(exchange: Exchange, known: Witnesses) -> tuple[str, tuple[Cause, ...]]:
    """The server says that it has seen the message, and perhaps why it does not answer."""
    refused = refusals(known.log)
    logged = (refused or known.log)[-1].text.strip()
    statement = f"the server saw {exchange.summary} and said {logged!r}"
    if not refused:
        delay = _DELAY.search(logged)
        causes = () if delay is None else _delaying(timedelta(seconds=int(delay[1])), exchange, known)
        return f"{statement}, and nothing more", causes
    full = exhaustion(known.config, known.leased()) if "no address available" in logged else None
    exhausted = () if full is None else (Cause(None, None, full),)
    moved = lost.without_its_address(known.host, known.server) if NO_RANGE in logged else ()
    if moved:
        return statement, moved
    field = "ignored" if logged.endswith("ignored") else "refused"
    return statement, (*exhausted, *likely_causes(field, "", known.config, sent=Sent(exchange.request)))


def _delaying(delay: timedelta, exchange: Exchange, known: Witnesses) -> tuple[Cause, ...]:
    """The line that has the server wait for so long."""
    return likely_causes("answer_time", delay, known.config, sent=Sent(exchange.request))


def _not_heard(exchange: Exchange, known: Witnesses) -> tuple[str, tuple[Cause, ...]]:
    """The message came to the server's port, and the server says nothing of it."""
    unseen = f"the server never saw {exchange.summary}, which came to its port"
    if not known.is_logged:
        unseen = f"the server did not answer {exchange.summary}, which came to its port"
    if known.host is None:
        return f"{unseen}; {lost.UNREADABLE}", ()
    interface = known.host.interface
    lines = keeps_from(known.config, interface, known.host.own_addresses())
    fact, causes = lost.not_heard(exchange.sent, known.host, lambda: causes_of(lines, known.config))
    return f"{unseen}{fact}", causes


def is_logged(config: ServerConfig, *, readable: bool) -> bool:
    """Whether the server's log has a line for every message that it hears."""
    return readable and logs_every_message(config)
