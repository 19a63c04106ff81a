"""A storm on a page: what its drawings show, and tell who does not see them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from edgeboot.report.page.storm_page import storm_page, storm_picture
from edgeboot.report.page.storm_section import over_time, storm_section, to_ack
from edgeboot.report.storm.record import StormRecord
from edgeboot.report.storm_plot.frame import LEFT
from edgeboot.stress.storm.log_buckets import EDGES, counted
from tests.unit.report.storms import FAST, SLOW

SVG: Final = "{http://www.w3.org/2000/svg}"


def parts(drawing: str) -> Counter[tuple[str, str]]:
    """How many elements of a drawing have each name and class."""
    return Counter(
        (each.tag.removeprefix(SVG), each.get("class", "")) for each in ET.fromstring(drawing).iter()
    )


def texts(drawing: str, name: str = "text") -> list[str]:
    """The texts of a drawing's elements."""
    return [each.text or "" for each in ET.fromstring(drawing).iter(f"{SVG}{name}")]


def test_the_stairs_of_a_ping_check_are_marked() -> None:
    """Each of its offers is a dot, in the time in which others waited."""
    found = parts(over_time([SLOW]))
    assert found["circle", "v0 offered dot"] == 6
    assert found["rect", "stairs"] == 1
    assert "6 offers, 3.1 s apart" in texts(over_time([SLOW]))


def test_there_are_none_without_a_ping_check() -> None:
    """The offers rise as the nodes are switched on."""
    found = parts(over_time([FAST]))
    assert not any(name in {"circle", "rect"} for name, _ in found)


def test_two_servers_are_in_one_drawing() -> None:
    """With a legend that tells them apart, and the contract's limit as a line."""
    found, words = parts(over_time([SLOW, FAST])), texts(over_time([SLOW, FAST]))
    assert [found["path", each] for each in ("v0", "v0 offered", "v1", "v1 offered")] == [1, 1, 1, 1]
    assert found["line", "limit"] == 1
    assert {"ready, as it is", "offered, with no-ping", "all_ready_within"} <= set(words)


def test_who_does_not_see_it_is_told_what_is_to_be_seen() -> None:
    """As the drawing's title and description."""
    [title], [description] = texts(over_time([SLOW, FAST]), "title"), texts(over_time([SLOW, FAST]), "desc")
    assert title == "storm of 100 nodes, edk2-pxe-x86-64, constant at 50/s: nodes over time"
    assert "ready, as it is: 100 nodes, half of them within 30.4 s, all within 33 s" in description
    assert (
        "offered, as it is: 100 nodes, half of them within 18.7 s, all within 18.7 s, 6 offers" in description
    )


def test_latencies_are_bars_beside_the_limit() -> None:
    """One storm's are left of the line, the other's right of it."""
    root = ET.fromstring(to_ack([SLOW, FAST]))
    bars = {each.get("class"): float(each.get("x", "")) for each in root.iter(f"{SVG}rect")}
    [line] = [float(each.get("x1", "")) for each in root.iter(f"{SVG}line") if each.get("class") == "limit"]
    assert bars["v1 bar"] < line < bars["v0 bar"]
    assert "as it is: 100 below 50 s; with no-ping: 100 below 5 s" in texts(to_ack([SLOW, FAST]), "desc")


def test_a_limit_is_in_the_drawing_wherever_it_is() -> None:
    """All latencies are a decade above it."""
    assert parts(to_ack([SLOW]))["line", "limit"] == 1


def test_storms_of_a_run_are_told_apart() -> None:
    """By what is peculiar to each."""
    assert storm_section([FAST]).title.endswith("constant at 50/s, with no-ping")


def test_a_storm_without_any_answer_is_drawn() -> None:
    """Nobody had an offer: empty axes, and no error."""
    silent = StormRecord(replace(SLOW.result, offers=(), completion=(), to_ack=None, staircase=None, bound=0))
    assert "ready: no node" in texts(over_time([silent]), "desc")[0]
    assert parts(to_ack([silent]))["line", "axis"] > 1


@pytest.mark.parametrize(
    "nodes,shown",
    [
        (100, {"0", "25", "50", "75", "100"}),
        (50, {"0", "25", "50"}),
        (1, {"0", "1"}),
        (100_000, {"0", "25k", "50k", "75k", "100k"}),
    ],
)
def test_nodes_are_counted_in_whole_numbers_that_have_room(nodes: int, shown: set[str]) -> None:
    """Left of the axis there is room for four characters."""
    record = StormRecord(replace(SLOW.result, nodes=nodes, offers=(), completion=(), staircase=None))
    root = ET.fromstring(over_time([record]))
    left = {each.text for each in root.iter(f"{SVG}text") if float(each.get("x", "")) < LEFT}
    assert left == shown | {"nodes"}


@pytest.mark.parametrize(
    "seconds,bucket", [(0.00005, 0), (0.0001, 1), (0.0019, 4), (4.0, 14), (99.0, 18), (500.0, 19)]
)
def test_each_time_has_one_bucket(seconds: float, bucket: int) -> None:
    """From 100 µs to 100 s."""
    assert counted([seconds])[bucket] == 1
    assert len(counted([])) == len(EDGES) + 1


def test_the_page_says_it_and_runs_nothing() -> None:
    """Its headline has both storms, and its policy allows nothing to be loaded."""
    html = storm_page([SLOW, FAST], "dnsmasq 2.90")
    assert "100 of 100 nodes were ready, the last one after 33.0 s; with no-ping: 100 of 100" in html
    assert "as it is: 6 offers came one at a time" in html
    assert not re.search(r"<script|\sstyle=|\son\w+=", html)
    assert "default-src &#39;none&#39;" in html


def test_the_picture_has_its_style_inside() -> None:
    """It is a file of its own."""
    assert parts(storm_picture([SLOW, FAST]))["style", ""] == 1


def test_a_record_survives_being_written() -> None:
    """``edgeboot report`` makes the same page of it later."""
    assert StormRecord.from_json(SLOW.to_json()) == SLOW
