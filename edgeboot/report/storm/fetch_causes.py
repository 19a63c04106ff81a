"""Why nodes of a storm have no boot file, or waited for it: by answers, the log and the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.report.storm.cause import StormCause
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.dnsmasq.what_if import MORE_TRANSFERS, WITHOUT_PORT_RANGE
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.storm.fetch_failures import FetchEnd, FetchFailure
from edgeboot.stress.storm.result import StormResult

_SHOWN: Final = 3
_FEW_PORTS: Final = (Telling.NO_TFTP_PORT, Telling.TFTP_RESTRICTED)
_TRANSFERS: Final = 50
"""That dnsmasq has at once without tftp-max."""
_NAMING: Final = frozenset({"dhcp-boot", "pxe-service"})
_KINDS: Final[Mapping[FetchEnd, StormCauseKind]] = {
    FetchEnd.NOTHING_NAMED: StormCauseKind.NO_FILE_NAMED,
    FetchEnd.NO_ARP_REPLY: StormCauseKind.BOOT_SERVER_ABSENT,
    FetchEnd.NO_BOOT_SERVER: StormCauseKind.BOOT_SERVER_SILENT,
    FetchEnd.NO_ANSWER: StormCauseKind.BOOT_SERVER_SILENT,
    FetchEnd.STOPPED: StormCauseKind.FILE_BROKEN,
    FetchEnd.REFUSED: StormCauseKind.FILE_REFUSED,
    FetchEnd.WRONG_SIZE: StormCauseKind.FILE_BROKEN,
    FetchEnd.BREACH: StormCauseKind.FILE_BROKEN,
}
_WAITED: Final = frozenset({FetchEnd.NO_ANSWER, FetchEnd.STOPPED})
"""What a server that is short of ports or transfers does to nodes."""


def fetch_causes(
    result: StormResult, server: ServerUse | None, config: ServerConfig | None
) -> Iterator[StormCause]:
    """Each of them, with the line that decides it.

    Args:
        result: the storm's.
        server: what was seen of the server under test meanwhile.
        config: its configuration; None where it is no dnsmasq.conf.
    """
    limits: list[StormCause] = []
    if server is not None and config is not None and any(each.fetches for each in result.rounds):
        limits = [*_tftp_ports(result, server, config), *_tftp_max(result, server, config)]
    yield from limits
    failures = [each for round_ in result.rounds for each in round_.failures]
    told = [each for each in failures if each.end is not None and not (limits and each.end in _WAITED)]
    for each in sorted(told, key=lambda failure: failure.nodes, reverse=True)[:_SHOWN]:
        yield _failed(each, server, config)


def _failed(failure: FetchFailure, server: ServerUse | None, config: ServerConfig | None) -> StormCause:
    assert failure.end is not None, "others are not told"  # noqa: S101
    figures: dict[str, float | str] = {"nodes": failure.nodes, "reason": failure.reason}
    own = server is not None and failure.server is not None and failure.server == server.address
    lines = () if config is None else tuple(_deciding(failure, config, own=own))
    return StormCause(_KINDS[failure.end], figures, lines)


def _deciding(failure: FetchFailure, config: ServerConfig, *, own: bool) -> Iterator[Cause]:
    """The lines that name the server, or say what it serves where that is the server under test."""
    lines = every_line(config)
    match failure.end:
        case FetchEnd.NOTHING_NAMED:
            named = [as_cause(each, config) for each in lines if each.name in _NAMING]
            yield from named or [Cause(shown(config.source), None, "has no dhcp-boot or pxe-service line")]
        case FetchEnd.NO_ARP_REPLY:
            address = str(failure.server)
            yield from (as_cause(each, config) for each in lines if address in each.value.split(","))
        case FetchEnd.NO_ANSWER if own and not _serves(lines):
            yield Cause(shown(config.source), None, "has no enable-tftp line: nobody reads port 69 of it")
        case FetchEnd.REFUSED if own:
            yield from (as_cause(each, config) for each in lines if each.name == "tftp-root")


def _serves(lines: tuple[Directive, ...]) -> bool:
    return any(each.name == "enable-tftp" for each in lines)


def _tftp_ports(result: StormResult, server: ServerUse, config: ServerConfig) -> Iterator[StormCause]:
    """Where nodes have waited for packets: of few ports the log tells at every start."""
    words = next((each for each in _FEW_PORTS if server.logged.get(each)), None)
    if words is None or not _have_waited(result):
        return
    lines = [as_cause(line, config) for line in every_line(config) if line.name == "tftp-port-range"]
    figures = {"words": words.value, **_waits(result)}
    yield StormCause(StormCauseKind.TFTP_PORTS, figures, tuple(lines), WITHOUT_PORT_RANGE if lines else None)


def _tftp_max(result: StormResult, server: ServerUse, config: ServerConfig) -> Iterator[StormCause]:
    """Where it had as many transfers as it may have: it leaves further requests unread, and logs nothing."""
    lines = every_line(config)
    line = next((each for each in lines if each.name == "tftp-max" and each.value.isdigit()), None)
    limit = _TRANSFERS if line is None else int(line.value)
    reached = server.most_sockets is not None and server.most_sockets >= limit
    if not (_serves(lines) and reached and _have_waited(result)):
        return
    if any(server.logged.get(each) for each in _FEW_PORTS):
        return  # It has fewer ports than that.
    missing = Cause(shown(config.source), None, f"has no tftp-max line: dnsmasq has {_TRANSFERS} transfers")
    cause = missing if line is None else as_cause(line, config)
    figures = {"limit": limit, **_waits(result)}
    yield StormCause(StormCauseKind.TFTP_MAX, figures, (cause,), MORE_TRANSFERS)


def _have_waited(result: StormResult) -> bool:
    return bool(result.counters.repeated_packets or result.not_fetched)


def _waits(result: StormResult) -> dict[str, float | str]:
    return {"repeated": result.counters.repeated_packets, "not_fetched": result.not_fetched}
