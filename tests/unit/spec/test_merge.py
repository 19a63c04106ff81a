"""Strategic merge: maps are merged, some lists by a key, the others replaced."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.spec.manifests.merge import strategic_merge

SCALAR: Final = st.booleans() | st.integers() | st.text(max_size=3)
FLAT: Final = {"a": SCALAR, "b": SCALAR, "args": st.lists(SCALAR, max_size=2)}
MAPPING: Final = st.recursive(
    st.fixed_dictionaries({}, optional=FLAT),
    lambda below: st.fixed_dictionaries({}, optional=FLAT | {"below": below, "beside": below}),
    max_leaves=8,
)
"""Of any depth; what has the same name is of the same kind, as in two Pods."""

Mapping = dict[str, Any]


@given(MAPPING)
def test_empty_patch_changes_nothing(original: Mapping) -> None:
    """Fields that are not in the patch stay."""
    assert strategic_merge(original, {}) == original


@given(MAPPING, MAPPING)
def test_same_patch_twice_is_the_patch_once(original: Mapping, patch: Mapping) -> None:
    """A patch is idempotent."""
    once = strategic_merge(original, patch)
    assert strategic_merge(once, patch) == once


@given(MAPPING, MAPPING)
def test_neither_original_nor_patch_is_changed(original: Mapping, patch: Mapping) -> None:
    """Two overlays may patch the same base."""
    before = deepcopy((original, patch))
    strategic_merge(original, patch)
    assert (original, patch) == before


@pytest.mark.parametrize(
    "original,patch,merged",
    [
        ({"a": 1}, {"a": None}, {}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({}, {"env": [{"name": "A", "value": None}]}, {"env": [{"name": "A"}]}),
        ({"a": None}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_null_removes(original: Mapping, patch: Mapping, merged: Mapping) -> None:
    """Null removes a field; it is no error if the field does not exist."""
    assert strategic_merge(original, patch) == merged


@pytest.mark.parametrize("name", ["args", "command", "tolerations", "add"])
def test_list_without_a_key_is_replaced(name: str) -> None:
    """A command line is replaced as a whole."""
    assert strategic_merge({name: ["a", "b"]}, {name: ["c"]}) == {name: ["c"]}


@pytest.mark.parametrize(
    "name,key",
    [
        ("containers", "name"),
        ("volumes", "name"),
        ("imagePullSecrets", "name"),
        ("env", "name"),
        ("volumeMounts", "mountPath"),
    ],
)
def test_item_with_the_same_key_is_merged(name: str, key: str) -> None:
    """The other items stay, and a new one comes first, as kustomize prints it."""
    original = {name: [{key: 1, "x": "a", "y": "b"}, {key: 2}]}
    assert strategic_merge(original, {name: [{key: 1, "x": "c"}]}) == {
        name: [{key: 1, "x": "c", "y": "b"}, {key: 2}]
    }
    assert strategic_merge(original, {name: [{key: 3}]}) == {name: [{key: 3}, *original[name]]}


def names(*names: str) -> list[Mapping]:
    """Items with these names."""
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    "original,patch,merged",
    [("X", "XZ", "XZ"), ("X", "ZX", "ZX"), ("AXB", "ZX", "ZXAB"), ("AXB", "BZAY", "BZAYX")],
)
def test_items_come_in_the_order_of_the_patch_and_then_the_others(
    original: str, patch: str, merged: str
) -> None:
    """As kubectl kustomize prints them; a variable may use one before it."""
    assert strategic_merge({"env": names(*original)}, {"env": names(*patch)}) == {"env": names(*merged)}


def test_ports_are_identified_by_number_and_protocol() -> None:
    """67/TCP is not 67/UDP; added ports come first."""
    udp, tcp = ({"containerPort": 67, "protocol": protocol} for protocol in ("UDP", "TCP"))
    assert strategic_merge({"ports": [udp]}, {"ports": [tcp]}) == {"ports": [tcp, udp]}
    named = {"ports": [udp | {"name": "dhcp"}]}
    assert strategic_merge({"ports": [tcp, udp]}, named) == {"ports": [tcp, *named["ports"]]}


@pytest.mark.parametrize(
    "original,patch,problem",
    [
        ({}, {"spec": {"$patch": "replace"}}, r"field spec\.\$patch is a directive"),
        (
            {},
            {"containers": [{"name": "a", "$patch": "delete"}]},
            r"field containers\.\$patch is a directive",
        ),
        ({}, {"tolerations": [{"$patch": "replace"}]}, "field tolerations holds a directive"),
        ({"a": {"b": 1}}, {"a": 2}, "field a is of another kind"),
        ({"a": 2}, {"a": {"b": 1}}, "field a is of another kind"),
        ({"env": []}, {"env": {"A": 1}}, "field env is of another kind"),
        ({"hostAliases": []}, {"hostAliases": []}, "field hostAliases is a list of which it is not known"),
        ({}, {"env": [{"value": "a"}]}, "field env has an item without name"),
        ({"env": [{}]}, {"env": []}, "field env of what is patched has an item without name"),
        ({}, {"env": [{"name": "A"}, {"name": "A"}]}, "field env has A twice"),
        (
            {},
            {"ports": [{"containerPort": 67}]},
            "field ports has an item without containerPort and protocol",
        ),
    ],
)
def test_what_kustomize_would_do_otherwise_is_refused(
    original: Mapping, patch: Mapping, problem: str
) -> None:
    """The error names the field; nothing is merged by guesswork."""
    with pytest.raises(ValueError, match=problem):
        strategic_merge(original, patch)


def test_lists_are_merged_at_any_depth() -> None:
    """One variable of one container, and nothing else."""
    original = {"spec": {"containers": [{"name": "c", "image": "i", "env": [{"name": "A", "value": "1"}]}]}}
    patch = {"spec": {"containers": [{"name": "c", "env": [{"name": "A", "value": "2"}]}]}}
    merged = {"name": "c", "image": "i", "env": [{"name": "A", "value": "2"}]}
    assert strategic_merge(original, patch) == {"spec": {"containers": [merged]}}


def test_keyed_list_the_original_lacks_is_taken_over() -> None:
    """There is nothing to merge with."""
    assert strategic_merge({}, {"env": [{"name": "A"}]}) == {"env": [{"name": "A"}]}
