"""The verdict for Prometheus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from edgeboot.report.latencies import Latency, Nodes
from edgeboot.report.metrics import gauges, write_metrics
from edgeboot.report.result import Result
from edgeboot.report.seen import Seen
from edgeboot.report.strangers.stranger import Stranger
from edgeboot.report.verdict.verdict import verdict
from tests.unit.report.failed_runs import NEXT_SERVER, STARTED, failed, failure
from tests.unit.report.storms import SLOW

_TOLD_APART: Final = ("outcome", "percentile", "until", "storm", "mac")
"""Labels."""


def samples(result: Result) -> dict[tuple[str, str], float]:
    """Values by the metric's name, and its outcome, percentile or storm."""
    text = generate_latest(gauges(result, verdict(result))).decode()
    return {
        (sample.name, next((sample.labels[each] for each in _TOLD_APART if each in sample.labels), "")): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_have_verdict_counts_and_times() -> None:
    """With the site's name as a label."""
    result = replace(failed(failure("a.py::test_a", NEXT_SERVER)), latencies=(Latency.of(Nodes.NEW, [3.1]),))
    found = samples(result)
    assert found["edgeboot_nodes_would_boot", ""] == 0
    assert found["edgeboot_causes", ""] == 1
    assert found["edgeboot_tests", "failed"] == 1
    assert found["edgeboot_offer_seconds", "90"] == 3.1
    assert found["edgeboot_run_duration_seconds", ""] == 60
    assert found["edgeboot_last_run_timestamp_seconds", ""] == STARTED.timestamp() + 60


def test_metrics_have_a_storm_s_main_figures() -> None:
    """One that becomes slower is seen before it breaks."""
    found = samples(replace(failed(status=0), storms=(SLOW,)))
    assert found["edgeboot_storm_nodes", "as it is"] == 100
    assert found["edgeboot_storm_ready_nodes", "as it is"] == 100
    assert found["edgeboot_storm_duplicate_addresses", "as it is"] == 0
    assert found["edgeboot_storm_ready_seconds", "as it is"] == SLOW.ready_after
    assert found["edgeboot_storm_p99_seconds", "ack"] == 27.9


def strangers(number: int) -> Result:
    """A run on a site's segment with that many other machines, of which the first has booted."""
    seen = (Stranger(each, f"52:54:00:…:{each:02x}", each == 1, "") for each in range(1, number + 1))
    return replace(failed(status=0), seen=Seen(strangers=tuple(seen)))


def test_metrics_have_the_segment_s_other_machines() -> None:
    """Each by its address as the result has it, so that a new one can be told."""
    found = samples(strangers(3))
    assert found["edgeboot_strangers", "booted"] == 1
    assert found["edgeboot_strangers", "stopped"] == 2
    assert found["edgeboot_stranger", "52:54:00:…:03"] == 1


@pytest.mark.parametrize("number, told", [(0, 0), (100, 100), (101, 0)])
def test_a_busy_segment_has_counts_alone(number: int, told: int) -> None:
    """Of some of many machines, another night's would seem new."""
    found = samples(strangers(number))
    assert sum(name == "edgeboot_stranger" for name, _ in found) == told
    assert sum(found["edgeboot_strangers", each] for each in ("booted", "stopped", "unknown")) == number


def test_verdict_that_is_not_known_is_absent() -> None:
    """Neither good nor bad: an alert on 0 stays quiet, one on absence does not."""
    found = samples(Result(STARTED, error="the bridge is gone").at_its_end(3, STARTED))
    assert not any(name == "edgeboot_nodes_would_boot" for name, _ in found)
    assert found["edgeboot_exit_status", ""] == 3


def test_segment_is_a_label_also_where_nothing_was_verified() -> None:
    """A hundred segments have one contract."""
    refused = Result(STARTED, segment="rack-7", error="no such lab").at_its_end(4, STARTED)
    for result in (replace(failed(status=0), segment="rack-7"), refused):
        assert b'segment="rack-7"' in generate_latest(gauges(result, verdict(result)))


def test_file_is_replaced_whole(tmp_path: Path) -> None:
    """Its directory is made, and nothing else is left there."""
    result, file = failed(status=0), tmp_path / "textfile" / "edgeboot.prom"
    write_metrics(file, result, verdict(result))
    write_metrics(file, result, verdict(result))
    assert [path.name for path in file.parent.iterdir()] == ["edgeboot.prom"]
    assert (
        b'edgeboot_nodes_would_boot{lab="netns",profile="poc",segment="",site="poc"} 1.0' in file.read_bytes()
    )


def test_file_that_cannot_be_replaced_leaves_nothing_beside(tmp_path: Path) -> None:
    """A directory that the collector reads has no rests."""
    (tmp_path / "edgeboot.prom").mkdir()
    result = failed(status=0)
    with pytest.raises(IsADirectoryError):
        write_metrics(tmp_path / "edgeboot.prom", result, verdict(result))
    assert [path.name for path in tmp_path.iterdir()] == ["edgeboot.prom"]
