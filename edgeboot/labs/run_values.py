"""The values of options of every run that have a form of their own."""

from __future__ import annotations

from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from edgeboot.base.errors import UsageError
from edgeboot.labs.options import OptionValues
from edgeboot.spec.contract.terms import Duration


def budget(values: OptionValues) -> timedelta | None:
    """What ``--budget`` says; None where it was not given.

    Raises:
        UsageError: it is no time.
    """
    text = values.text("budget")
    if text is None:
        return None
    try:
        found: timedelta = TypeAdapter(Duration).validate_python(text)
    except ValidationError:
        found = timedelta(0)
    if not found:
        raise values.as_given(UsageError(f"--budget {text}", "is no time", "give one such as 90s or 10m"))
    return found


def fuzz_seed(values: OptionValues) -> int | None:
    """What ``--fuzz-seed`` says; None where it was not given.

    Raises:
        UsageError: it is no number.
    """
    seed = values.text("fuzz-seed")
    if seed is None:
        return None
    if not seed.isdecimal():
        error = UsageError(f"--fuzz-seed {seed}", "is no number", "give the one a report has printed")
        raise values.as_given(error)
    return int(seed)
