"""``options`` of a row: read as the run in its Pod will read them, before there is a Pod."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import StrictBool, StrictInt, StrictStr

from edgeboot.base.errors import UsageError
from edgeboot.base.gateway_url import gateway_url
from edgeboot.labs.options import LabOption, OptionValues
from edgeboot.labs.orchestrator.options import OPTIONS, OrchestratorOptions, read_options
from edgeboot.labs.run_options import RUN_OPTIONS
from edgeboot.labs.run_values import budget, fuzz_seed

_OF_THE_ROW: Final = frozenset({"interface", "contract", "profile", "kubeconfig", "segment"})
_OF_THE_RUN: Final = frozenset(
    {"lab", "lease", "evidence", "result", "report", "metrics", "termination-message", "keep-lab", "dry-run"}
)
_OF_FILES: Final = frozenset({"dhcp-config", "boot-file", "machines"})
_KNOWN: Final = MappingProxyType({option.name: option for option in (*RUN_OPTIONS, *OPTIONS)})

OptionValue = StrictBool | StrictInt | StrictStr


def checked(options: dict[str, OptionValue]) -> dict[str, OptionValue]:
    """The same options, where a run can have them; raises ValueError."""
    for name, value in options.items():
        if name in _OF_THE_ROW:
            raise ValueError(f"has {name}, which is a field of the row itself, or made of its name")
        if name in _OF_THE_RUN:
            raise ValueError(f"has {name}, which the run in the Pod sets itself")
        if name in _OF_FILES:
            raise ValueError(f"has {name}, which names a file that the Pod does not have")
        if name not in _KNOWN:
            raise ValueError(f"has {name}, which is no option of edgeboot verify --lab orchestrator")
        _check_form(_KNOWN[name], value)
    try:
        _read(options)
    except UsageError as error:
        raise ValueError(f"has {error.where}, which {error.problem} ({error.hint})") from None
    return options


def of_the_lab(options: Mapping[str, OptionValue]) -> OrchestratorOptions:
    """The lab's own among them; raises UsageError."""
    return read_options(_values(options))


def _check_form(option: LabOption, value: OptionValue) -> None:
    if isinstance(value, bool) != option.switch:
        form = "true or false" if option.switch else "a value"
        raise ValueError(f"has {option.name} = {value!r}; it takes {form}")
    if isinstance(value, str) and not value.isprintable():
        raise ValueError(f"has {option.name} = {value!r}, with a character that cannot be printed")


def _read(options: Mapping[str, OptionValue]) -> None:
    """Read every value that has a form; raises UsageError."""
    values = _values(options)
    of_the_lab(options)
    budget(values)
    fuzz_seed(values)
    push = values.text("push")
    if push is not None and "@" in gateway_url(push).netloc:
        # Its password would stand in a ConfigMap, and in the log of each run.
        hint = "put the whole URL into the Secret edgeboot-push, under the key EDGEBOOT_PUSH"
        raise UsageError("push", "names a user", hint)


def _values(options: Mapping[str, OptionValue]) -> OptionValues:
    return OptionValues(
        {
            name: value if value is True else str(value)
            for name, value in options.items()
            if value is not False
        }
    )
