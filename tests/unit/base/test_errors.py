"""Errors are one line for people, in the process that finds them and in the one that waits for it."""

from __future__ import annotations

from copy import copy

import pytest

from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.machines.protocol import MachineError


@pytest.mark.parametrize(
    "error", [UsageError("a.toml", "is bad", "mend it"), MachineError("node-7", "is", "do")]
)
def test_error_passes_to_another_process_as_it_is(error: EdgebootError) -> None:
    """Copied as pickle copies it: where it cannot be, the pool of workers would be said to be broken."""
    passed = copy(error)
    assert (type(passed), str(passed), vars(passed)) == (type(error), str(error), vars(error))
