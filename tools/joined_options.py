"""Joins ``--dhcp-config FILE`` to ``--dhcp-config=FILE`` for a pytest that starts in the clone.

In an editable install only; see tools/editable_install.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

FILE_OPTIONS: Final = (
    *("--boot-file", "--contract", "--coverage-table", "--dhcp-config", "--evidence"),
    *("--kubeconfig", "--machines", "--result"),
)


def join_values(arguments: Sequence[str]) -> Iterator[str]:
    """``--option value`` as ``--option=value``, for the options that take a file."""
    rest = iter(arguments)
    for argument in rest:
        value = next(rest, None) if argument in FILE_OPTIONS else None
        yield argument if value is None else f"{argument}={value}"


def join_command_line() -> None:
    """Join this process's own."""
    sys.argv[1:] = join_values(sys.argv[1:])
