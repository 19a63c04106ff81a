"""A failed test's exception: the findings it carries, and the reason why a message was not answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from edgeboot.report.findings import Finding

_SILENCES: Final = "edgeboot_silences"
"""On the exception, as a session fixture's is raised again for every test that needs it."""


def findings_of(error: BaseException | None) -> tuple[Finding, ...]:
    """What the check compared (its exception's arguments), and why a message was not answered."""
    if error is None:
        return ()
    compared = tuple(argument for argument in error.args if isinstance(argument, Finding))
    return compared + cast("tuple[Finding, ...]", vars(error).get(_SILENCES, ()))


def explain_silence(error: BaseException, silences: Sequence[Finding]) -> None:
    """Let the exception's first line end with the first finding, so that every summary shows it; once."""
    if not silences or _SILENCES in vars(error):
        return
    vars(error)[_SILENCES] = tuple(silences)
    if not error.args or not isinstance(error.args[0], str):
        error.add_note(str(silences[0]))
        return
    first, newline, rest = error.args[0].partition("\n")
    error.args = (f"{first}; {silences[0]}{newline}{rest}", *error.args[1:])
