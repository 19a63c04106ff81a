"""Strategic merge: maps are merged, some lists by a key, the others replaced."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.manifests.merge import strategic_merge

SCALAR: Final = st.booleans() | st.integers() | st.text(max_size=3)
NAME: Final = st.sampled_from(["a", "b", "c"])
MAPPING: Final = st.recursive(
    st.dictionaries(NAME, SCALAR | st.lists(SCALAR, max_size=2), max_size=3),
    lambda below: st.dictionaries(NAME, SCALAR | below, max_size=3),
    max_leaves=8,
)

Mapping = dict[str, Any]


@given(MAPPING)
def test_empty_patch_changes_nothing(original: Mapping) -> None:
    """What a patch does not name stays."""
    assert strategic_merge(original, {}) == original


@given(MAPPING, MAPPING)
def test_same_patch_twice_is_the_patch_once(original: Mapping, patch: Mapping) -> None:
    """A patch states what shall be, not what to do."""
    once = strategic_merge(original, patch)
    assert strategic_merge(once, patch) == once


@given(MAPPING, MAPPING)
def test_neither_original_nor_patch_is_changed(original: Mapping, patch: Mapping) -> None:
    """A base that two overlays patch is the same for both."""
    before = deepcopy((original, patch))
    strategic_merge(original, patch)
    assert (original, patch) == before


@pytest.mark.parametrize(
    "original,patch,merged",
    [
        ({"a": 1}, {"a": None}, {}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 2}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_null_removes_and_another_kind_replaces(original: Mapping, patch: Mapping, merged: Mapping) -> None:
    """Only two maps are merged; null is how a patch takes away."""
    assert strategic_merge(original, patch) == merged


@pytest.mark.parametrize("name", ["args", "command", "tolerations", "add"])
def test_list_without_a_key_is_replaced(name: str) -> None:
    """A command line is taken whole or not at all."""
    assert strategic_merge({name: ["a", "b"]}, {name: ["c"]}) == {name: ["c"]}


@pytest.mark.parametrize(
    "name,key",
    [
        ("containers", "name"),
        ("volumes", "name"),
        ("env", "name"),
        ("volumeMounts", "mountPath"),
        ("ports", "containerPort"),
    ],
)
def test_item_with_the_same_key_is_merged(name: str, key: str) -> None:
    """The other items stay, and a new one comes first, as kustomize prints it."""
    original = {name: [{key: 1, "x": "a", "y": "b"}, {key: 2}]}
    assert strategic_merge(original, {name: [{key: 1, "x": "c"}]}) == {
        name: [{key: 1, "x": "c", "y": "b"}, {key: 2}]
    }
    assert strategic_merge(original, {name: [{key: 3}]}) == {name: [{key: 3}, *original[name]]}


def test_lists_are_merged_at_any_depth() -> None:
    """One variable of one container, and nothing else."""
    original = {"spec": {"containers": [{"name": "c", "image": "i", "env": [{"name": "A", "value": "1"}]}]}}
    patch = {"spec": {"containers": [{"name": "c", "env": [{"name": "A", "value": "2"}]}]}}
    merged = {"name": "c", "image": "i", "env": [{"name": "A", "value": "2"}]}
    assert strategic_merge(original, patch) == {"spec": {"containers": [merged]}}


def test_keyed_list_the_original_lacks_is_taken_over() -> None:
    """There is nothing to merge with."""
    assert strategic_merge({}, {"env": [{"name": "A"}]}) == {"env": [{"name": "A"}]}
