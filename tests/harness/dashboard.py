"""The queries of manifests/monitoring/dashboard.json, and what a Prometheus answers to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import urlopen

from edgeboot.base.paths import MANIFESTS

_FILE: Final = MANIFESTS / "monitoring" / "dashboard.json"
_ALL: Final = ".*"
"""What Grafana puts in place of a variable of which all values are selected, by its allValue."""


@dataclass(frozen=True, slots=True)
class Query:
    """Of a panel."""

    panel: str
    expression: str


def _dashboard() -> dict[str, Any]:
    dashboard: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return dashboard


def queries() -> Iterator[Query]:
    """Every panel's, with all sites selected.

    Raises:
        KeyError: a panel has no query.
    """
    dashboard = _dashboard()
    variables = [each["name"] for each in dashboard["templating"]["list"] if each["type"] == "query"]
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            expression = target["expr"]
            for name in variables:
                expression = expression.replace(f"${name}", _ALL)
            yield Query(f"{panel['title']} {target['refId']}", expression)


def variables() -> dict[str, str]:
    """Of each variable the metric whose label's values it offers; the label has the variable's name."""
    found = {}
    for each in _dashboard()["templating"]["list"]:
        if each["type"] == "query":
            metric, _, label = each["definition"].removeprefix("label_values(").rstrip(")").partition(", ")
            assert label == each["name"]
            found[label] = metric
    return found


@dataclass(frozen=True, slots=True)
class Prometheus:
    """One that runs."""

    url: str

    def answer(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its API; a query that it refuses raises urllib's HTTPError."""
        with urlopen(f"{self.url}/api/v1/{path}?{urlencode(parameters)}", timeout=10) as answer:  # noqa: S310
            return json.load(answer)["data"]

    def samples(self, expression: str) -> list[dict[str, Any]]:
        """What an instant query selects; each has ``metric`` and ``value``."""
        result: list[dict[str, Any]] = self.answer("query", query=expression)["result"]
        return result

    def values(self, metric: str, label: str) -> list[str]:
        """Those of a label of a metric."""
        return list(self.answer(f"label/{label}/values", **{"match[]": metric}))
