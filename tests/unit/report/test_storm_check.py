"""A storm's result held against the contract's terms."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.host.process_use import Throttling
from edgeboot.report.storm.cause import StormCause, storm_cause_text
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.report.storm.check import DUPLICATES, READY, SERVER, StormCheck
from edgeboot.report.storm.record import StormRecord
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.spec.manifests.cause import Cause
from edgeboot.stress.storm.completion import BoundBy
from edgeboot.stress.storm.grants import Grants
from edgeboot.stress.storm.percentiles import Percentiles
from tests.unit.report.test_storm_causes import NOTHING

CAUSE: Final = StormCause(StormCauseKind.LEASES_FULL, {"requests": 4}, (Cause("a.conf", 3, "x"),))
TIMES: Final = Percentiles(100, 2.0, 2.0, 4.0, 5.0, 9.0)
GOOD: Final = replace(
    NOTHING,
    nodes=100,
    started=100,
    bound=100,
    unfinished=0,
    to_offer=TIMES,
    to_ack=TIMES,
    completion=(BoundBy(9.0, 100),),
)
"""Of a hundred nodes that are ready after nine seconds."""
TERMS: Final = StormTerms(nodes=100, all_ready_within=timedelta(seconds=9), offer_p99=timedelta(seconds=5))


def test_a_storm_within_its_terms_has_no_finding() -> None:
    """A limit that is just reached is kept."""
    assert StormCheck(GOOD, TERMS).findings == ()


def test_nodes_that_are_not_ready_are_counted_by_their_reasons() -> None:
    """What became of them, and why, stands in one sentence."""
    result = replace(GOOD, bound=93, refused=4, unfinished=2, started=99)
    (finding,) = StormCheck(result, TERMS, (CAUSE,), "here").findings
    assert finding.causes == CAUSE.lines
    assert (finding.field, finding.expected, finding.received) == (READY, 100, 93)
    assert finding.statement == (
        "93 of 100 nodes were ready: 4 gave up by a DHCPNAK, 2 still asking at the end, "
        f"1 not switched on; {storm_cause_text(CAUSE)}; frames, log and figures: here"
    )


def test_addresses_of_another_server_are_a_finding() -> None:
    """All nodes may be ready then, and boot what it says."""
    own, other = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.66")
    check = StormCheck(replace(GOOD, grants=(Grants(own, 90), Grants(other, 10))), TERMS)
    (finding,) = check.of_servers(own)
    assert (finding.field, finding.expected, finding.received) == (SERVER, own, other)
    assert finding.statement == "10 of 100 nodes have their address of another server, 10.0.0.66"


def test_an_address_of_two_nodes_is_a_finding_of_its_own() -> None:
    """All nodes may be ready then, and in time."""
    twice = (IPv4Address("10.0.0.7"),)
    (finding,) = StormCheck(replace(GOOD, duplicates=twice), TERMS).findings
    assert (finding.field, finding.received) == (DUPLICATES, twice)


@pytest.mark.parametrize(
    "term,told",
    [
        ("all_ready_within", "until the last node was ready was 9.0 s, 1 s are allowed (all_ready_within)"),
        ("offer_p99", "to the DHCPOFFER that 99 of 100 nodes had was 5.0 s, 1 s are allowed (offer_p99)"),
        ("ack_p99", "to the DHCPACK that 99 of 100 nodes had was 5.0 s, 1 s are allowed (ack_p99)"),
    ],
)
def test_a_time_beyond_its_limit_is_told_with_both(term: str, told: str) -> None:
    """Each stated time is compared by itself; times that are not stated are not."""
    terms = StormTerms.model_validate({"nodes": 100, term: "1s"})
    (finding,) = StormCheck(GOOD, terms).findings
    assert told in str(finding)


@pytest.mark.parametrize("term,expected", [("offer_p99", 100), ("ack_p99", 96), ("file_p99", 96)])
def test_a_time_that_half_of_the_nodes_had_is_not_that_of_99_of_100(term: str, expected: int) -> None:
    """However soon those had it; nothing more comes after a DHCPNAK."""
    half = replace(TIMES, count=50)
    result = replace(GOOD, to_offer=half, to_ack=half, to_file=half, refused=4)
    terms = StormTerms.model_validate({"nodes": 100, "fetch": True, term: "9s"})
    (finding,) = StormCheck(result, terms).of_time(term)
    assert f"is not known: 50 of {expected} nodes had one, 9 s are allowed ({term})" in str(finding)


def test_a_time_that_no_node_had_is_no_time() -> None:
    """A storm in which nobody was answered is not in time."""
    assert "is that of no node" in str(next(StormCheck(NOTHING, TERMS).of_time("all_ready_within")))


def test_a_server_that_was_throttled_is_read_back() -> None:
    """As in a Pod with a limit: a run's result has it as its workers send it."""
    use = ServerUse({}, throttled=Throttling(3, 0.25))
    record = StormRecord(replace(GOOD, server=use))
    assert StormRecord.from_json(json.loads(json.dumps(record.to_json()))).result.server == use
