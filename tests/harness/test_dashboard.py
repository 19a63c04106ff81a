"""manifests/monitoring/dashboard.json: every panel shows something of real runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import yaml

from edgeboot.base.deadline import eventually
from edgeboot.base.paths import MANIFESTS
from tests.harness.dashboard import Prometheus, queries, variables
from tests.harness.monitoring import running
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = [pytest.mark.harness, pytest.mark.timeout(300)]

SEGMENTS: Final = ["rack-7", "rack-8"]
RED: Final = "Red verdicts A"
"""The panel's query that counts segments."""


def scraping(gateway: str, directory: Path) -> None:
    """Write the configuration of a Prometheus that scrapes a Pushgateway, with the manifest's rules."""
    rules = yaml.safe_load((MANIFESTS / "monitoring" / "rules.yaml").read_text(encoding="utf-8"))["spec"]
    (directory / "rules.yml").write_text(json.dumps(rules))
    target = {"targets": [gateway.removeprefix("http://")]}
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "scrape_configs": [{"job_name": "pushed", "honor_labels": True, "static_configs": [target]}],
    }
    (directory / "prometheus.yml").write_text(json.dumps(config))


@pytest.fixture
def prometheus(tmp_path: Path, run_suite: RunSuite, changed_config: ConfigChanger) -> Iterator[Prometheus]:
    """One that has scraped a red run of one segment, and a storm of another."""
    with running("prometheus-pushgateway", tmp_path) as gateway:
        scraping(gateway, tmp_path)
        push, config = f"--push={gateway}", f"--dhcp-config={changed_config('signed_ipxe.efi', 'other.efi')}"
        run_suite(push, f"--segment={SEGMENTS[0]}", config, "-m", "e2e and triage")
        run_suite(push, f"--segment={SEGMENTS[1]}", "--profile=poc-fixed", "-m", "e2e and storm", timeout=200)
        with running("prometheus", tmp_path, "--config.file=prometheus.yml") as url:
            found = Prometheus(url)

            def scraped() -> bool | None:
                return len(found.samples("edgeboot:latest_run")) == len(SEGMENTS) or None

            eventually(
                "both runs are scraped", scraped, timedelta(seconds=30), f"read {tmp_path}/prometheus.log"
            )
            yield found


def test_every_panel_and_variable_shows_something(prometheus: Prometheus) -> None:
    """No query is empty, and they say what the runs have said."""
    found = {each.panel: prometheus.samples(each.expression) for each in queries()}
    assert [panel for panel, samples in found.items() if not samples] == []
    assert [each["value"][1] for each in found[RED]] == ["1"]
    offered = {label: prometheus.values(metric, label) for label, metric in variables().items()}
    assert offered == {"lab": ["netns"], "site": ["poc", "poc-fixed"], "segment": SEGMENTS}
