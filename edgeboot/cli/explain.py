"""``edgeboot explain``: why did the clients of a capture boot, or not?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.cli.arguments import argument, machine
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED
from edgeboot.report.explain.reading import clients_of, explained
from edgeboot.report.explain.story import ClientStory, Outcome
from edgeboot.report.explained.as_json import as_object
from edgeboot.report.explained.capture_read import CaptureRead
from edgeboot.report.explained.judged import judged
from edgeboot.report.explained.text import text
from edgeboot.report.page.explain_page import explain_page
from edgeboot.report.page.written import write_page
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract

STDIN: Final = "-"
_EPILOG: Final = (
    "exit status: 0 every client booted whose end the captures show; 1 one did not, or a reply differs from "
    "the contract; 2 nothing to judge: no client asks, or of none the captures show how it ended; 4 a file "
    "or an argument cannot be used"
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help="of tcpdump or Wireshark; - is the standard input")
    add("--client", type=argument(machine), metavar="MAC", help="explain this client alone")
    add("--contract", type=Path, metavar="FILE", help="say in what the replies differ from this contract")
    add("--report", type=Path, metavar="FILE", help="write a page with a chart of each client")
    add("--json", action="store_true", help="print a list with an object for each file")
    command.set_defaults(act=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Explain the files; the exit status.

    Raises:
        UsageError: a file, the contract or the client cannot be used.
    """
    if options.report is not None:
        check_file(options.report, "--report")
    contract = None if options.contract is None else load_contract(options.contract, "--contract")
    captures = [_read(file, options.client, contract) for file in options.files]
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
    return 0 if any(each.of(Outcome.BOOTED) for each in captures) else EXIT_NOTHING_JUDGED


def _read(file: str, client: MacAddress | None, contract: Contract | None) -> CaptureRead:
    name = "standard input" if file == STDIN else file
    clients, notes = clients_of(sys.stdin.buffer if file == STDIN else Path(file))
    stories = _chosen(tuple(explained(clients)), client, name)
    findings = {each.mac: judged(each, contract) for each in stories} if contract is not None else {}
    if clients.forgotten:
        lost = f"{clients.forgotten} clients were left out: more than {len(clients)} were idle for less long"
        notes = (*notes, lost)
    return CaptureRead(name, stories, clients.packets, clients.began, clients.until, notes, findings)


def _chosen(
    stories: tuple[ClientStory, ...], client: MacAddress | None, file: str
) -> tuple[ClientStory, ...]:
    if client is None:
        return stories
    chosen = tuple(each for each in stories if each.mac == client)
    if not chosen:
        there = ", ".join(str(each.mac) for each in stories[:5]) or "no client at all"
        raise UsageError(f"--client {client}", f"does not ask by DHCP in {file}", f"in it ask: {there}")
    return chosen
