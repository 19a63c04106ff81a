"""``edgeboot probe``: who answers DHCP on a segment, and what would firmware boot?"""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64
from edgeboot.machine import interfaces
from edgeboot.machine.wire.frame import Frame
from edgeboot.machine.wire.pcap import write_pcap
from edgeboot.machine.wire.port import FRAMES_KEPT
from edgeboot.node.probe import Probe, Probed, check_interface, probe
from edgeboot.report.findings import Finding
from edgeboot.report.probe import ServerVerdict, as_objects, as_table, problems, together, verdicts
from edgeboot.report.probe_changes import changes
from edgeboot.report.probe_contract import differences
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.contract.terms import Duration

EXIT_FOUND_WANTING: Final = 1
_MULTICAST: Final = 0x01
_EPILOG: Final = (
    "exit status: 0 one server answers and the client would boot; 1 nobody answers, nothing would boot, "
    "two servers answer (a ProxyDHCP beside the server with addresses is none of two), or an answer differs "
    "from the contract; 3 the interface cannot be opened; 4 an argument cannot be used. No lease is taken."
)
T = TypeVar("T")


@dataclass
class _Session:
    """One command: what it asks, how it shows the answers, and the frames of all its probes."""

    options: argparse.Namespace
    asked: Probe
    contract: Contract | None
    console: Console = field(default_factory=plain_console)
    notes: Console = field(default_factory=lambda: plain_console(stderr=True))
    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=FRAMES_KEPT))

    def ask(self) -> tuple[Probed, list[ServerVerdict], tuple[Finding, ...]]:
        """Probe once, and keep the frames."""
        probed = probe(self.options.interface, self.asked)
        answers = verdicts(probed.exchange, self.asked.client)
        found = differences(answers, probed.exchange, self.contract) if self.contract is not None else ()
        self.frames.extend(probed.frames)
        if self.options.pcap is not None:
            write_pcap(self.options.pcap, self.frames)
        return probed, answers, found

    def show(self, probed: Probed, answers: list[ServerVerdict], found: Sequence[Finding]) -> int:
        """Print a probe; its exit status."""
        wrong = problems(answers)
        if self.options.json:
            indent = None if self.options.watch else 2
            print(json.dumps(_objects(answers, found), indent=indent), flush=True)
        elif answers:
            self.console.print(as_table(answers, all_options=self.options.all_options))
        words = self.notes if self.options.json else self.console
        if len(answers) > 1:
            words.print(together(answers))
        for line in wrong if answers else ():
            words.print(f"problem: {line}")
        for finding in found:
            words.print(f"not as the contract says: {finding}")
        for line in probed.exchange.overheard:
            self.notes.print(f"note: no answer to this message: {line}")
        if not answers:
            self.notes.print(self._silence(probed))
        return EXIT_FOUND_WANTING if wrong or found else 0

    def _silence(self, probed: Probed) -> str:
        exchange = probed.exchange
        waited = f"{exchange.waited.total_seconds():.0f} s"
        text = f"nobody answered {exchange.summary} on {self.options.interface} within {waited}"
        if self.asked.giaddr is None:
            return text
        return (
            f"{text}; an answer goes to {self.asked.giaddr}, and is seen here only if that is on this segment"
        )


def add_probe(commands: Any) -> None:
    """Add the command to the parser's."""
    help_text = "who answers DHCP on a segment, and what would firmware boot?"
    command = commands.add_parser("probe", help=help_text, description=help_text, epilog=_EPILOG)
    add = command.add_argument
    add("-i", "--interface", required=True, help="where to ask: an interface on the segment")
    client_help = "the client to ask as, and by whose rules to read the answer (default: %(default)s)"
    add("--client", default=EDK2_PXE_X86_64.name, metavar="NAME", help=f"{client_help}: {', '.join(CLIENTS)}")
    wait_help = "listen for so long, such as 20s (default: 8s for the first answer, then 5s for others)"
    add("--wait", type=_argument(_duration), metavar="DURATION", help=wait_help)
    mac_help = "ask as the machine with this address, to see its reservation; it should be off meanwhile"
    add("--mac", type=_argument(_mac), help=mac_help)
    giaddr_help = "ask as a relay with this address would, which nobody on the segment should have"
    add("--giaddr", type=_argument(IPv4Address), metavar="ADDRESS", help=giaddr_help)
    add("--contract", type=Path, metavar="FILE", help="say in what the answers differ from this contract")
    add("--pcap", type=Path, metavar="FILE", help="write the frames sent and received")
    add("--all-options", action="store_true", help="show every option of the answers (JSON always has them)")
    add("--json", action="store_true", help="print a list of objects instead of a table")
    add("--watch", action="store_true", help="repeat until interrupted, and show what changes")
    command.set_defaults(act=run_probe)


def run_probe(options: argparse.Namespace) -> int:
    """Do what the command line says; the exit status.

    Raises:
        UsageError: the interface, client, contract or file cannot be used.
        LabError: the process may not open packet sockets.
    """
    check_interface(options.interface)
    if options.pcap is not None:
        check_file(options.pcap, "--pcap")
    contract = None if options.contract is None else load_contract(options.contract)
    clients = CLIENTS if contract is None else contract.all_clients
    if options.client not in clients:
        raise UsageError(f"--client {options.client}", "no such client", f"choose from {', '.join(clients)}")
    asked = replace(Probe.of(clients[options.client], options.mac), giaddr=options.giaddr, wait=options.wait)
    session = _Session(options, asked, contract)
    remark = blind_spot(options.interface)
    if remark is not None:
        session.notes.print(f"note: {remark}")
    return _watch(session) if options.watch else session.show(*session.ask())


def blind_spot(interface: str) -> str | None:
    """Why a probe of this interface may miss servers; None if it is attached as a node would be."""
    if (interfaces.NETWORK_DEVICES / interface / "bridge").is_dir():
        return (
            f"{interface} is a bridge: frames sent on it reach its ports only, not a server on this host; "
            "probe from a port of it (a veth) to see all"
        )
    return None


def _watch(session: _Session) -> int:
    """Probe until interrupted: all of the first answers, then what changes; the last one's status."""
    probed, last, found = session.ask()
    status = session.show(probed, last, found)
    try:
        while True:
            probed, answers, found = session.ask()
            changed = list(changes(last, answers))
            last, status = answers, EXIT_FOUND_WANTING if problems(answers) or found else 0
            if changed and session.options.json:
                session.show(probed, answers, found)
            elif changed:
                now = datetime.now().astimezone().strftime("%H:%M:%S")
                for line in changed:
                    session.console.print(f"{now} {line}")
    except KeyboardInterrupt:
        return status


def _objects(answers: Sequence[ServerVerdict], found: Sequence[Finding]) -> list[dict[str, Any]]:
    """The answers as JSON has them; each with what the contract says otherwise of it."""
    objects = as_objects(answers)
    for verdict, each in zip(answers, objects, strict=True):
        own = [finding for finding in found if finding.sender and str(finding.sender) == verdict.reply.sender]
        each["findings"] = [finding.to_json() for finding in own]
    return objects


def _argument(read: Callable[[str], T]) -> Callable[[str], T]:
    """What reads an argument, with its own words where that cannot be used."""

    def parse(text: str) -> T:
        try:
            return read(text)
        except (ValueError, AddressValueError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse


def _duration(text: str) -> timedelta:
    try:
        wait = TypeAdapter(Duration).validate_python(text)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["ctx"]["error"])) from None
    if not wait:
        raise ValueError("is no time at all")
    return wait


def _mac(text: str) -> MacAddress:
    mac = MacAddress.parse(text)
    if mac.packed[0] & _MULTICAST:
        raise ValueError(f"{mac} is an address of a group, not of a machine")
    return mac
