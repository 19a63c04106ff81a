"""Strategic merge of a patch into a Pod as kustomize does it; unsupported patches are errors."""

from __future__ import annotations

from typing import Any, Final

_MERGE_KEYS: Final = {
    "containers": ("name",),
    "initContainers": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "env": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "protocol"),
}
"""Lists of a Pod that are merged by keys (patchMergeKey, x-kubernetes-list-map-keys in the API types)."""
_REPLACED: Final = frozenset({"command", "args", "add", "drop", "tolerations", "envFrom"})
"""Lists that a patch replaces. For any other list the merge strategy is unknown, an error."""

Mapping = dict[str, Any]


def strategic_merge(original: Mapping, patch: Mapping, where: str = "") -> Mapping:
    """``original`` with ``patch`` merged into it; null removes a field.

    Raises:
        ValueError: the patch has something that this function does not merge as kustomize does.
    """
    merged = dict(original)
    for name, value in patch.items():
        field = f"{where}{name}"
        before = merged.get(name)
        _check(field, name, before, value)
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            merged[name] = strategic_merge(before or {}, value, f"{field}.")
        elif isinstance(value, list) and name in _MERGE_KEYS:
            merged[name] = _merge_list(before or [], value, name, field)
        else:
            merged[name] = value
    return merged


def _check(field: str, name: str, before: Any, value: Any) -> None:
    if name.startswith("$"):
        raise ValueError(f"field {field} is a directive")
    if None not in (before, value) and _shape(before) is not _shape(value):
        raise ValueError(f"field {field} is of another kind in what is patched")
    if isinstance(value, list) and name not in _MERGE_KEYS:
        if before is not None and name not in _REPLACED:
            raise ValueError(f"field {field} is a list of which it is not known how it is merged")
        if any(isinstance(item, dict) and any(key.startswith("$") for key in item) for item in value):
            raise ValueError(f"field {field} holds a directive")


def _shape(value: Any) -> type:
    return type(value) if isinstance(value, dict | list) else object


def _merge_list(original: list[Mapping], patch: list[Mapping], name: str, field: str) -> list[Mapping]:
    names = _MERGE_KEYS[name]
    before = _by_keys(original, names, f"field {field} of what is patched")
    patches = _by_keys(patch, names, f"field {field}")
    changed = {
        keys: strategic_merge(before.get(keys, {}), item, f"{field}.") for keys, item in patches.items()
    }
    if len(names) > 1:  # With several keys kustomize keeps the order, behind the added items.
        added = {keys: item for keys, item in changed.items() if keys not in before}
        return list((added | before | changed).values())
    unchanged = {keys: item for keys, item in before.items() if keys not in changed}
    return list((changed | unchanged).values())


def _by_keys(items: list[Mapping], names: tuple[str, ...], where: str) -> dict[tuple[Any, ...], Mapping]:
    by_keys: dict[tuple[Any, ...], Mapping] = {}
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(item.get(name), str | int) for name in names):
            raise ValueError(f"{where} has an item without {' and '.join(names)}")
        keys = tuple(item[name] for name in names)
        if keys in by_keys:
            raise ValueError(f"{where} has {' '.join(map(str, keys))} twice")
        by_keys[keys] = item
    return by_keys
