"""Reading ``segments.toml``: every bad row at once, one line each, before anything is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, shown
from edgeboot.base.strict_model import StrictModel, first_problem, read_text, read_toml, validated
from edgeboot.labs.many_segments.clashes import clashes
from edgeboot.labs.many_segments.job_settings import MARGIN, JobSettings
from edgeboot.labs.many_segments.numbered_row import NumberedRow
from edgeboot.labs.many_segments.row import SegmentRow
from edgeboot.labs.many_segments.row_options import of_the_lab
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.contract.terms import written_duration
from edgeboot.spec.manifests.deployment import profiles

OPTION: Final = "FILE"
_HEADER: Final = re.compile(r"^[ \t]*\[\[\s*segment\s*\]\]", re.MULTILINE)
_TABLES: Final = {"job", "defaults", "segment"}
_FIELDS: Final = "docs/segments.md has every field"


class BadRows(UsageError):
    """Rows that cannot be used, each with its own line."""

    def __init__(self, path: Path, problems: Sequence[UsageError]) -> None:
        self.problems = tuple(problems)
        number = f"{len(problems)} errors" if len(problems) > 1 else "1 error"
        super().__init__(shown(path), f"{number}, nothing is rendered", "correct them")

    def __str__(self) -> str:
        return "\n".join((f"{self.where}: {self.problem}", *map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Segments:
    """A file that can be rendered."""

    job: JobSettings
    rows: tuple[NumberedRow, ...]
    """In the file's order."""


class _Defaults(StrictModel):
    """Any field of a row but its name; what is wrong with a value is told of a row that takes it."""

    interface: Any = None
    nodes: Any = None
    contract: Any = None
    profile: Any = None
    kubeconfig_secret: Any = None
    window: Any = None
    address_space: Any = None
    options: Any = None


def read_segments(path: Path) -> Segments:
    """The segments of a file.

    Raises:
        UsageError: the file is no TOML, or has other tables.
        BadRows: rows that cannot be used, or not beside each other.
    """
    table = read_toml(path, OPTION)
    rows = table.get("segment")
    if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
        raise UsageError(shown(path), "has no segments", "write a [[segment]] table for each")
    for name in table.keys() - _TABLES:
        raise UsageError(f"{shown(path)}: {name}", "is not known", "write [job], [defaults] and [[segment]]")
    job = validated(JobSettings, table.get("job", {}), path, _FIELDS)
    defaults = validated(_Defaults, table.get("defaults", {}), path, _FIELDS).model_dump(exclude_unset=True)
    problems: list[UsageError] = []
    good: list[NumberedRow] = []
    contracts = _Contracts(path.parent)
    for number, line in enumerate(_lines(path, len(rows))):
        data = rows[number]
        where = partial(_where, path, data.get("name"), number + 1, line)
        try:
            row = _row(_over(defaults, data), job, where)
            file, contract = contracts.of(row, where)
            _check_together(row, contract, where)
            good.append(NumberedRow(number + 1, line, row, file, contract))
        except UsageError as error:
            problems.append(error)
    problems += (
        UsageError(_where(path, each.row.row.name, each.row.number, each.row.line, each.field), *each.words)
        for each in clashes(good)
    )
    if problems:
        raise BadRows(path, problems)
    return Segments(job, tuple(good))


class _Contracts:
    """The contracts that rows name, each read once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[Path, Contract | UsageError] = {}

    def of(self, row: SegmentRow, where: Any) -> tuple[Path, Contract]:
        """A row's contract and its file; raises UsageError."""
        if row.profile not in profiles():
            hint = f"choose from {', '.join(profiles())}"
            raise UsageError(where("profile"), f"no such profile as {row.profile!r}", hint)
        path = contract_path(row.profile) if row.contract is None else self._file(row.contract, where)
        if path not in self._read:
            try:
                self._read[path] = load_contract(path)
            except UsageError as error:
                self._read[path] = error
        contract = self._read[path]
        if isinstance(contract, UsageError):
            raise UsageError(where("contract"), f"{contract.where}: {contract.problem}", contract.hint)
        return path, contract

    def _file(self, name: str, where: Any) -> Path:
        for path in (self._directory / name, contract_path(name)):
            if path.is_file():
                return path.resolve()
        known = ", ".join(sorted(each.stem for each in CONTRACTS.glob("*.toml")))
        problem = f"no file {shown(self._directory / name)}, and no contract of that name"
        raise UsageError(where("contract"), problem, f"name a file beside this one, or one of {known}")


def _row(data: Mapping[str, Any], job: JobSettings, where: Any) -> SegmentRow:
    try:
        row = SegmentRow.model_validate(data)
    except ValidationError as error:
        field, problem = first_problem(error)
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise UsageError(where(field), problem + more, _FIELDS) from None
    least = job.run_time + MARGIN
    if row.window is not None and row.window.length < least:
        problem = (
            f"{row.window} lasts {written_duration(row.window.length)}, and one run may last "
            f"{written_duration(job.run_time)} and {written_duration(MARGIN)} to begin and to end"
        )
        raise UsageError(where("window"), problem, "make it longer, or job.run_time shorter")
    return row


def _check_together(row: SegmentRow, contract: Contract, where: Any) -> None:
    try:
        of_the_lab(row.options).check_values(len(contract.pool))
    except UsageError as error:
        raise UsageError(where("options"), f"{error.where} {error.problem}", error.hint) from None


def _over(defaults: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The row over the defaults; of options each is one of its own."""
    merged = {**defaults, **data}
    both = (defaults.get("options"), data.get("options"))
    if all(isinstance(each, dict) for each in both):
        merged["options"] = {**defaults["options"], **data["options"]}
    return merged


def _lines(path: Path, rows: int) -> Iterator[int | None]:
    """The line of each row's header; None where the file is written in another way."""
    text = read_text(path, OPTION)
    lines = [text.count("\n", 0, found.start(0)) + 1 for found in _HEADER.finditer(text)]
    yield from lines if len(lines) == rows else [None] * rows


def _where(path: Path, name: object, number: int, line: int | None, field: str = "") -> str:
    who = f"segment {name}" if isinstance(name, str) else f"segment {number} of the file"
    file = shown(path) if line is None else f"{shown(path)}:{line}"
    return f"{file}: {who}{', field ' + field if field else ''}"
