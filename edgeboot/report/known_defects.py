"""Whether a test failed as a known defect of its contract says, or in another way."""

from __future__ import annotations

from collections.abc import Sequence

from edgeboot.report.failure import findings_of
from edgeboot.report.findings import Finding
from edgeboot.spec.contract.known_defects import KnownDefect


def explaining(defects: Sequence[KnownDefect], error: BaseException, message: str) -> KnownDefect | None:
    """The first defect that names this failure; None where it is another one.

    Args:
        defects: the entries for the test that failed.
        error: what it raised, with its findings.
        message: the error as a person reads it.
    """
    return next((defect for defect in defects if explains(defect, error, message)), None)


def explains(defect: KnownDefect, error: BaseException, message: str) -> bool:
    """Whether the failure has the defect's field and words; one that names neither explains every failure.

    Of an error with several findings each must be of that field.
    """
    if defect.field is not None:
        findings = _decisive(error)
        if not findings or any(finding.field != defect.field for finding in findings):
            return False
    return defect.words is None or _one_line(defect.words) in _one_line(message)


def named(defect: KnownDefect) -> str:
    """What the entry says must fail, for the report of another failure."""
    parts = (
        f"field {defect.field}" if defect.field is not None else "",
        f"words {defect.words!r}" if defect.words is not None else "",
    )
    return f"{' and '.join(filter(None, parts)) or 'any failure'} ({defect.reason})"


def _decisive(error: BaseException) -> tuple[Finding, ...]:
    """What was compared; where nothing was, why a message was not answered."""
    compared = tuple(argument for argument in error.args if isinstance(argument, Finding))
    return compared or findings_of(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())
