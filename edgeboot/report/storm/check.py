"""A storm's result held against the terms of the contract: each difference is a ``Finding``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.report.findings import Finding
from edgeboot.report.storm.cause import StormCause, storm_cause_text
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.result import StormResult

READY: Final = "storm"
"""The field of nodes that are not ready, or late: one headline, whichever terms are broken."""
SERVER: Final = "server_identifier"
DUPLICATES: Final = "storm_duplicates"


@dataclass(frozen=True, slots=True)
class StormCheck:
    """What of a storm is not as the contract states it."""

    result: StormResult
    terms: StormTerms
    causes: tuple[StormCause, ...] = ()
    evidence: str | None = None
    """Where frames, log and figures are."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        times = (each for term in self.terms.limits for each in self.of_time(term))
        return (*self.of_readiness(), *self.of_duplicates(), *times)

    def of_readiness(self) -> Iterator[Finding]:
        """Nodes that are not ready, whether or not they have given up."""
        result = self.result
        if result.bound < result.nodes:
            were = "was" if result.bound == 1 else "were"
            nodes = f"{result.bound} of {counted(result.nodes, 'node')}"
            told = f"{nodes} {were} ready: {', '.join(self._others())}"
            yield self._finding(READY, result.nodes, result.bound, told)

    def of_duplicates(self) -> Iterator[Finding]:
        """Addresses that two nodes have got."""
        twice = self.result.duplicates
        if twice:
            told = f"two nodes or more were given {', '.join(map(str, twice))}"
            yield self._finding(DUPLICATES, (), twice, told)

    def of_servers(self, identifier: IPv4Address) -> Iterator[Finding]:
        """Addresses that another server than that of the contract has given.

        Args:
            identifier: the contract's server identifier.
        """
        for each in self.result.grants:
            if each.server != identifier:
                nodes = f"{each.nodes} of {counted(self.result.nodes, 'node')}"
                have = "has its" if each.nodes == 1 else "have their"
                told = f"{nodes} {have} address of another server, {each.server}"
                yield self._finding(SERVER, identifier, each.server, told)

    def of_time(self, term: str) -> Iterator[Finding]:
        """A time that is longer than stated, or that fewer than 99 of 100 nodes have had.

        Of a node that was refused nothing more is expected: ``of_readiness`` tells of it.

        Args:
            term: the one that limits it, a name of ``StormTerms.limits``.
        """
        limit, took = self.terms.limits[term], self._took(term)
        if took is None or took > limit:
            received = f"was {took.total_seconds():.1f} s" if took is not None else self._had(term)
            told = f"{_SAID[term]} {received}, {limit.total_seconds():g} s are allowed ({term})"
            yield self._finding(READY, limit, took, told)

    def _took(self, term: str) -> timedelta | None:
        result = self.result
        if term == "all_ready_within":
            seconds = result.completion[-1].seconds if result.completion else None
        else:
            times = self._times(term)
            few = times is None or times.count < math.ceil(0.99 * self._expected(term))
            seconds = None if times is None or few else times.p99
        return None if seconds is None else timedelta(seconds=seconds)

    def _times(self, term: str) -> Percentiles | None:
        result = self.result
        return {"offer_p99": result.to_offer, "ack_p99": result.to_ack, "file_p99": result.to_file}[term]

    def _expected(self, term: str) -> int:
        """Of how many nodes there has to be such a time."""
        return self.result.started - (0 if term == "offer_p99" else self.result.refused)

    def _had(self, term: str) -> str:
        if term == "all_ready_within" or (times := self._times(term)) is None:
            return "is that of no node"
        return f"is not known: {times.count} of {counted(self._expected(term), 'node')} had one"

    def _others(self) -> Iterator[str]:
        """What became of the nodes that are not ready."""
        result = self.result
        counts = {
            "gave up without an offer": result.not_offered,
            "gave up without a DHCPACK": result.not_acknowledged,
            "gave up by a DHCPNAK": result.refused,
            "gave up without a boot file": result.not_fetched,
            "still asking at the end": result.unfinished,
            "not switched on": result.nodes - result.started,
        }
        return (f"{count} {what}" for what, count in counts.items() if count)

    def _finding(self, field: str, expected: object, received: object, told: str) -> Finding:
        where = () if self.evidence is None else (f"frames, log and figures: {self.evidence}",)
        statement = "; ".join((told, *map(storm_cause_text, self.causes), *where))
        lines = tuple(line for cause in self.causes for line in cause.lines)
        return Finding(field, expected, received, causes=lines, statement=statement)


_SAID: Final = {
    "all_ready_within": "the time until the last node was ready",
    "offer_p99": "the time to the DHCPOFFER that 99 of 100 nodes had",
    "ack_p99": "the time to the DHCPACK that 99 of 100 nodes had",
    "file_p99": "the time to the boot file that 99 of 100 nodes had",
}
