"""What in a dnsmasq.conf decides each field and option of a reply, and what holds without a line for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeboot.dhcp.option_table import OPTIONS
from edgeboot.server.dnsmasq.option_names import OPTION_CODES
from edgeboot.spec.contract.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Origin:
    """The directives that decide a field."""

    default: str
    """What dnsmasq does without one."""
    missing: str
    """The line that is missing then."""
    options: tuple[int, ...] = ()
    """Codes of ``dhcp-option`` lines."""
    boot: int | None = None
    """The place among the words of a ``dhcp-boot`` line: file, server name, server address."""
    ranges: bool = False
    """``dhcp-range`` lines."""
    hosts: bool = False
    """``dhcp-host`` lines."""
    others: tuple[str, ...] = ()
    """Further directives, whose words are the value."""
    makers: tuple[str, ...] = ()
    """Directives that make the value of their words."""
    absent: str = ""
    """The line that is missing where the field is absent, if not ``missing``."""


ORIGINS: Final = {
    "address": Origin("without a dhcp-range nothing is served", "dhcp-range", ranges=True, hosts=True),
    "netmask": Origin("the interface's own mask", "dhcp-option", (1,), ranges=True),
    "broadcast_address": Origin("derived from the interface's mask", "dhcp-range", (28,), ranges=True),
    "routers": Origin("dnsmasq then names itself as the router", "dhcp-option", (3,)),
    "domain_name_servers": Origin(
        "dnsmasq then serves DNS, and names itself as the name server",
        "port=0",
        (6,),
        absent="dhcp-option=option:dns-server",
    ),
    "server_identifier": Origin(
        "the first address of the interface that is in the range's network", "dhcp-option", (54,)
    ),
    "lease_time": Origin("dnsmasq then grants one hour", "dhcp-range", (51,), ranges=True, hosts=True),
    "renewal_time": Origin("half the lease time", "dhcp-option", (58,), ranges=True),
    "rebinding_time": Origin("seven eighths of the lease time", "dhcp-option", (59,), ranges=True),
    "next_server": Origin("dnsmasq then names itself as the boot server", "dhcp-boot", (255,), boot=2),
    "server_name": Origin("no name is sent", "dhcp-boot", (66,), boot=1),
    "bootfile": Origin("no boot file is sent", "dhcp-boot", (67,), boot=0, others=("pxe-service",)),
    "boots": Origin(
        "no boot file is sent", "dhcp-boot", (43, 60, 66, 67, 255), boot=0, others=("pxe-service",)
    ),
    "rapid_commit": Origin("dnsmasq then offers first", "dhcp-rapid-commit", others=("dhcp-rapid-commit",)),
    "options": Origin("no option is added", "dhcp-option"),
    "refused": Origin("without a dhcp-range nothing is served", "dhcp-range", ranges=True),
    "ignored": Origin("every client is served", "dhcp-ignore", hosts=True, others=("dhcp-ignore",)),
}
"""By field of ``spec.contract.fields``, and ``boots``, ``rapid_commit``, ``refused`` and ``ignored``."""
_PXE: Final = ("pxe-service", "pxe-prompt")
_OF_OPTIONS: Final = {
    12: Origin("no name is sent", "dhcp-host", (12,), hosts=True),
    15: Origin("no domain is sent", "domain", (15,), others=("domain",)),
    43: Origin("it is not sent", "dhcp-option=43", (43,), makers=_PXE),
    60: Origin("it is not sent", "dhcp-option=60", (60,), makers=_PXE),
    80: Origin("dnsmasq then offers first", "dhcp-rapid-commit", makers=("dhcp-rapid-commit",)),
    97: Origin("it is not sent", "dhcp-option=97", (97,), makers=_PXE),
}
"""Options of no field that other directives decide beside dhcp-option."""
FIELD_OF: Final = {int(field.option): field.name for field in FIELDS.values() if field.option is not None}
"""The field that carries an option, by its code."""
SUPPRESSED: Final = frozenset({1, 3, 6, 12, 15, 28})
"""Options that dnsmasq leaves out where their dhcp-option line has no value; any other is sent empty."""


def origin_of(code: int) -> Origin:
    """What decides an option."""
    if code in FIELD_OF:
        return ORIGINS[FIELD_OF[code]]
    names = OPTIONS[code].names if code in OPTIONS else ()
    name = next((f"option:{name}" for name in names if name.lower() in OPTION_CODES), str(code))
    return _OF_OPTIONS.get(code) or Origin("it is not sent", f"dhcp-option={name}", (code,))
