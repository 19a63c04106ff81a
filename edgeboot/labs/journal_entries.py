"""Reading a journal: its outstanding entries, and the lines that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from edgeboot.base.errors import LabError
from edgeboot.host.journal import VERSION, EntryEvent
from edgeboot.labs.legacy_journal import upgraded

BY_HAND: Final = "remove by hand what it names, then delete the file"


@dataclass(frozen=True, slots=True)
class Entry:
    """A leftover recorded before it was made, and neither removed nor kept since."""

    kind: str
    fields: dict[str, Any]
    line: int = field(compare=False)
    """Its number in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The content of one journal."""

    outstanding: tuple[Entry, ...]
    """The oldest first."""
    unreadable: tuple[LabError, ...]
    """Damaged lines, and those of an unknown version."""
    notes: tuple[Entry, ...] = ()
    """What is known of a lab that is left standing; none is a leftover."""


def read_entries(path: Path, lines: Iterable[bytes]) -> Entries:
    """Read the outstanding entries of a journal.

    A last line without its newline is ignored: its owner was killed while writing it, so
    what it names was never made.

    Args:
        path: the journal's, for messages.
        lines: its lines, each with its newline.
    """
    outstanding: list[Entry] = []
    unreadable: list[LabError] = []
    notes: list[Entry] = []
    for number, line in enumerate(lines, 1):
        try:
            event, entry = _parsed(line, number)
        except UnknownVersion as error:
            problem = f"is of version {error}, and this edgeboot reads version {VERSION}"
            hint = "run edgeboot clean of the version that wrote it"
            unreadable.append(LabError(f"{path} line {number}", problem, hint))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if line.endswith(b"\n"):
                unreadable.append(LabError(f"{path} line {number}", "is damaged", BY_HAND))
        else:
            if event is EntryEvent.NOTE:
                notes.append(entry)
            elif event is EntryEvent.MAKE:
                outstanding.append(entry)
            elif entry in outstanding:
                outstanding.remove(entry)
    return Entries(tuple(outstanding), tuple(unreadable), tuple(notes))


class UnknownVersion(Exception):
    """A line of another version of the schema; the text is its version."""


def _parsed(line: bytes, number: int) -> tuple[EntryEvent, Entry]:
    record = json.loads(line)
    if "v" not in record:
        record = upgraded(record)
    elif record["v"] != VERSION:
        raise UnknownVersion(record["v"])
    if not isinstance(record["fields"], dict):
        raise TypeError(f"fields are {record['fields']!r}")
    return EntryEvent(record["event"]), Entry(str(record["kind"]), record["fields"], number)
