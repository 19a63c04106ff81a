"""``edgeboot contract``: drafts a contract from a dnsmasq.conf, or explains one in sentences."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import shown
from edgeboot.base.strict_model import read_text
from edgeboot.cli.arguments import argument, machine
from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64, BootRules
from edgeboot.node.probe import Probe, check_interface, probe
from edgeboot.report.draft_from_wire import drafted_from
from edgeboot.server.dnsmasq.draft import drafted
from edgeboot.spec.contract.draft import Draft
from edgeboot.spec.contract.explained import sentences
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface, load_node_interfaces

_BOOTING: Final = [client for client in CLIENTS.values() if client.rules is not BootRules.NOTHING]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("config", metavar="CONFIG", nargs="?", type=Path, help="draft it from a dnsmasq.conf")
    source.add_argument("-i", "--interface", help="draft it from what a server offers there")
    source.add_argument("--check", metavar="FILE", type=Path, help="explain this contract, or say its error")
    mac_help = "with --interface: ask as the machine with this address, where only known ones are served"
    command.add_argument("--mac", type=argument(machine), help=mac_help)
    command.set_defaults(act=_contract)


def _contract(options: argparse.Namespace) -> int:
    if options.check is not None:
        lines = sentences(load_contract(options.check, "--check"))
    elif options.interface is not None:
        lines = _draft_from_wire(options.interface, options.mac)
    else:
        config = ServerConfig(read_text(options.config, "CONFIG"), options.config, "")
        lines = draft(config, load_node_interfaces()[0])
    for line in lines:
        print(line)
    return 0


def draft(config: ServerConfig, interface: NodeInterface) -> Iterator[str]:
    """A contract in TOML, each term below what it was derived from; raises as ``drafted``."""
    return drafted_contract(shown(config.source), drafted(config, interface))


def _draft_from_wire(interface: str, mac: MacAddress | None) -> Iterator[str]:
    """The same from the offers to clients of the table; EDK2's PXE client comes first.

    Raises:
        UsageError: the interface cannot be used, or nobody offers an address on it.
    """
    check_interface(interface)
    asked = Probe.of(EDK2_PXE_X86_64, mac)
    first = probe(interface, asked).exchange
    offers = [reply for reply in first.replies if not reply.is_proxy_offer]
    if not offers:
        hint = "draft it from CONFIG, or name a machine that the server knows with --mac"
        raise UsageError(f"--interface {interface}", "nobody offers an address there", hint)
    # One machine: the server looks once for one address, whatever firmware it runs.
    others = [
        replace(asked, client=client, wait=Wait.FIRMWARE) for client in _BOOTING if client != asked.client
    ]
    with ThreadPoolExecutor(len(others)) as pool:
        exchanges = [first, *(each.exchange for each in pool.map(partial(probe, interface), others))]
    seen = dict(zip((asked.client, *(each.client for each in others)), exchanges, strict=True))
    return drafted_contract(f"the offer of {offers[0].sender}", drafted_from(offers[0], seen))


def drafted_contract(source: str, drafted: Draft) -> Iterator[str]:
    """The terms in TOML, each below what it was derived from, and what is not known."""
    what = "correct what is not meant so, and complete what is not known"
    yield f"# Drafted from {source}: {what}."
    yield "# Not known from it: the Pod (deployment), other servers, and how fast it answers. These, and each"
    yield "# term that is not below, are those of the contract that this is based on; a client that [boots]"
    yield "# does not name is judged by its family."
    for note in drafted.notes:
        yield f"# To be completed or checked: {note}"
    yield f"based_on = {json.dumps(str(contract_path(drafted.base)))}"
    yield f"remove = {json.dumps(drafted.removed)}"
    yield f"summary = {json.dumps(f'drafted from {source}')}"
    for term in drafted.terms:
        yield f"# {term.source}"
        yield f"{term.name} = {term.value}"
