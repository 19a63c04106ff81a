"""The site's monitoring: a Pushgateway on the control plane, and a Prometheus with the manifests' alerts."""

from __future__ import annotations

import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import MANIFESTS
from edgeboot.host.docker import container_pid, docker
from tests.harness.monitoring import IN_MEMORY, is_ready, program, running

RULES: Final = MANIFESTS / "monitoring" / "rules.yaml"
_PORT: Final = 9091
_ADDRESS: Final = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"


@contextmanager
def pushgateway_on(node: str) -> Iterator[str]:
    """A Pushgateway in the network of a node, while the context lasts; its URL, which every node reaches.

    Raises:
        LabError: it does not answer.
    """
    enter = ["setpriv", "--pdeathsig=KILL", "nsenter", f"--target={container_pid(node)}", "--net"]
    command = [*enter, program("prometheus-pushgateway"), f"--web.listen-address=:{_PORT}", IN_MEMORY]
    url = f"http://{docker('inspect', '--format', _ADDRESS, node).strip()}:{_PORT}"
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            eventually("Pushgateway", lambda: is_ready(url) or None, Wait.SERVER_START, "run it by hand")
            yield url
        finally:
            process.kill()


def alerts(gateway: str, directory: Path, expected: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The alerts that fire, each with its segment, as soon as they are the expected ones.

    Args:
        gateway: the Pushgateway that Prometheus scrapes.
        directory: for its files.
        expected: what is waited for; the last alerts that were seen are returned where it does not come.
    """
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["spec"]
    (directory / "rules.yml").write_text(json.dumps(rules), encoding="utf-8")
    scrape = {
        "job_name": "pushgateway",
        "honor_labels": True,
        "static_configs": [{"targets": [urllib.parse.urlsplit(gateway).netloc]}],
    }
    every_second = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config = {"global": every_second, "rule_files": ["rules.yml"], "scrape_configs": [scrape]}
    (directory / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
    seen: set[tuple[str, str]] = set()

    def fire() -> bool | None:
        nonlocal seen
        try:
            seen = _firing(url)
        except urllib.error.HTTPError:  # 503 until it has read its own files.
            return None
        return True if seen == expected else None

    with running("prometheus", directory, "--config.file=prometheus.yml") as url:
        eventually(f"alerts {expected}", fire, Wait.SUITE_START, "see the page of alerts")
    return seen


def _firing(prometheus: str) -> set[tuple[str, str]]:
    query = urllib.parse.urlencode({"query": 'ALERTS{alertstate="firing"}'})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query?{query}", timeout=5) as answer:  # noqa: S310
        found: list[Any] = json.load(answer)["data"]["result"]
    return {(each["metric"]["alertname"], each["metric"].get("segment", "")) for each in found}
