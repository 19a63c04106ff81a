"""A contract based on another: options as list or table, and entries taken away."""

from __future__ import annotations

from typing import Any

import pytest

from edgeboot.spec.contract.merging import in_one_form, merged, without

BASE: dict[str, Any] = {
    "routers": ["10.0.0.1", "10.0.0.2"],
    "options": {
        "allowed": [1, 43],
        "dns-server": "10.0.0.1",
        "43": "hex:01",
        "for": {"windows": {"252": "x"}},
    },
    "boots": {"windows": {"nothing": "a good reason"}, "my.board": "tftp://a/b"},
    "known_defects": [{"test": "test_x", "reason": "a"}, {"test": "test_x[y]", "reason": "b"}],
    "relayed": [{"network": "10.1.0.0/16"}],
}


@pytest.mark.parametrize(
    "base,terms,result",
    [
        ([1, 3], {"6": "a"}, {"allowed": [1, 3], 6: "a"}),
        ({"dns-server": "a", "allowed": [1]}, [1, 3], {"allowed": [1, 3], 6: "a"}),
        ({"dns-server": "a"}, {"6": "b"}, {6: "b"}),
        (
            {"for": {"windows": {"6": "a"}}},
            {"for": {"windows": {"252": "b"}}},
            {"for": {"windows": {6: "a", 252: "b"}}},
        ),
    ],
    ids=["a table over a list", "a list over a table", "another name", "for a client"],
)
def test_options_are_merged_whatever_their_form(base: Any, terms: Any, result: Any) -> None:
    """A list is the table's field ``allowed``, and an option is the same by any name."""
    assert merged(in_one_form({"options": base}), in_one_form({"options": terms})) == {"options": result}


@pytest.mark.parametrize(
    "path,table,left",
    [
        ("boots.windows", "boots", {"my.board": "tftp://a/b"}),
        ("boots.my.board", "boots", {"windows": {"nothing": "a good reason"}}),
        ("known_defects.test_x", "known_defects", [{"test": "test_x[y]", "reason": "b"}]),
        ("relayed.10.1.0.0/16", "relayed", []),
        ("routers.10.0.0.2", "routers", ["10.0.0.1"]),
        (
            "options.43",
            "options",
            {"allowed": [1], 6: "10.0.0.1", "for": {"windows": {252: "x"}}},
        ),
        ("options.for.windows.wpad", "options", in_one_form(BASE)["options"] | {"for": {"windows": {}}}),
        ("options.6", "options", {"allowed": [1, 43], 43: "hex:01", "for": {"windows": {252: "x"}}}),
        ("options.1", "options", in_one_form(BASE)["options"] | {"allowed": [43]}),
    ],
    ids=str,
)
def test_entry_of_the_base_is_taken_away(path: str, table: str, left: Any) -> None:
    """Of a table by its name, of a list by its value or by the name of the table in it."""
    terms = in_one_form(BASE)
    assert without(terms, [path]) == terms | {table: left}


@pytest.mark.parametrize("path", ["boots.linux", "options.26", "options.nonsense", "routers.1"])
def test_only_what_is_there_can_be_taken_away(path: str) -> None:
    """A misspelt path would leave a term in force that its author takes for gone."""
    with pytest.raises(ValueError, match=f"there is no {path}"):
        without(in_one_form(BASE), [path])
