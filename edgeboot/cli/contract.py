"""``edgeboot contract``: drafts a contract from a dnsmasq.conf, or explains one in sentences."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.base.strict_model import read_text
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.node.probe import Probe, check_interface, probe
from edgeboot.report.draft_from_wire import drafted_from
from edgeboot.server.dnsmasq.draft import drafted
from edgeboot.spec.contract.draft import Term
from edgeboot.spec.contract.explained import sentences
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface, load_node_interfaces

_BASE: Final = contract_path("poc-fixed")


def add_contract(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to those of ``edgeboot``."""
    command = commands.add_parser(
        "contract", help="draft a contract from a dnsmasq.conf or the wire, or explain one in sentences"
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("config", metavar="CONFIG", nargs="?", type=Path, help="draft it from a dnsmasq.conf")
    source.add_argument("-i", "--interface", help="draft it from what a server offers there")
    source.add_argument("--check", metavar="FILE", type=Path, help="explain this contract, or say its error")
    command.set_defaults(act=_contract)


def _contract(options: argparse.Namespace) -> int:
    if options.check is not None:
        lines = sentences(load_contract(options.check, "--check"))
    elif options.interface is not None:
        lines = _draft_from_wire(options.interface)
    else:
        config = ServerConfig(read_text(options.config, "CONFIG"), options.config, "")
        lines = draft(config, load_node_interfaces()[0])
    for line in lines:
        print(line)
    return 0


def draft(config: ServerConfig, interface: NodeInterface) -> Iterator[str]:
    """A contract in TOML, each term below what it was derived from; raises as ``drafted``."""
    return drafted_contract(shown(config.source), drafted(config, interface))


def _draft_from_wire(interface: str) -> Iterator[str]:
    """The same from the offer to EDK2's PXE client.

    Raises:
        UsageError: the interface cannot be used, or nobody offers an address on it.
    """
    check_interface(interface)
    exchange = probe(interface, Probe.of(EDK2_PXE_X86_64)).exchange
    offers = [reply for reply in exchange.replies if not reply.is_proxy_offer]
    if not offers:
        raise UsageError(f"--interface {interface}", "nobody offers an address there", "draft it from CONFIG")
    remark = f"# {len(offers)} servers offered an address; this is the first one's offer."
    terms = drafted_contract(f"the offer of {offers[0].sender}", tuple(drafted_from(offers[0])))
    return iter((remark, *terms)) if len(offers) > 1 else terms


def drafted_contract(source: str, terms: tuple[Term, ...]) -> Iterator[str]:
    """The terms in TOML, each below what it was derived from, and what is not known."""
    yield f"# Drafted from {source}: correct what is not meant so, and what is not known."
    yield "# Not known from it: the Pod (deployment), how many servers answer, how fast, what each client"
    yield "# boots. The first three, and every term that is not below, are those of the contract that this"
    yield "# one is based on; clients that [boots] does not name are judged by their families."
    yield f"based_on = {json.dumps(str(_BASE))}"
    yield 'remove = ["boots"]'
    yield f"summary = {json.dumps(f'drafted from {source}')}"
    for term in terms:
        yield f"# {term.source}"
        yield f"{term.name} = {term.value}"
