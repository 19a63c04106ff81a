"""A failed test's exception: the findings it carries, who else answered, and why nobody did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

from edgeboot.report.findings import Finding

_EXPLAINED: Final = "edgeboot_findings"
"""On the exception, as a session fixture's is raised again for every test that needs it."""


class Different(AssertionError):
    """Several values are not as expected; its arguments are the findings, its text is theirs."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


def findings_of(error: BaseException | None) -> tuple[Finding, ...]:
    """What the check compared (its exception's arguments), and what was found beside it."""
    if error is None:
        return ()
    compared = tuple(argument for argument in error.args if isinstance(argument, Finding))
    return compared + cast("tuple[Finding, ...]", vars(error).get(_EXPLAINED, ()))


def explain(error: BaseException, found: Sequence[Finding]) -> None:
    """Let the exception's first line end with the first finding, so that every summary shows it; once."""
    known = {each.statement for each in findings_of(error)}
    new = [each for each in found if each.statement not in known]
    if not new or _EXPLAINED in vars(error):
        return
    vars(error)[_EXPLAINED] = tuple(new)
    if not error.args or not isinstance(error.args[0], str):
        error.add_note(str(new[0]))
        return
    first, newline, rest = error.args[0].partition("\n")
    error.args = (f"{first}; {new[0]}{newline}{rest}", *error.args[1:])


def carry(error: BaseException, finding: Finding | None) -> None:
    """Give the exception a finding that its words tell already, if it has none."""
    if finding is not None and not findings_of(error):
        vars(error)[_EXPLAINED] = (finding,)


def attribute(error: BaseException, cause_of: Callable[[Finding], Finding]) -> None:
    """Give each finding that the check compared the causes that the whole test shows."""
    error.args = tuple(cause_of(each) if isinstance(each, Finding) else each for each in error.args)
