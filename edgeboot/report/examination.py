"""Examination of a failed test: unanswered messages, deviations of replies, sections of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.labs.protocol import Lab
from edgeboot.labs.settings import Settings
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import deviations
from edgeboot.report.evidence import Recorder
from edgeboot.report.findings import Finding
from edgeboot.report.log_excerpt import lines_about, log_excerpt
from edgeboot.report.refusal import refusal
from edgeboot.report.rogue_servers import RogueReply, attributed, rogue_finding, rogue_replies
from edgeboot.report.silence import Witnesses, concerns, is_logged, silence
from edgeboot.report.tables import exchange_table, finding_table
from edgeboot.report.values import WIDTH
from edgeboot.spec.contract.segment import Segment
from edgeboot.spec.contract.server_terms import LogFormat

EXCHANGE: Final = "exchange"
"""The title of a section with one."""


@dataclass(frozen=True, slots=True)
class Examination:
    """The exchanges of one test, compared with contract, server log and capture."""

    exchanges: Sequence[Exchange]
    lab: Lab
    settings: Settings
    recorder: Recorder
    segment: Segment
    log_line: int
    """How far the server's log was when the test began."""

    def silences(self) -> tuple[Finding, ...]:
        """Why each message that the server should have answered was not, or was refused for want of room."""
        server = self.lab.server.address
        awaited = [each for each in self.exchanges if each.awaited and concerns(each, server)]
        silences = (silence(each, self._witnesses(each)) for each in awaited if not each.replies)
        refused = (refusal(each, self.settings.deployment.config) for each in awaited)
        return (*silences, *filter(None, refused))

    def rogues(self) -> tuple[RogueReply, ...]:
        """Every reply that the contract does not provide for, but those of machines of the suite's own."""
        return tuple(
            each
            for exchange in self.exchanges
            for each in rogue_replies(exchange, self.segment)
            if not self._is_guest(each.reply)
        )

    def strangers(self) -> tuple[Finding, ...]:
        """Who else answers, as one finding; empty if nobody does."""
        rogues = self.rogues()
        return (rogue_finding(rogues, self.segment),) if rogues else ()

    def attributed(self, finding: Finding) -> Finding:
        """The finding with a cause outside of the server's configuration, if it has one."""
        if self.settings.contract.server.log is not LogFormat.DNSMASQ:
            # Another server's file: none of its lines was read.
            finding = replace(finding, causes=tuple(each for each in finding.causes if each.file is None))
        return attributed(finding, self.rogues(), self.segment)

    def deviations(self) -> tuple[Finding, ...]:
        """Every difference between a reply and the contract, without duplicates."""
        findings = (
            finding
            for exchange in self.exchanges
            for reply in exchange.replies
            if not self._is_guest(reply)
            for finding in deviations(reply, self.settings.contract, self.settings.deployment.config)
        )
        told = map(self.attributed, findings)
        return tuple({str(finding): finding for finding in told}.values())

    def sections(
        self, silences: Sequence[Finding], differing: Sequence[Finding], width: int = WIDTH
    ) -> list[tuple[str, str]]:
        """Titles and texts for pytest's report and report.txt, with tables of so many columns."""
        sections: list[tuple[str, str]] = []
        rogues = dict.fromkeys(map(str, self.rogues()))
        if rogues:
            sections.append(("rogue servers on the segment", "\n".join(rogues)))
        if differing:
            contract = shown(self.settings.contract_file)
            sections.append((f"what differs from {contract}", finding_table(differing, width)))
        sections += [("silence", str(finding)) for finding in silences]
        sections += [(EXCHANGE, table) for table in self.exchange_tables(width)]
        own = {id(exchange) for exchange in self.exchanges}
        before = (exchange for exchange in self.recorder.exchanges if id(exchange) not in own)
        log = log_excerpt(self.lab.server.log, self.exchanges, before, self.log_line)
        return [*sections, ("the server's log about these messages", log)]

    def exchange_tables(self, width: int = WIDTH) -> list[str]:
        """Each exchange, request and replies side by side, in so many columns."""
        return [exchange_table(exchange, width) for exchange in self.exchanges]

    def _is_guest(self, reply: Reply) -> bool:
        return reply.datagram.source_mac in self.recorder.census.guests

    def _witnesses(self, exchange: Exchange) -> Witnesses:
        config = self.settings.deployment.config
        readable = self.settings.contract.server.log is LogFormat.DNSMASQ
        return Witnesses(
            lines_about(self.lab.server.log, exchange),
            config,
            self.lab.server.address,
            is_logged=is_logged(config, readable=readable),
            arrived=self.recorder.saw(exchange.sent),
            answer_left=self.recorder.answer_passed(exchange.request.xid, exchange.sent.at),
            host=self.lab.server_host,
            leased=self._leased,
        )

    def _leased(self) -> Iterator[IPv4Address]:
        return (lease.address for lease in self.lab.server.leases())
