"""docs/firmware-releases.md: whether firmware of other releases of Debian does what the suite says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.clients.versions import VERSIONS
from tests.firmware.comparison import Compared
from tests.firmware.page import SUMMARY_HEAD, Cost, summary

_HEAD: Final = """# Firmware of other releases of Debian, asked

Made by `make firmware-releases`, in an hour and more on two processors without KVM. The firmware of each
release (`tools/firmware --release=NAME`) is asked the rows of [firmware.md](firmware.md), by the QEMU of this
machine; a version that two releases have is asked once. `dhcp/clients/versions.py` has the same versions,
with what each sends, but those with a row that does not agree; `edgeboot doctor --firmware` says whether the
version of this machine is one of them.
"""


def write_page_of_releases(
    path: Path, told: Sequence[Compared], costs: Sequence[Cost], undecided: Sequence[str]
) -> None:
    """Write the page anew; ``undecided`` are rows in which a client showed nothing."""
    path.write_text("\n".join(_lines(told, costs, undecided)) + "\n", encoding="utf-8")


def _lines(told: Sequence[Compared], costs: Sequence[Cost], undecided: Sequence[str]) -> Iterator[str]:
    yield _HEAD
    agree = sum(each.agrees for each in told)
    yield f"{agree} of {len(told) + len(undecided)} comparisons agree.\n"
    yield from (f"- {each}\n" for each in undecided)
    yield SUMMARY_HEAD
    yield from (summary(cost, told) for cost in costs)
    yield from _decisions(told)
    yield from _messages()


def _decisions(told: Sequence[Compared]) -> Iterator[str]:
    """The rows in which a version boots something else than another one of its client."""
    yield "\n## What they boot\n"
    booted: dict[tuple[str, str], dict[str, str]] = {}
    for each in told:
        booted.setdefault((each.client, each.row), {})[each.version] = each.real
    differing = {row: by for row, by in booted.items() if len(set(by.values())) > 1}
    if not differing:
        yield "Every version boots the same in each row."
        return
    yield "| client | offer | version | boots |"
    yield "|---|---|---|---|"
    for (client, row), by in differing.items():
        yield from (f"| {client} | {row} | {version} | {real} |" for version, real in by.items())


def _messages() -> Iterator[str]:
    """What a version sends otherwise than the table says of its client."""
    yield "\n## What they send\n"
    yield "What no row names is sent as the table of clients says.\n"
    yield "| client | version | field of its profile | value |"
    yield "|---|---|---|---|"
    for client, versions in VERSIONS.items():
        for version, profile in versions.items():
            for field in fields(profile):
                value = getattr(profile, field.name)
                if field.name != "version" and value != getattr(CLIENTS[client], field.name):
                    yield f"| {client} | {version} | {field.name} | {_shown(value)} |"


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
