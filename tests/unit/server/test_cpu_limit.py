"""The processor time of the server's container: the line that limits it, and the Pod without it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.server.pod.cpu_limit import cpu_limit, without_cpu_limit
from edgeboot.spec.manifests.deployment import POD, Deployment, load_deployment

POC = load_deployment("poc")


def resources(deployment: Deployment) -> Any:
    """Of the server's container."""
    return deployment.rendered.one("Pod", POD)["spec"]["containers"][0].get("resources")


@pytest.fixture
def limited(tmp_path: Path) -> Deployment:
    """The proof of concept with a limit, in a file of its own."""
    patch = tmp_path / "limits.yaml"
    limits = "resources: {limits: {cpu: 20m, memory: 64Mi}}"
    patch.write_text(f"spec:\n  containers:\n    - name: dnsmasq\n      {limits}\n", encoding="utf-8")
    objects = deepcopy(POC.rendered.objects)
    rendered = replace(POC.rendered, objects=objects, files=(*POC.rendered.files, patch))
    [container] = rendered.one("Pod", POD)["spec"]["containers"]
    container["resources"] = {"limits": {"cpu": "20m", "memory": "64Mi"}}
    return replace(POC, rendered=rendered)


def test_the_line_that_limits_it_is_found(limited: Deployment) -> None:
    """By file and line; a Pod without a limit has none."""
    line = cpu_limit(limited)
    assert line is not None
    assert str(line).endswith("limits.yaml:4 resources: {limits: {cpu: 20m, memory: 64Mi}}")
    assert cpu_limit(POC) is None


def test_only_the_limit_is_taken_away(limited: Deployment) -> None:
    """Not what the Pod asks for, which decides where it is scheduled; and not of the deployment itself."""
    assert resources(without_cpu_limit(limited)) == {"limits": {"memory": "64Mi"}, "requests": {"cpu": "20m"}}
    assert resources(limited) == {"limits": {"cpu": "20m", "memory": "64Mi"}}


def test_what_is_not_limited_cannot_be_tried_without() -> None:
    """Both storms would be the same; the message names the files."""
    with pytest.raises(UsageError, match=r"no-cpu-limit: has no limits.cpu of container dnsmasq .*pod.yaml"):
        without_cpu_limit(POC)
