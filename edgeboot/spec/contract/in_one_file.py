"""A contract as the text of one TOML file, whatever it is based on: for a place that has no other files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from edgeboot.spec.contract.reading import contract_terms

_DELETE: Final = "\x7f"
"""The one control character that JSON leaves as it is, and TOML takes escaped only."""


def in_one_file(path: Path) -> str:
    """The contract's terms, each a line, in alphabetical order.

    Raises:
        UsageError: the contract, or one that it is based on, cannot be read.
    """
    terms = contract_terms(path)
    return "".join(f"{_text(str(name))} = {_value(terms[name])}\n" for name in sorted(terms, key=str))


def _value(value: Any) -> str:
    """A value on one line; TOML has JSON's texts and numbers."""
    match value:
        case dict():
            entries = (f"{_text(str(key))} = {_value(each)}" for key, each in value.items())
            return f"{{{', '.join(entries)}}}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
