"""``edgeboot probe``: who answers DHCP on a segment, and what would firmware boot?"""

from __future__ import annotations

import argparse
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.cli.arguments import argument, duration, machine
from edgeboot.cli.probe_session import ProbeSession
from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64
from edgeboot.host import interfaces
from edgeboot.node.probe import Probe, check_interface
from edgeboot.spec.contract.reading import load_contract

_EPILOG: Final = (
    "exit status: 0 one server answers and the client would boot; 1 nobody answers, nothing would boot, "
    "two servers answer (a ProxyDHCP beside the server with addresses is none of two), or an answer differs "
    "from the contract; 3 the interface cannot be opened; 4 an argument cannot be used. No lease is taken."
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add = command.add_argument
    add("-i", "--interface", required=True, help="where to ask: an interface on the segment")
    client_help = "the client to ask as, and by whose rules to read the answer (default: %(default)s)"
    add("--client", default=EDK2_PXE_X86_64.name, metavar="NAME", help=f"{client_help}: {', '.join(CLIENTS)}")
    wait_help = "listen for so long, such as 20s (default: 8s for the first answer, then 5s for others)"
    add("--wait", type=argument(duration), metavar="DURATION", help=wait_help)
    mac_help = "ask as the machine with this address, to see its reservation; it should be off meanwhile"
    add("--mac", type=argument(machine), help=mac_help)
    giaddr_help = "ask as a relay with this address would, which nobody on the segment should have"
    add("--giaddr", type=argument(IPv4Address), metavar="ADDRESS", help=giaddr_help)
    add("--contract", type=Path, metavar="FILE", help="say in what the answers differ from this contract")
    add("--pcap", type=Path, metavar="FILE", help="write the frames sent and received; its directory is made")
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
    session = ProbeSession(options, asked, contract)
    remark = blind_spot(options.interface)
    if remark is not None:
        session.notes.print(f"note: {remark}")
    return session.watch() if options.watch else session.once()


def blind_spot(interface: str) -> str | None:
    """Why a probe of this interface may miss servers; None if it is attached as a node would be."""
    if (interfaces.NETWORK_DEVICES / interface / "bridge").is_dir():
        return (
            f"{interface} is a bridge: frames sent on it reach its ports only, not a server on this host; "
            "probe from a port of it (a veth) to see all"
        )
    return None
