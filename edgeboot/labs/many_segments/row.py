"""A row of ``segments.toml``: one segment, and how it is verified."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr

from edgeboot.base.strict_model import StrictModel
from edgeboot.labs.many_segments.kubernetes_names import Labels, ObjectName, SegmentName
from edgeboot.labs.many_segments.window import Window
from edgeboot.labs.run_options import every_option

SEGMENT_LABEL: Final = "edgeboot.openedgeplatform.org/segment"
"""Of a node that is on the segment of this name."""
_INTERFACE: Final = re.compile(r"[^\s/:]{1,15}")
"""As the kernel takes it (dev_valid_name); a colon is of an alias."""
_OF_THE_ROW: Final = frozenset({"interface", "contract", "profile", "kubeconfig", "segment"})
_OF_THE_RUN: Final = frozenset(
    {"lab", "lease", "evidence", "result", "report", "metrics", "termination-message", "keep-lab", "dry-run"}
)
_OF_FILES: Final = frozenset({"dhcp-config", "boot-file", "machines"})

OptionValue = StrictBool | StrictInt | StrictStr


def _interface(name: str) -> str:
    if not _INTERFACE.fullmatch(name) or name in {".", ".."}:
        raise ValueError(f"is no network interface such as br0, at most 15 characters, found {name!r}")
    return name


def _options(options: dict[str, OptionValue]) -> dict[str, OptionValue]:
    known = {option.name: option for option in every_option()}
    for name, value in options.items():
        if name in _OF_THE_ROW:
            raise ValueError(f"has {name}, which is a field of the row itself, or made of its name")
        if name in _OF_THE_RUN:
            raise ValueError(f"has {name}, which the run in the Pod sets itself")
        if name in _OF_FILES:
            raise ValueError(f"has {name}, which names a file that the Pod does not have")
        if name not in known:
            raise ValueError(f"has {name}, which is no option of edgeboot verify")
        if isinstance(value, bool) != known[name].switch:
            form = "true or false" if known[name].switch else "a value"
            raise ValueError(f"has {name} = {value!r}; it takes {form}")
    return options


class SegmentRow(StrictModel):
    """What the file states of one segment, with the file's ``[defaults]`` below it."""

    name: SegmentName
    interface: Annotated[str, AfterValidator(_interface)]
    """Of the node that is on the segment."""
    nodes: Labels | None = None
    """The labels of the nodes that are on the segment; None for ``SEGMENT_LABEL`` with its name."""
    contract: str | None = None
    """A contract's name, or a file beside ``segments.toml``; None for the profile's."""
    profile: str = "poc"
    kubeconfig_secret: ObjectName | None = None
    """Whose key ``config`` is the Orchestrator's kubeconfig; None for the Pod's own service account."""
    window: Window | None = None
    """When the run may be; None for at once."""
    address_space: str | None = Field(default=None, min_length=1)
    """Segments of one address space reach each other, so that their pools must not overlap; None for an
    address space of its own, as a private network has that is the same behind many sites."""
    options: Annotated[dict[str, OptionValue], AfterValidator(_options)] = Field(default_factory=dict)
    """Further options of ``edgeboot verify``, without their two hyphens."""

    @property
    def node_selector(self) -> dict[str, str]:
        """The labels of a node that its Pod is placed on."""
        return {SEGMENT_LABEL: self.name} if self.nodes is None else self.nodes

    @property
    def arguments(self) -> list[str]:
        """Its further options as ``edgeboot verify`` takes them."""
        return [
            f"--{name}" if value is True else f"--{name}={value}"
            for name, value in sorted(self.options.items())
            if value is not False
        ]
