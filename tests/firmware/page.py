"""docs/firmware.md: what each real client did with each offer, beside what the suite says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.firmware.clients.linux import LinuxClient
from tests.firmware.clients.virtual import FirmwareClient
from tests.firmware.comparison import Compared
from tests.firmware.matrix import ALL, NEVER_ASKED, rows_of

_HEAD: Final = """# Real clients, asked

Made by `make firmware`. Each client of the table below is a real one, as Debian packages it: systems'
clients in a namespace of this machine, firmware in a virtual machine (QEMU without KVM) that a snapshot
sets back to its network boot before each row; iPXE and GRUB for UEFI are started there from a disk, and
GRUB is loaded from the network, too (`grub-of-edk2-pxe`). A scripted server says exactly what the row says
(`tests/firmware`); in rows with dnsmasq that is the server, and where it is a proxy the site's is another
one. What the client then did on the wire is compared with `boots_from`, with the routes that are read for
it, and its messages with those of `dhcp/clients`, octet for octet.
"""
_OVERVIEW: Final = re.compile(
    r"^\| (?P<client>\S+) \| (?P<version>[^|]*) \| \d+ \| \d+ \| (?P<seconds>[\d.]+) \| (?P<asked>[^|]*) \|$",
    re.MULTILINE,
)
_SECTION: Final = re.compile(r"^## (?P<client>\S+)\n(?P<rows>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ROW: Final = re.compile(r"^\| (?P<name>[^|]+) \| .* \|$", re.MULTILINE)
_AGREES: Final = "yes"


SUMMARY_HEAD: Final = (
    "| client | package | rows | agree | seconds a row | asked (UTC) |\n|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """How long a client's rows took."""

    client: str
    version: str
    """Package and version of the real one."""
    rows: int
    seconds: float
    asked: datetime
    """When they began."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What the page says of one client."""

    version: str
    seconds: float
    """For a row."""
    asked: str
    """When most of its rows began, in one run."""
    rows: Mapping[str, str]
    """The page's line of each row, by the row's name."""


def write_page(path: Path, told: Sequence[Compared], costs: Sequence[Cost], undecided: Sequence[str]) -> None:
    """Write what these clients did; what the page says of others, and of other rows of theirs, stays.

    ``undecided`` are rows in which a client showed nothing.
    """
    parts = _parts(path.read_text(encoding="utf-8")) if path.exists() else {}
    for cost in costs:
        parts[cost.client] = _part(cost, told, parts.get(cost.client))
    path.write_text("\n".join(_lines(parts, undecided)) + "\n", encoding="utf-8")


def summary(cost: Cost, told: Sequence[Compared]) -> str:
    """The row of a client's version in the table of all."""
    own = [each for each in told if (each.client, each.version) == (cost.client, cost.version)]
    agree = sum(each.agrees for each in own)
    seconds = f"{cost.seconds / cost.rows:.1f}"
    return f"| {cost.client} | {cost.version} | {cost.rows} | {agree} | {seconds} | {_minute(cost.asked)} |"


def _lines(parts: Mapping[str, _Part], undecided: Sequence[str]) -> Iterator[str]:
    shown = {each.name: _in_order(parts[each.name], each) for each in ALL if each.name in parts}
    yield _HEAD
    agree, rows = (sum(map(count, shown.values())) for count in (_agreeing, len))
    yield f"{agree} of {rows + len(undecided)} comparisons agree.\n"
    yield from (f"- {each}\n" for each in undecided)
    yield SUMMARY_HEAD
    for name, lines in shown.items():
        part = parts[name]
        cost = f"{part.seconds:.1f} | {part.asked}"
        yield f"| {name} | {part.version} | {len(lines)} | {_agreeing(lines)} | {cost} |"
    minutes = sum(parts[name].seconds * len(lines) for name, lines in shown.items()) / 60
    yield f"\nAll rows together take {minutes:.0f} minutes on two processors."
    yield "\nNo real one has been asked of:\n"
    yield from (f"- `{name}`: {why}" for name, why in NEVER_ASKED.items())
    for name, lines in shown.items():
        yield f"\n## {name}\n"
        yield "| offer | real | the suite | agree |"
        yield "|---|---|---|---|"
        yield from lines


def _in_order(part: _Part, client: LinuxClient | FirmwareClient) -> list[str]:
    """Its lines, without those of rows that are no more."""
    return [part.rows[row.name] for row in rows_of(client) if row.name in part.rows]


def _agreeing(lines: Sequence[str]) -> int:
    return sum(line.endswith(f"| {_AGREES} |") for line in lines)


def _parts(page: str) -> dict[str, _Part]:
    """Of each client what the page has."""
    sections = {each["client"]: each["rows"] for each in _SECTION.finditer(page)}
    return {
        each["client"]: _Part(
            each["version"],
            float(each["seconds"]),
            each["asked"],
            {row["name"]: row[0] for row in _ROW.finditer(sections.get(each["client"], ""))},
        )
        for each in _OVERVIEW.finditer(page)
    }


def _part(cost: Cost, told: Sequence[Compared], before: _Part | None) -> _Part:
    own = [each for each in told if each.client == cost.client]
    kept = before.rows if before is not None and before.version == cost.version else {}
    rows = {**kept, **{each.row: _row(each) for each in own}}
    if before is not None and cost.rows < len(kept):
        return replace(before, rows=rows)
    return _Part(cost.version, cost.seconds / max(cost.rows, 1), _minute(cost.asked), rows)


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def _row(each: Compared) -> str:
    said = each.remark and f" ({each.remark})"
    agrees = _AGREES if each.agrees else "; ".join(("**no**", *each.differences))
    return f"| {each.row} | {each.real}{said} | {each.ours} | {agrees} |"
