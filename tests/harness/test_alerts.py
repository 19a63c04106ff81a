"""The alerts of manifests/monitoring: each fires when it should, and at no other time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from edgeboot.base.paths import MANIFESTS
from tests.harness.monitoring import program
from tests.harness.nights import Firing, Series, Story, nights, runs

pytestmark = pytest.mark.harness

RULES: Final = MANIFESTS / "monitoring" / "rules.yaml"
DARK: Final = Firing("EdgebootNodesWillNotBoot", "critical")
RED: Final = Firing("EdgebootVerdictRed")
NOTHING: Final = Firing("EdgebootNothingVerified")
NO_RUN: Final = Firing("EdgebootNoRun")
FUTURE: Final = Firing("EdgebootRunInFuture")
YEAR: Final = 365 * 24 * 3600
SLOW: Final = Firing("EdgebootOffersSlow", labels={"nodes": "known"})
NEW: Final = {"mac": "52:54:00:…:0b"}
STRANGER: Final = Firing("EdgebootNewStranger", "info", NEW)
FIXED: Final = {"profile": "poc-fixed"}
NODES: Final = {node: {"job": "node", "instance": node} for node in ("a", "b")}
"""Where node_exporter runs."""


def verdicts(*statuses: float | None, boots: tuple[float | None, ...] = ()) -> tuple[Series, ...]:
    """A run each night with these exit statuses."""
    last = Series("last_run_timestamp_seconds", runs(len(statuses)))
    return (last, Series("exit_status", nights(*statuses)), Series("nodes_would_boot", nights(*boots)))


def offers(*seconds: float | None) -> tuple[Series, ...]:
    """A run each night with this p99 of offers to nodes that the server knows."""
    labels = {"percentile": "99", "nodes": "known"}
    return (*verdicts(*(0 for _ in seconds)), Series("offer_seconds", nights(*seconds), labels))


def strangers(*of_new: float | None, counts: tuple[int, ...] = (1, 1, 1, 2, 2, 2)) -> tuple[Series, ...]:
    """A run each night that has told of one machine always, and of another in some nights."""
    always = Series("stranger", nights(*(1 for _ in of_new)), {"mac": "52:54:00:…:0a"})
    counted = Series("strangers", nights(*counts[: len(of_new)]), {"outcome": "booted"})
    return (*verdicts(*(0 for _ in of_new)), always, counted, Series("stranger", nights(*of_new), NEW))


STORIES: Final = [
    Story("a green night", 30, verdicts(0, 0, boots=(1, 1))),
    Story("the first night ever", 2, (*verdicts(0, boots=(1,)), *offers(3.1)[3:], *strangers(1)[3:])),
    Story("nodes will not boot", 26, verdicts(0, 1, boots=(1, 0)), (DARK,)),
    Story("a broken term that stops no boot", 26, verdicts(0, 1, boots=(1, 1)), (RED,)),
    Story("a red run that has not seen what a node boots", 26, verdicts(0, 1, boots=(1, None)), (RED,)),
    Story("a red verdict with no run after it", 52, (
        Series("last_run_timestamp_seconds", runs(1, then=2)),
        Series("exit_status", nights(1, 1, 1))), (RED, NO_RUN)),
    Story("mended by the next run", 26, verdicts(1, 0, boots=(0, 1))),
    Story("a red night, and then a lab that could not come up", 26,
          verdicts(1, 3, boots=(0, None)), (DARK, NOTHING)),
    Story("a lab that could not come up", 26, verdicts(0, 3), (NOTHING,)),
    Story("a lab that came up an hour later", 25, (*verdicts(0), Series("exit_status", "3 0x40"))),
    Story("a run in progress, and late", 25, (Series("last_run_timestamp_seconds", runs(1, then=1)),)),
    Story("no run for 28 hours", 28, (Series("last_run_timestamp_seconds", runs(1, then=1)),), (NO_RUN,)),
    Story("a segment that was removed", 60, verdicts(1, boots=(0,))),
    Story("one of two sites with a segment of that name", 51, (
        Series("last_run_timestamp_seconds", runs(1, then=2)),
        Series("last_run_timestamp_seconds", runs(3), {"site": "hamburg"})), (NO_RUN,)),
    Story("a profile that was changed", 26, (
        *(Series(each.name, each.values.split(" ")[0], each.labels) for each in offers(0.2, 0.2)),
        Series("last_run_timestamp_seconds", f"{nights(None, 86400)}", FIXED),
        Series("offer_seconds", nights(None, 0.9), {"percentile": "99", "nodes": "known", **FIXED}))),
    Story("a Pod that ran on another node", 26, (
        Series("last_run_timestamp_seconds", nights(0, 0), NODES["a"]),
        Series("exit_status", nights(1, 1), NODES["a"]),
        Series("last_run_timestamp_seconds", nights(None, 86400), NODES["b"]),
        Series("exit_status", nights(None, 0), NODES["b"]))),
    Story("a Prometheus that was away", 50, (
        Series("last_run_timestamp_seconds", "0x10 _x36 172800x5"), Series("exit_status", "0x10 _x36 0x5"))),
    Story("a clock that was a year ahead, and no run since", 100, (
        Series("last_run_timestamp_seconds", f"{YEAR}x200"), Series("nodes_would_boot", "0x200")),
          (DARK, FUTURE)),
    Story("a clock that was a year ahead on the node of an earlier run, and a red one since", 26, (
        Series("last_run_timestamp_seconds", nights(YEAR, YEAR), NODES["a"]),
        Series("exit_status", nights(0, 0), NODES["a"]),
        Series("last_run_timestamp_seconds", nights(None, 86400), NODES["b"]),
        Series("exit_status", nights(None, 1), NODES["b"])), (RED, FUTURE)),
    Story("a clock that is some minutes ahead", 26, (
        Series("last_run_timestamp_seconds", nights(600, 87000)),)),
    Story("offers twice as slow", 98, offers(0.2, 0.2, 0.2, 0.2, 0.5), (SLOW,)),
    Story("offers somewhat slower", 98, offers(0.2, 0.2, 0.2, 0.2, 0.39)),
    Story("offers twice as slow that nobody notices", 98, offers(0.01, 0.01, 0.01, 0.01, 0.05)),
    Story("offers slow on the second night ever", 26, offers(0.2, 0.5)),
    Story("offers that were slow for one night", 122, offers(0.2, 0.2, 0.2, 0.2, 0.9, 0.2)),
    Story("a new machine", 74, strangers(None, None, None, 1), (STRANGER,)),
    Story("a new machine, the day after", 98, strangers(None, None, None, 1, 1)),
    Story("a machine that was off for a night", 74, strangers(1, 1, None, 1)),
    Story("a machine of the second night ever", 26, strangers(None, 1)),
    Story("a segment that was too busy to tell its machines", 98,
          strangers(None, None, None, None, 1, counts=(3, 3, 3, 140, 90))),
]  # fmt: skip


def promtool(directory: Path, *tests: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """``promtool test rules`` on the manifest's rules."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["spec"]
    (directory / "rules.yml").write_text(json.dumps(rules))
    text = {"rule_files": ["rules.yml"], "evaluation_interval": "1h", "tests": tests}
    (directory / "tests.yml").write_text(json.dumps(text))
    command = [program("promtool"), "test", "rules", "tests.yml"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_these_alerts_fire_and_no_others(story: Story, tmp_path: Path) -> None:
    """Whatever else has been told."""
    said = promtool(tmp_path, story.to_promtool())
    assert said.returncode == 0, said.stdout + said.stderr


def alerts() -> dict[str, dict[str, Any]]:
    """The manifest's alerts by their names."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["spec"]["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


def test_every_alert_has_a_story_in_which_it_fires() -> None:
    """The others are those in which it does not."""
    assert set(alerts()) == {each.name for story in STORIES for each in story.firing}


@pytest.mark.parametrize("name", sorted(alerts()))
def test_alert_says_cause_and_mend(name: str) -> None:
    """In this order."""
    said = alerts()[name]["annotations"]["description"]
    assert said.startswith("Cause: ")
    assert ". Mend: " in said


@pytest.mark.parametrize(
    "labels, place", [({}, "berlin, segment rack-7"), ({"segment": ""}, "berlin")], ids=["segment", "site"]
)
def test_alert_names_its_place(labels: dict[str, str], place: str, tmp_path: Path) -> None:
    """Without a segment, the site alone."""
    series = Series("last_run_timestamp_seconds", runs(1, then=1), labels)
    texts = {"summary": f"{place}: no run has ended for 1d 4h 0m 0s"}
    texts["description"] = alerts()[NO_RUN.name]["annotations"]["description"]
    its = {name: value for name, value in (NO_RUN.all_labels | labels).items() if value}
    expected = {"exp_labels": its, "exp_annotations": texts}
    test = {"eval_time": "28h", "alertname": NO_RUN.name, "exp_alerts": [expected]}
    tests = {"interval": "1h", "input_series": [series.to_promtool()], "alert_rule_test": [test]}
    said = promtool(tmp_path, tests)
    assert said.returncode == 0, said.stdout + said.stderr
