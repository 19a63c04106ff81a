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
# The rehearsal: what an Orchestrator's operator may rely on

Made by `make rehearsal`; do not edit. It brings up an Orchestrator of a stranger's (a libvirt
network with DHCP on, a kind cluster, a second tenant who holds a lease and pings all the time) and
runs the suite against it, with a kubeconfig, the name of the bridge and two capabilities. After
every line below the site is as it was before (libvirt's XML, running and defined, and its
leases; links, addresses, routes, packet filter; the namespace's objects; lock files), and the
tenant has noticed nothing: its pings are answered, no DHCP message is in its name.
"""
_REFUSED: Final = """\

## What is wrong is told in one line

| what is wrong | status | what the run says |
|---|---|---|
"""
_KILLED: Final = """\

## SIGKILL at any moment

Moments are drawn from a seed, one in each of 30 equal parts of a short run; then as soon as a change
stands in the journal, and once with the next run in the place of `edgeboot clean`.

| killed after | what stood in its journal | after `edgeboot clean` |
|---|---|---|
"""


_PASSING: Final = {
    rf"(?:{tempfile.gettempdir()}|{Path.home()})/\S*/": "…/",
    r"(?<=this machine's: )[^;|]*": "…",
    r"process \d+, since [^)]*": "process …, since …",
    r"--interface eb[0-9a-f]{6}\w+": "--interface …",
}


def main(arguments: list[str]) -> int:
    """Write the page; 1 where a test did not pass, whose page nobody should read."""
    *files, page = map(Path, arguments)
    cases = [case for file in files for case in ET.parse(file).iter("testcase")]  # noqa: S314 - our own
    bad = [case.attrib["name"] for case in cases if any(each.tag in {"failure", "error"} for each in case)]
    if bad or not cases:
        print(f"{page} is left as it is: {', '.join(bad) or 'no test ran'}", file=sys.stderr)
        return 1
    refused = [(_case(case), *told) for case in cases for told in _told(case, "refusal")]
    killed = [told for case in cases for told in _told(case, "killed")]
    text = _HEAD
    text += f"\n{len(refused)} refusals, {len(killed)} kills, in runs: {len(files)}.\n"
    text += _REFUSED + "".join(f"| {what} | {status} | {_cell(said)} |\n" for what, status, said in refused)
    text += _KILLED + "".join(f"| {when} | {_counted(stood)} | identical |\n" for when, stood in killed)
    page.write_text(text, encoding="utf-8")
    return 0


def _told(case: ET.Element, name: str) -> Iterator[list[str]]:
    for each in case.iterfind("properties/property"):
        if each.get("name") == name:
            yield str(each.get("value")).split("\t")


def _case(case: ET.Element) -> str:
    return case.attrib["name"].partition("[")[2].removesuffix("]")


def _cell(text: str) -> str:
    """Without what is this machine's, or this run's."""
    for pattern, shown in _PASSING.items():
        text = re.sub(pattern, shown, text)
    return text.replace("|", "\\|")


def _counted(stood: str) -> str:
    """As ``2 DHCP lease`` is noted."""
    return re.sub(
        r"(\d+) ([^,]+)", lambda told: told[2] if told[1] == "1" else f"{told[2]} ({told[1]})", stood
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
