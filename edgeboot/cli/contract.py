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
from edgeboot.server.dnsmasq.draft import Term, drafted
from edgeboot.spec.contract.explained import sentences
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface, load_node_interfaces

_BASE: Final = contract_path("poc-fixed")


def add_contract(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to those of ``edgeboot``."""
    command = commands.add_parser(
        "contract", help="draft a contract from a dnsmasq.conf, or explain one in sentences"
    )
    command.add_argument("config", metavar="CONFIG", nargs="?", type=Path, help="a dnsmasq.conf")
    command.add_argument("--check", metavar="FILE", type=Path, help="explain this contract, or say its error")
    command.set_defaults(act=_contract)


def _contract(options: argparse.Namespace) -> int:
    if (options.config is None) == (options.check is None):
        raise UsageError("edgeboot contract", "needs CONFIG or --check FILE", "name one of the two")
    if options.check is not None:
        lines = sentences(load_contract(options.check, "--check"))
    else:
        config = ServerConfig(read_text(options.config, "CONFIG"), options.config, "")
        lines = draft(config, load_node_interfaces()[0])
    for line in lines:
        print(line)
    return 0


def draft(config: ServerConfig, interface: NodeInterface) -> Iterator[str]:
    """A contract in TOML, each term below what it was derived from; raises as ``drafted``."""
    terms = drafted(config, interface)
    yield f"# Drafted from {shown(config.source)}: correct what is not meant so, and what is not known."
    yield "# Not known from it: the Pod (deployment), how many servers answer, how fast, what each client"
    yield "# boots. The first three are those of the contract that this one is based on; clients that"
    yield "# [boots] does not name are judged by their families."
    yield f"based_on = {json.dumps(str(_BASE))}"
    yield 'remove = ["boots"]'
    yield f"summary = {json.dumps(f'drafted from {config.source.name}')}"
    if not any(term.name == "routers" for term in terms):
        routers = json.dumps([str(interface.address.ip)])
        terms = (*terms, Term("routers", routers, "no dhcp-option line: dnsmasq names itself"))
    for term in terms:
        yield f"# {term.source}"
        yield f"{term.name} = {term.value}"
