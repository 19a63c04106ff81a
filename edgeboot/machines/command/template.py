"""A command line of the inventory: words as a shell has them, and names in braces to fill in.

Errors, the plan and the journal of a run have it as the file has it: a password in it would be in them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Final

from pydantic import AfterValidator

_GIVEN: Final = r"""(?!["']?[{$])["']?[^\s"']"""
"""The beginning of a value that no variable stands for: neither a shell's nor the suite's."""
_PASSWORDS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|\s)--?(?:password|passwd|passphrase|pass|secret|token)(?:\s+|=){_GIVEN}",
        rf"\bipmitool\b.*\s-P\s*{_GIVEN}",
        rf"\bipmi(?:power|-chassis-config|-chassis)\b.*\s-p\s*{_GIVEN}",
        rf"\bcurl\b.*\s(?:-u|--user)[\s=]*[^\s:{{$]+:{_GIVEN}",
        rf"://[^\s/:@]+:{_GIVEN}[^\s/@]*@",
    )
)
"""How tools that switch machines are given a password: ipmitool, FreeIPMI, curl, a URL, and long options."""


def _checked(text: str) -> str:
    try:
        words = shlex.split(text)
        fields_of(text)
    except ValueError as error:
        raise ValueError(f"is no command line ({error})") from None
    if not words:
        raise ValueError("is empty; write a program and its arguments")
    if "/" in words[0] and not words[0].startswith("/"):
        # ``edgeboot clean`` runs it in another directory.
        raise ValueError(f"names its program by no absolute path, found {words[0]!r}; write it from / on")
    if any(pattern.search(text) for pattern in _PASSWORDS):
        raise ValueError(
            "has a password in it, which the journal would have, too; export it as a variable, "
            "name that in secret_variables, and write {VARIABLE} in its place"
        )
    return text


Template = Annotated[str, AfterValidator(_checked)]
"""No shell runs it."""


def fields_of(template: str) -> frozenset[str]:
    """The names in braces; raises ValueError where they are not closed, or more than a name is in them."""
    parts = [part for part in Formatter().parse(template) if part[1] is not None]
    for _, name, format_, conversion in parts:
        if format_ or conversion:
            raise ValueError(f"nothing but a name may stand in braces, found it behind {{{name}")
    return frozenset(str(name) for _, name, _, _ in parts)


def filled_in(template: str, values: Mapping[str, object]) -> list[str]:
    """The words, with what the names in braces stand for; a value with spaces stays in its word."""
    return [word.format_map(values) for word in shlex.split(template)]
