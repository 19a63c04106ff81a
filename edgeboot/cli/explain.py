"""``edgeboot explain``: why did the clients of a capture boot, or not?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.cli.arguments import argument, machine
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.end import End
from edgeboot.report.capture_clients.reading import clients_of, explained, left_alone
from edgeboot.report.page.explain_page import explain_page
from edgeboot.report.page.written import write_page
from edgeboot.report.story_told.as_json import as_object
from edgeboot.report.story_told.text import text
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract

STDIN: Final = "-"
_BEGINNING: Final = 64
"""Octets of a file that tell whether it is a page."""
_NAMED: Final = 5
"""Clients or files that an error names."""
_EPILOG: Final = (
    "exit status: 0 every client booted whose end the captures show; 1 one did not, or had not when its "
    "capture ended and what it asked for had failed, or a reply differs from the contract; 2 nothing to judge"
    ": no client asks, or of none the captures show how it ended; 4 a file or an argument cannot be used"
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help="of tcpdump or Wireshark; - is the standard input")
    add("--client", type=argument(machine), metavar="MAC", help="explain this client alone")
    add("--contract", type=Path, metavar="FILE", help="say in what the replies differ from this contract")
    report_help = "write a page with a chart of each client; directories that are missing are made"
    add("--report", type=Path, metavar="FILE", help=report_help)
    add("--json", action="store_true", help="print a list with an object for each file")
    command.set_defaults(act=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Explain the files; the exit status.

    Raises:
        UsageError: a file, the contract or the client cannot be used.
    """
    if options.report is not None:
        _check_page(options.report)
    if options.files.count(STDIN) > 1:
        raise UsageError(f"FILE {STDIN}", "is named twice", "name it once: standard input can be read once")
    contract = None if options.contract is None else load_contract(options.contract, "--contract")
    captures = [_read(file, contract) for file in options.files]
    if options.client is not None:
        captures = _of_client(captures, options.client)
    if options.json:
        print(json.dumps([as_object(each) for each in captures], indent=2))
    else:
        print("\n\n".join(map(text, captures)))
    if options.report is not None:
        write_page(options.report, explain_page(captures), "--report")
    return status(captures)


def status(captures: Sequence[CaptureRead]) -> int:
    """The exit status of what was read."""
    if any(each.wanting for each in captures):
        return EXIT_FOUND_WANTING
    return 0 if any(End.BOOTED in each.ends for each in captures) else EXIT_NOTHING_JUDGED


def _check_page(page: Path) -> None:
    """That it can be written, and is no file of another kind: a capture is often the only one there is."""
    check_file(page, "--report")
    if page.is_file() and page.stat().st_size:
        with page.open("rb") as there:
            beginning = there.read(_BEGINNING)
        if not beginning.lstrip().startswith(b"<"):
            problem, hint = "exists and is no page: it would be lost", "name another file, such as boot.html"
            raise UsageError(f"--report {page}", problem, hint)


def _read(file: str, contract: Contract | None) -> CaptureRead:
    clients, notes = clients_of(_stdin() if file == STDIN else Path(file))
    with left_alone():
        stories = tuple(explained(clients))
    findings = {each.mac: judged(each, contract) for each in stories} if contract is not None else {}
    if clients.forgotten:
        lost = f"{clients.forgotten} clients were left out: more than {len(clients)} were idle for less long"
        notes = (*notes, lost)
    name = "standard input" if file == STDIN else file
    return CaptureRead(name, stories, clients.packets, clients.began, clients.until, notes, findings)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("standard input", "is closed", "name a file, or send a capture through a pipe")
    return sys.stdin.buffer


def _of_client(captures: Sequence[CaptureRead], client: MacAddress) -> list[CaptureRead]:
    """The captures with this client alone; one without it has a note that says so.

    Raises:
        UsageError: none of them has it.
    """
    if not any(each.mac == client for capture in captures for each in capture.stories):
        macs = dict.fromkeys(str(each.mac) for capture in captures for each in capture.stories)
        there = ", ".join(list(macs)[:_NAMED]) or "no client at all"
        names = ", ".join(each.name for each in captures[:_NAMED])
        raise UsageError(f"--client {client}", f"does not ask by DHCP in {names}", f"in it ask: {there}")
    return [each.of_client(client) for each in captures]
