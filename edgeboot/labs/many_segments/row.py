"""A row of ``segments.toml``: one segment, and how it is verified."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from edgeboot.base.strict_model import StrictModel
from edgeboot.labs.many_segments.kubernetes_names import Labels, ObjectName, SegmentName
from edgeboot.labs.many_segments.row_options import OptionValue, checked
from edgeboot.labs.many_segments.window import Window

SEGMENT_LABEL: Final = "edgeboot.openedgeplatform.org/segment"
"""Of a node that is on the segment of this name."""
_INTERFACE: Final = re.compile(r"[^\s/:]{1,15}")
"""As the kernel takes it (dev_valid_name); a colon is of an alias."""


def _interface(name: str) -> str:
    if not _INTERFACE.fullmatch(name) or name in {".", ".."}:
        raise ValueError(f"is no network interface such as br0, at most 15 characters, found {name!r}")
    return name


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
    options: Annotated[dict[str, OptionValue], AfterValidator(checked)] = Field(default_factory=dict)
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
