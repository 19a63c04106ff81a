"""The rendered objects as a run applies them: with its label, and what a fresh node needs."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import Any, Final

from edgeboot.spec.manifests.deployment import Deployment, ServerConfig

RUN_LABEL: Final = "edgeboot.dev/run"
"""The label of every object that a run makes; its value is the run's id."""
_CONFIG_HASH: Final = "edgeboot.dev/config-hash"
_YOUNG_NODE: Final = ("node.kubernetes.io/not-ready", "node-role.kubernetes.io/control-plane")
"""Taints that kind removes when it has ended: a hostNetwork Pod need not wait for that."""


def config_hash(text: str) -> str:
    """What the Pod is annotated with: 16 hexadecimal digits of its configuration's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_of(config: ServerConfig, body: dict[str, Any]) -> bool:
    """Whether the object is the ConfigMap of the server's configuration."""
    return (body["kind"], body["metadata"]["name"]) == ("ConfigMap", config.config_map)


def owned_objects(deployment: Deployment, run: str) -> list[dict[str, Any]]:
    """The rendered objects, as they can be applied.

    Each carries the run's label. The ConfigMap that the Pod mounts its configuration from has the
    deployment's, which may be a candidate, under that key alone; a Pod is annotated with its hash,
    tolerates a node that is not ready yet, and never pulls an image of ``localhost/``.
    """
    return [_owned(each, run, deployment) for each in deployment.rendered.objects]


def _owned(original: dict[str, Any], run: str, deployment: Deployment) -> dict[str, Any]:
    body = deepcopy(original)
    body["metadata"].setdefault("labels", {})[RUN_LABEL] = run
    if is_of(deployment.config, body):
        body["data"][deployment.config.key] = deployment.config.text
    if body["kind"] == "Pod":
        body["metadata"].setdefault("annotations", {})[_CONFIG_HASH] = config_hash(deployment.config.text)
        body["spec"]["tolerations"] = [{"key": key, "operator": "Exists"} for key in _YOUNG_NODE]
        for container in body["spec"]["containers"]:
            if container["image"].startswith("localhost/"):
                container["imagePullPolicy"] = "Never"
    return body
