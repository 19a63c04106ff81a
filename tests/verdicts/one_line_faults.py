"""Servers that are broken by one line, and the words by which an operator knows what to mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.faults.causes import ConfigChange, FrameInjection, SegmentInjection, added_lines, config_change
from tests.faults.fault import Cause


@dataclass(frozen=True, slots=True)
class OneLineFault:
    """A fault, and what must be said of it."""

    name: str
    causes: tuple[Cause, ...]
    words: tuple[str, ...]
    """Patterns; each must be in a line that a run prints, and in a cause of its verdict."""


_SHORT: Final = (",12h", ",11h")
_NEXT: Final = ("onprem,192.168.99.40", "onprem,192.168.99.41")
FAULTS: Final = (
    OneLineFault(
        "only known clients", (added_lines("dhcp-ignore=tag:!known"),), (r"dhcp-ignore=tag:!known",)
    ),
    OneLineFault("lease-max 1", (added_lines("dhcp-lease-max=1"),), (r"dhcp-lease-max=1",)),
    OneLineFault(
        "pool of two", (config_change("192.168.99.200", "192.168.99.101"),), (r"pool exhausted: 2 of 2",)
    ),
    OneLineFault(
        "replies held back by 6 s",
        (added_lines("no-ping"), FrameInjection("replies delayed by 6 s")),
        (r"6\.\d+ s|0:00:06",),
    ),
    OneLineFault("wrong next-server", (ConfigChange((_NEXT,)),), (r"dhcp-boot=\S+192\.168\.99\.41",)),
    OneLineFault(
        "wrong file",
        (config_change("dhcp-boot=signed_ipxe.efi", "dhcp-boot=signed_ipxe.efi.old"),),
        (r"dhcp-boot=signed_ipxe\.efi\.old",),
    ),
    OneLineFault("lease 11 h", (ConfigChange((_SHORT,)),), (r"dhcp-range=\S+,11h",)),
    OneLineFault("DNS on", (config_change("port=0\n", ""),), (r"domain-name-server \(6\)|UDP 53",)),
    OneLineFault("second server on the segment", (SegmentInjection("stranger"),), (r"192\.168\.99\.67",)),
    OneLineFault(
        "boot server silent",
        (FrameInjection("TFTP: silent", "boot"),),
        (r"192\.168\.99\.40.*(silent|no|not)",),
    ),
    OneLineFault(
        "two faults at once",
        (ConfigChange((_SHORT, _NEXT)),),
        (r"dhcp-range=\S+,11h", r"dhcp-boot=\S+192\.168\.99\.41"),
    ),
)
