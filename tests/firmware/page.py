"""docs/firmware.md: what each real client did with each offer, beside what the suite says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.firmware.comparison import Compared
from tests.firmware.matrix import NEVER_ASKED

_HEAD = """# Real clients, asked

Made by `make firmware`. Each client of the table below is a real one, as Debian packages it: systems'
clients in a namespace of this machine, firmware in a virtual machine (QEMU without KVM) that a snapshot
sets back to its network boot before each row. A scripted server says exactly what the row says
(`tests/firmware`); what the client then did on the wire is compared with `boots_from`, with the routes that
are read for it, and its messages with those of `dhcp/clients`, octet for octet.
"""


SUMMARY_HEAD: Final = "| client | package | rows | agree | seconds a row |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Cost:
    """How long a client's rows took."""

    client: str
    version: str
    """Package and version of the real one."""
    rows: int
    seconds: float


def write_page(path: Path, told: Sequence[Compared], costs: Sequence[Cost], undecided: Sequence[str]) -> None:
    """Write the page anew; ``undecided`` are rows in which a client showed nothing."""
    path.write_text("\n".join(_lines(told, costs, undecided)) + "\n", encoding="utf-8")


def summary(cost: Cost, told: Sequence[Compared]) -> str:
    """The row of a client's version in the table of all."""
    own = [each for each in told if (each.client, each.version) == (cost.client, cost.version)]
    agree = sum(each.agrees for each in own)
    return f"| {cost.client} | {cost.version} | {cost.rows} | {agree} | {cost.seconds / cost.rows:.1f} |"


def _lines(told: Sequence[Compared], costs: Sequence[Cost], undecided: Sequence[str]) -> Iterator[str]:
    yield _HEAD
    agree = sum(each.agrees for each in told)
    yield f"{agree} of {len(told) + len(undecided)} comparisons agree.\n"
    yield from (f"- {each}\n" for each in undecided)
    yield SUMMARY_HEAD
    yield from (summary(cost, told) for cost in costs)
    yield f"\nNo real one has been asked of: {', '.join(NEVER_ASKED)}.\n"
    for cost in costs:
        yield f"## {cost.client}\n"
        yield "| offer | real | the suite | agree |"
        yield "|---|---|---|---|"
        yield from (_row(each) for each in told if each.client == cost.client)
        yield ""


def _row(each: Compared) -> str:
    said = each.remark and f" ({each.remark})"
    agrees = "yes" if each.agrees else "; ".join(("**no**", *each.differences))
    return f"| {each.row} | {each.real}{said} | {each.ours} | {agrees} |"
