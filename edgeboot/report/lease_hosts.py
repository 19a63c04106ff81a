"""The hosts that a lease sends nodes to, and which of them nobody can use.

Evidence decides: a host that answers is asked, whoever states it. Only where a lab has made the
segment may one be missing without being wrong: hosts that the contract states, and whatever is
behind a router. They are not known there, which counts neither for nor against the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.client_routes import ClientRoutes, routes_of_client
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.named_hosts import HostRole, NamedHosts, named_hosts
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.node.name_server import NO_SERVICE, problem_with
from edgeboot.node.reachability import path_to
from edgeboot.report.advisories import Advice
from edgeboot.report.boot_hosts import address_of, boot_host_names, boot_urls
from edgeboot.report.findings import Finding, Sender
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.resolver_lines import resolver_causes
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import ServerConfig

NAME: Final = "unreachable_host"
"""Of the advisory, and of the findings."""
_FIELDS: Final = {HostRole.ROUTER: "routers", HostRole.NAME_SERVER: "domain_name_servers"}


@dataclass(frozen=True, slots=True)
class Unusable:
    """Hosts of one option that a node can do nothing with, as far as is known."""

    client: ClientProfile
    """The first of the table that is sent there."""
    reply: Reply
    hosts: NamedHosts
    problems: tuple[tuple[IPv4Address, str], ...]
    all_of_them: bool
    """Whether the client is left without any; else others of the list can be used, or may be."""
    names: tuple[str, ...] = ()
    """Of hosts that clients boot from, which a name server was asked for."""

    @property
    def statement(self) -> str:
        """What is wrong, with each address."""
        named = f"{option_name(self.hosts.option)} from {self.reply.sender} for {self.client}"
        return "; ".join(
            f"{self.hosts.role.value} {address} ({named}): {problem}" for address, problem in self.problems
        )

    def breaks(self, contract: Contract) -> bool:
        """Whether it fails the run: a client is left without any, and the contract says no other."""
        return self.all_of_them and contract.advisories.unreachable_host is AdvisoryLevel.ERROR

    @property
    def advice(self) -> Advice:
        """As an advisory: hosts that the client may do without."""
        hint = f"take them out of option {self.hosts.option}, or see why they are not there"
        return Advice(NAME, self._field, self.statement, hint)

    @property
    def _field(self) -> str:
        return _FIELDS.get(self.hosts.role, "options")

    def finding(self, config: ServerConfig) -> Finding:
        """As a failed check, with the lines that name the addresses."""
        received = tuple(address for address, _ in self.problems)
        sent = Sent.answered(self.reply.request, self.reply.message)
        causes = likely_causes("options", frozenset({self.hosts.option}), config, sent=sent)
        if self._is_the_server_s_resolver:
            named = tuple(cause for cause in causes if cause.line is not None)
            causes = (*resolver_causes(self.names, config), *named)
        expected = f"a {self.hosts.role.value} that answers"
        return Finding(NAME, expected, received, Sender.of(self.reply), causes, self.statement)

    @property
    def _is_the_server_s_resolver(self) -> bool:
        """Whether the DHCP server itself answers queries, and not as clients need it."""
        by_itself = [problem for address, problem in self.problems if address == self.reply.server_identifier]
        is_resolver = self.hosts.role is HostRole.NAME_SERVER and bool(self.names)
        return is_resolver and any(not problem.startswith(NO_SERVICE) for problem in by_itself)


@dataclass(frozen=True, slots=True)
class WithoutNameServer:
    """A client that is to boot from a host with a name, and is given no name server."""

    client: ClientProfile
    reply: Reply
    url: str

    def finding(self, config: ServerConfig) -> Finding:
        """As a failed check, with the line that is missing."""
        sent = Sent.answered(self.reply.request, self.reply.message)
        causes = option_causes(Code.DOMAIN_NAME_SERVER, None, config, sent=sent)
        statement = (
            f"{self.client} boots {self.url}, and {self.reply.sender} sends it no name server "
            f"({option_name(Code.DOMAIN_NAME_SERVER)}) to resolve that host by"
        )
        expected = "a name server"
        return Finding("domain_name_servers", expected, None, Sender.of(self.reply), causes, statement)


@dataclass(frozen=True, slots=True)
class LeaseHosts:
    """What the offers to all clients name, looked for from one node."""

    node: EdgeNode
    offers: Sequence[tuple[ClientProfile, Reply]]
    contract: Contract
    stand_ins: frozenset[IPv4Address] | None
    """What a lab has in the place of a site's machines, without their services; None on a site's segment."""
    _known: dict[tuple[HostRole, IPv4Address, ClientRoutes], str | None] = field(default_factory=dict)

    def unusable(self, role: HostRole) -> tuple[Unusable, ...]:
        """The hosts of a role that nobody can use, each option's once."""
        told = {}
        for client, reply in self.offers:
            for hosts in named_hosts(reply.message.options, client.parameters, client.route_habits):
                if hosts.role is role and hosts not in told:
                    told[hosts] = self._look(client, reply, hosts)
        return tuple(found for found in told.values() if found is not None)

    def without_name_server(self) -> tuple[WithoutNameServer, ...]:
        """The clients that the contract has boot from a host with a name, and that are given none."""
        return tuple(
            WithoutNameServer(client, reply, url)
            for client, reply in self.offers
            if (url := self.contract.url_for(client)) is not None
            and address_of(urlsplit(url).hostname or "") is None
            and not reply.domain_name_servers
        )

    def _look(self, client: ClientProfile, reply: Reply, hosts: NamedHosts) -> Unusable | None:
        routes = routes_of_client(reply.message.options, client)
        verdicts = [(address, self._problem(hosts.role, address, routes)) for address in hosts.addresses]
        problems = tuple((address, problem) for address, problem in verdicts if problem is not None)
        everything = len(problems) == len(verdicts) and not hosts.spare
        names = boot_host_names(self.contract)
        return Unusable(client, reply, hosts, problems, everything, names) if problems else None

    def _problem(self, role: HostRole, address: IPv4Address, routes: ClientRoutes) -> str | None:
        """Why an address cannot be used; None if it can, or if that is not known. Each is asked once."""
        asked = (role, address, routes)
        if asked not in self._known:
            self._known[asked] = self._found_wrong(role, address, routes)
        return self._known[asked]

    def _found_wrong(self, role: HostRole, address: IPv4Address, routes: ClientRoutes) -> str | None:
        in_a_lab = self.stand_ins is not None
        if self.stand_ins is not None and address in self.stand_ins:
            return None
        path = path_to(self.node, address, routes)
        if path.host is None:
            stated = bool({address, path.router} & stated_hosts(self.contract))
            return None if in_a_lab and stated and not path.outside else path.problem
        if path.router is not None and in_a_lab:
            return None  # The lab has no other networks.
        if role is not HostRole.NAME_SERVER:
            return None
        problem = problem_with(path.host, boot_host_names(self.contract))
        through = f", through the router {path.router} ({path.host.mac})" if path.router else ""
        return f"{problem}{through}" if problem else None


def stated_hosts(contract: Contract) -> frozenset[IPv4Address]:
    """The addresses of hosts that the contract states: they exist where the server is to be used."""
    named = {contract.server_identifier, contract.address_server, contract.next_server, *contract.routers}
    from_urls = {address_of(urlsplit(url).hostname or "") for url in boot_urls(contract)}
    clients = contract.all_clients
    stated = [option.value for name in clients for option in contract.options.stated_for(name)]
    values = [each for value in stated if isinstance(value, tuple) for each in value]
    named |= {each.router for each in values if isinstance(each, StaticRoute)}
    return frozenset(each for each in {*named, *from_urls, *values} if isinstance(each, IPv4Address))
