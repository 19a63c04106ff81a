"""The variables ``EDGEBOOT_…`` of this process: each is one of the suite's, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.orchestrator.cluster_lease.holder import NODE, POD
from edgeboot.labs.run_options import every_option

_PREFIX: Final = "EDGEBOOT_"
_OTHERS: Final = frozenset({"EDGEBOOT_MANIFESTS", "EDGEBOOT_RESULTS", NODE, POD})
"""Of no option: the manifests' directory (edgeboot.base.paths), that of nightly results (tox.ini), and what a
container is told of where it is."""
_INJECTIONS: Final = "EDGEBOOT_FAULT_"
"""What tests/faults and its plugins say to a run."""


def check_variables(environment: Mapping[str, str]) -> None:
    """Return where every variable of that prefix is known.

    Raises:
        UsageError: one is not; with the known one that is most like it.
    """
    options = tuple(every_option())
    known = {option.variable for option in options if option.in_environment} | _OTHERS
    for name in sorted(environment):
        if not name.startswith(_PREFIX) or name.startswith(_INJECTIONS) or name in known:
            continue
        for option in options:
            if name == option.variable:
                hint = f"say --{option.name} on the command line"
                raise UsageError(name, "is not read from the environment", hint)
        endings = [each.removeprefix(_PREFIX) for each in known]
        close = get_close_matches(name.removeprefix(_PREFIX), endings, n=1)
        hint = f"did you mean {_PREFIX}{close[0]}?" if close else "edgeboot verify --help lists the variables"
        raise UsageError(name, "no such variable", hint)
