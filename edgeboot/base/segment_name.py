"""The name that a site gives a segment: one that a node's label can hold."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.base.errors import UsageError

_LABEL: Final = re.compile(r"[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
"""A label's value (Kubernetes, Labels and Selectors: syntax and character set), not empty."""


def check_segment_name(name: str, where: str) -> str:
    """The name, where it is one.

    Args:
        name: as it was given.
        where: the option, or the file and field, that gave it.

    Raises:
        UsageError: no label of Kubernetes can have this value.
    """
    if not _LABEL.fullmatch(name):
        problem = f"{name!r} is no name of a segment"
        hint = "take at most 63 letters, digits, '-', '_' and '.', the first and last a letter or digit"
        raise UsageError(where, problem, hint)
    return name
