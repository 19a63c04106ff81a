"""Strategic merge of a patch into a Pod, as the API server and kustomize do it."""

from __future__ import annotations

from typing import Any, Final

_MERGE_KEYS: Final = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
"""Lists of a Pod that are merged by a key (patchMergeKey in the API types); others are replaced."""


def strategic_merge(original: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """``original`` with ``patch`` laid over it; null removes a field."""
    merged = dict(original)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = strategic_merge(merged[name], value)
        elif isinstance(value, list) and name in _MERGE_KEYS and isinstance(merged.get(name), list):
            merged[name] = _merge_list(merged[name], value, _MERGE_KEYS[name])
        else:
            merged[name] = value
    return merged


def _merge_list(
    original: list[dict[str, Any]], patch: list[dict[str, Any]], key: str
) -> list[dict[str, Any]]:
    patches = {item[key]: item for item in patch}
    merged = [strategic_merge(item, patches.pop(item[key], {})) for item in original]
    # What the patch adds comes first, as in kustomize's output.
    return [*patches.values(), *merged]
