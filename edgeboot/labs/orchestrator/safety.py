"""Safety checks of the preflight: each reason against a run names who would be affected, with a hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import shown
from edgeboot.labs.orchestrator.attachment import Uplink
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.survey import SurveyResult
from edgeboot.node.exchange import Reply
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.manifests.deployment import Deployment

LONGEST_RUN: Final = timedelta(minutes=20)
"""Leases of the server that is switched off must last at least this long."""


@dataclass(frozen=True, slots=True)
class Danger:
    """One reason against a run."""

    problem: str
    hint: str


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """The libvirt DHCP that the run is going to switch off: its server address and its leases."""

    address: IPv4Address
    leases: tuple[tuple[MacAddress, IPv4Address, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Everything that the checks are based on."""

    uplink: Uplink
    contract: Contract
    deployment: Deployment
    options: OrchestratorOptions
    survey: SurveyResult
    off: SwitchedOff | None = None
    unreachable: LabError | None = None
    """Why libvirt could not be queried for the bridge's owner; None where it could."""

    @property
    def orchestrator(self) -> MacAddress | None:
        """The MAC address of the machine with the contract's server identifier."""
        return self.survey.owner(self.contract.server_identifier)

    @property
    def reserved_addresses(self) -> frozenset[IPv4Address]:
        """Addresses of the server's machine and of this one, and those that the contract sends nodes to."""
        contract = self.contract
        named = {contract.server_identifier, contract.next_server, *contract.routers}
        mac = self.orchestrator
        also = {address for address, macs in self.survey.owners.items() if mac is not None and mac in macs}
        return frozenset(named | also | self.uplink.own_addresses)

    def is_switched_off(self, reply: Reply) -> bool:
        """Whether a reply came from the server that is going to be switched off."""
        return self.off is not None and self.off.address in {reply.datagram.source, reply.server_identifier}


def check(site: SiteFacts) -> None:
    """Check that a run is safe.

    Raises:
        LabError: it is not safe; with every reason.
    """
    dangers = list(reasons(site))
    if not dangers:
        return
    problems = [danger.problem for danger in dangers]
    hints = list(dict.fromkeys(danger.hint for danger in dangers))
    problem = (
        problems[0] if len(dangers) == 1 else "; ".join(f"({n}) {text}" for n, text in enumerate(problems, 1))
    )
    hint = hints[0] if len(dangers) == 1 else "; ".join(hints)
    raise LabError(f"segment on {site.uplink.interface}", f"a run is not safe here: {problem}", hint)


def reasons(site: SiteFacts) -> Iterator[Danger]:
    """Every reason against a run on this site, the gravest first."""
    yield from _wrong_place(site)
    yield from _other_servers(site)
    yield from _overlaps(site)
    yield from _others_at_work(site)
    yield from _held_addresses(site)


def _wrong_place(site: SiteFacts) -> Iterator[Danger]:
    interface, identifier = site.uplink.interface, site.contract.server_identifier
    if identifier in site.uplink.own_addresses:
        yield Danger(
            f"{identifier}, the contract's server, is this machine: no port of {interface} can ask it",
            "run the suite on another machine of the segment",
        )
        return
    owners = site.survey.owners.get(identifier, ())
    if not owners:
        yield Danger(
            f"nobody on {interface} answers ARP for {identifier}, the contract's server_identifier",
            f"is the Orchestrator plugged in (bridge link show master {interface}), the contract its own?",
        )
    elif len(owners) > 1:
        yield Danger(
            f"{identifier} has {len(owners)} machines: {', '.join(map(str, owners))}",
            "take the address from all but the Orchestrator",
        )


def _other_servers(site: SiteFacts) -> Iterator[Danger]:
    offers = [reply for reply in site.survey.offers if not site.is_switched_off(reply)]
    proxied = site.contract.role is Role.PROXY
    if proxied:
        offers = [reply for reply in offers if reply.server_identifier != site.contract.address_server]
    senders = sorted({f"{reply.sender}, server identifier {reply.server_identifier}" for reply in offers})
    expected = 0 if site.options.deploy else site.contract.servers - int(proxied)
    if len(senders) <= expected:
        return
    problem = f"{len(senders)} DHCP servers answer" if len(senders) > 1 else "a DHCP server answers"
    also = "" if expected else ", beside the one that would be deployed"
    hint = "end all but the Orchestrator's"
    if site.options.deploy:
        hint = "verify that server: --deploy no; or end it"
    problem = f"{problem}{also}: {'; '.join(senders)}"
    own = [reply for reply in offers if reply.datagram.source in site.uplink.own_addresses]
    if own:
        problem += f" ({own[0].datagram.source} is this machine: is libvirt's DHCP still on?"
        problem += f" {site.unreachable.where} {site.unreachable.problem})" if site.unreachable else ")"
        hint = site.unreachable.hint if site.unreachable else hint
    yield Danger(problem, hint)


def _overlaps(site: SiteFacts) -> Iterator[Danger]:
    if site.contract.role is Role.PROXY:
        return  # It gives no addresses.
    reserved = site.reserved_addresses
    stated = sorted(address for address in reserved if address in site.contract.pool)
    if stated:
        yield Danger(
            f"the contract's pool has the Orchestrator's own {_listed(stated)} in it",
            "state a pool without it",
        )
    if not site.options.deploy:
        return
    for directive, pool in pools(site.deployment.config):
        overlapping = sorted(address for address in reserved if address in pool)
        if overlapping:
            source = shown(site.deployment.config.source)
            yield Danger(
                f"{source} would give away the Orchestrator's own {_listed(overlapping)} by {directive}",
                "take it out of the range",
            )


def _others_at_work(site: SiteFacts) -> Iterator[Danger]:
    if site.survey.booting and not site.options.disruptive:
        clients = ", ".join(f"{mac} (its {name} was heard)" for mac, name in site.survey.booting.items())
        yield Danger(f"somebody is booting: {clients}", "wait for its end, and run again")
    if site.survey.others_of_ours:
        macs = ", ".join(map(str, sorted(site.survey.others_of_ours)))
        yield Danger(f"another run of this suite is on the segment: {macs}", "wait for its end")


def _held_addresses(site: SiteFacts) -> Iterator[Danger]:
    if site.off is not None:
        yield from _ending_leases(site.off)
    if site.contract.role is Role.PROXY:
        return
    pool = site.contract.pool
    mac = site.orchestrator
    held = {
        address: macs for address, macs in site.survey.owners.items() if address in pool and mac not in macs
    }
    if held and site.options.deploy and not site.options.disruptive:
        owners = ", ".join(f"{address} ({macs[0]})" for address, macs in sorted(held.items()))
        yield Danger(
            f"others have addresses of the pool, of which a newly deployed server knows nothing: {owners}",
            "verify the server that gave them (--deploy no), or deploy another pool",
        )
    free = len(pool) - len(held)
    if free < site.options.budget(len(pool)):
        yield Danger(
            f"{len(held)} of the pool's {len(pool)} addresses are held by others, a run may hold "
            f"{site.options.budget(len(pool))}",
            "allow fewer by --max-leases, or make the pool larger",
        )


def _ending_leases(off: SwitchedOff) -> Iterator[Danger]:
    for mac, address, expires in off.leases:
        if expires is not None and expires - datetime.now(expires.tzinfo) < LONGEST_RUN:
            minutes = int(LONGEST_RUN.total_seconds()) // 60
            yield Danger(
                f"the lease of {mac} at {address} ends at {expires:%H:%M:%S} and could not be renewed while "
                "libvirt's DHCP is off",
                f"run when leases last {minutes} minutes more: have that client renew its own",
            )


def _listed(addresses: Iterable[IPv4Address]) -> str:
    return ", ".join(map(str, addresses))
