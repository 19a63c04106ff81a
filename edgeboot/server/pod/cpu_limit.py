"""The processor time that a Pod's container may use, and the same Pod without that limit, to be tried."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import POD, Deployment

NO_CPU_LIMIT: Final = "no-cpu-limit"
"""The name of the ``--what-if`` that takes it away."""


def cpu_limit(deployment: Deployment) -> Cause | None:
    """The line of the manifests that limits the server's container; None where none does."""
    container = deployment.pod.container.name
    line = deployment.cause_at("spec", "containers", container, "resources", "limits", "cpu")
    return line if line.line is not None and _limits(_container(deployment)).get("cpu") else None


def without_cpu_limit(deployment: Deployment) -> Deployment:
    """The same deployment, whose server may use a processor as it likes.

    What it asks for (``requests``) stays, as the API server would have set it by the limit.

    Raises:
        UsageError: nothing limits it.
    """
    if cpu_limit(deployment) is None:
        where = ", ".join(map(shown, deployment.rendered.files))
        problem = f"has no limits.cpu of container {deployment.pod.container.name} to take out ({where})"
        raise UsageError(f"--what-if {NO_CPU_LIMIT}", problem, "leave it out")
    changed = replace(deployment, rendered=replace(deployment.rendered, objects=_copied(deployment)))
    container = _container(changed)
    limit = _limits(container).pop("cpu")
    container["resources"].setdefault("requests", {}).setdefault("cpu", limit)
    return changed


def _copied(deployment: Deployment) -> tuple[dict[str, Any], ...]:
    return tuple(deepcopy(each) for each in deployment.rendered.objects)


def _container(deployment: Deployment) -> dict[str, Any]:
    containers = deployment.rendered.one("Pod", POD)["spec"]["containers"]
    return next(each for each in containers if each["name"] == deployment.pod.container.name)


def _limits(container: dict[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = (container.get("resources") or {}).get("limits") or {}
    return limits
