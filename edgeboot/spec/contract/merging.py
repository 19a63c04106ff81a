"""A contract that modifies another: terms are merged over its terms, and entries of it are removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from edgeboot.dhcp.option_table import code_of
from edgeboot.spec.contract.option_terms import numbered

_OPTIONS: Final = "options"
_FOR: Final = "for"
_ALLOWED: Final = "allowed"
_REASONS: Final = {"nothing", "no_offer"}
_NAMES: Final = ("test", "name", "network", "mac", "client_id")
"""The fields by which an entry of a list of tables is named."""


def in_one_form(terms: dict[str, Any]) -> dict[str, Any]:
    """The terms with every table of options by number, so that one option has one name in all contracts.

    Raises:
        ValueError: an option is unknown, or stated twice.
    """
    return {name: numbered(value) if name == _OPTIONS else value for name, value in terms.items()}


def merged(base: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables field by field and replace anything else; a reason (``nothing``) is one value."""
    result = dict(base)
    for name, value in terms.items():
        tables = isinstance(value, dict) and isinstance(base.get(name), dict) and not _REASONS & value.keys()
        result[name] = merged(base[name], value) if tables else value
    return result


def without(terms: dict[str, Any], removed: object) -> dict[str, Any]:
    """The terms without the entries that these paths name.

    Args:
        terms: a contract's, in one form.
        removed: paths such as ``boots.windows``; an entry of a list is named by its value, a table in a
            list by its ``test``, ``name``, ``network`` or another of its identifiers.

    Raises:
        ValueError: a path names no entry.
    """
    if not isinstance(removed, list) or not all(isinstance(path, str) for path in removed):
        raise ValueError(f"is no list of entries, found {removed!r}")
    for path in removed:
        left = _cut(terms, _with_number(path))
        if left is None:
            raise ValueError(f"there is no {path}")
        terms = left
    return terms


def _with_number(path: str) -> str:
    """The path with an option in it by number; an option that no table names is no entry."""
    tables, _, name = path.rpartition(".")
    if tables != _OPTIONS and not tables.startswith(f"{_OPTIONS}.{_FOR}."):
        return path
    try:
        return f"{tables}.{code_of(name)}"
    except ValueError:
        return path


def _cut(value: Any, path: str) -> Any:
    """The table or list without the entry that the path leads to; None if there is none."""
    if isinstance(value, list):
        others = [each for each in value if path not in _named(each)]
        return others if len(others) < len(value) else None
    if not isinstance(value, dict):
        return None
    left = {name: each for name, each in value.items() if str(name) != path}
    for name, each in value.items():
        # An option is allowed by its place in a list, and stated by an entry of the table around it.
        inner = path if name == _ALLOWED else path.removeprefix(f"{name}.")
        rest = _cut(each, inner) if name == _ALLOWED or inner != path else None
        if rest is not None:
            left[name] = rest
    return None if left == value else left


def _named(entry: Any) -> set[str]:
    """The names of an entry of a list."""
    if isinstance(entry, dict):
        return {str(entry[name]) for name in _NAMES if name in entry}
    return {str(entry)}
