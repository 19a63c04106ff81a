"""What a reader of an entry's captures must be told: the table told.toml, and what the entry itself names."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from edgeboot.base.strict_model import StrictModel, read_toml, validated
from edgeboot.spec.contract.fields import FIELDS
from tests.faults.fault import Fault

_FILE: Final = Path(__file__).with_name("told.toml")
_OPTION: Final = re.compile(r"option [\w-]+ \\\((\d+)\\\): expected")
_CODE: Final = re.compile(r"option (?:\S+ \()?(\d+)\)?")
"""How a finding names an option: with its name, or by its code alone."""


class Table(StrictModel):
    """The file."""

    told: dict[str, tuple[str, ...]]
    """For an entry, by its name: diagnoses and fields of findings, one of which must be told, each on request
    with words that its sentence must have."""
    left_out: dict[str, tuple[str, ...]]
    """Entries of whose cause no client's packets show anything, by the reason."""
    troubles: dict[str, tuple[str, ...]]
    """Tests that bring a trouble of their own, which is there to be told also at a server that is right, by
    what it is; of a whole file its name alone."""

    defects: dict[str, dict[str, str]]
    """Of a server that is right, by its entry: what may be told, with the known defect of its contract."""

    def reason(self, fault: Fault) -> str | None:
        """Why the entry is left out; None where it is not."""
        if fault.refusal is not None:
            return "the lab does not start: there are no packets"
        return next((why for why, names in self.left_out.items() if fault.name in names), None)

    def has_trouble(self, test: str) -> bool:
        """Whether a test, by the name of its evidence's directory, brings a trouble of its own."""
        listed = (name for names in self.troubles.values() for name in names)
        return any(re.search(rf"(^|-){re.escape(name)}", test) for name in listed)


@cache
def table() -> Table:
    """The table; raises UsageError."""
    return validated(Table, read_toml(_FILE, str(_FILE)), _FILE, "see its first lines")


def to_be_told(fault: Fault) -> frozenset[str]:
    """What one of must be told; nothing where the table lacks the entry."""
    stated = table().told.get(fault.name)
    return frozenset(_named(fault) if stated is None else stated)


def is_told(needed: str, word: str, sentence: str) -> bool:
    """Whether a diagnosis or finding, by its word and its sentence, is what the table needs."""
    stated, _, text = needed.partition(": ")
    return word == stated and text in sentence


def _named(fault: Fault) -> set[str]:
    """The fields that its messages name before what was expected."""
    names = set()
    for pattern in fault.caught_by.values():
        names |= {name for name in (*FIELDS, "name") if pattern.startswith(f"{name}: expected")}
        names |= {f"option {code}" for code in _OPTION.findall(pattern)}
    return names


def short(field: str) -> str:
    """The field of a finding as the table has it: an option by its code alone."""
    code = _CODE.fullmatch(field)
    return field if code is None else f"option {code[1]}"
