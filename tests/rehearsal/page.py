"""Writes docs/rehearsal.md from the JUnit files of its runs: python -m tests.rehearsal.page JUNIT… PAGE."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

_HEAD: Final = """\
# The rehearsal: what the operator of an Orchestrator may rely on

Written by `make rehearsal`; do not edit. It brings up somebody else's Orchestrator (a libvirt
network with DHCP on, a kind cluster, a second tenant that holds a lease and pings all the time) and
runs the suite against it, with a kubeconfig, the name of the bridge and two capabilities. After
every line below the site is as it was before (libvirt's XML, running and defined, and its
leases; links, addresses, routes, packet filter; the namespace's objects; lock files), and the
tenant was not disturbed: its pings are answered, and no DHCP message carries its MAC address.
"""
_REFUSED: Final = """\

## Each refusal is one line

| what is wrong | exit status | message |
|---|---|---|
"""
_KILLED: Final = """\

## SIGKILL at any moment

Moments are drawn from a seed, one in each of 30 equal parts of a short run; then as soon as a change
stands in the journal, and once with the next run in the place of `edgeboot clean`.

| killed after | what stood in its journal | after `edgeboot clean` |
|---|---|---|
"""


_VOLATILE: Final = {
    rf"(?:{tempfile.gettempdir()}|{Path.home()})/\S*/": "…/",
    r"(?<=this machine's: )[^;|]*": "…",
    r"process \d+, since [^)]*": "process …, since …",
    r"--interface eb[0-9a-f]{6}\w+": "--interface …",
}


def main(arguments: list[str]) -> int:
    """Write the page; exit status 1, without a page, if a test did not pass."""
    *files, page = map(Path, arguments)
    cases = [case for file in files for case in ET.parse(file).iter("testcase")]
    bad = [case.attrib["name"] for case in cases if any(each.tag in {"failure", "error"} for each in case)]
    if bad or not cases:
        print(f"{page} is left as it is: {', '.join(bad) or 'no test ran'}", file=sys.stderr)
        return 1
    refusals = [(_case_id(case), *note) for case in cases for note in _notes(case, "refusal")]
    kills = [note for case in cases for note in _notes(case, "killed")]
    text = _HEAD
    text += f"\n{len(refusals)} refusals, {len(kills)} kills, in runs: {len(files)}.\n"
    text += _REFUSED + "".join(
        f"| {defect} | {status} | {_table_cell(message)} |\n" for defect, status, message in refusals
    )
    text += _KILLED + "".join(
        f"| {moment} | {_with_counts(left_over)} | identical |\n" for moment, left_over in kills
    )
    page.write_text(text, encoding="utf-8")
    return 0


def _notes(case: ET.Element, name: str) -> Iterator[list[str]]:
    for each in case.iterfind("properties/property"):
        if each.get("name") == name:
            yield str(each.get("value")).split("\t")


def _case_id(case: ET.Element) -> str:
    return case.attrib["name"].partition("[")[2].removesuffix("]")


def _table_cell(text: str) -> str:
    """The text for a table, without the parts that belong to this machine or run."""
    for pattern, replacement in _VOLATILE.items():
        text = re.sub(pattern, replacement, text)
    return text.replace("|", "\\|")


def _with_counts(left_over: str) -> str:
    """The text with counts behind the kinds: ``DHCP lease (2)`` for ``2 DHCP lease``."""
    return re.sub(
        r"(\d+) ([^,]+)", lambda match: match[2] if match[1] == "1" else f"{match[2]} ({match[1]})", left_over
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
