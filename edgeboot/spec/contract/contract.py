"""The contract: what DHCP replies must contain, independent of what is deployed (``contracts/``).

Terms that exclude each other are found by ``edgeboot.spec.contract.contradictions``, not here.
"""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from pydantic import Field, ValidationInfo, field_validator

from edgeboot.dhcp.clients import BOOT_STAGES, ClientIdentifier, ClientProfile
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.vocabulary import INFINITE_LEASE
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.advisory_terms import Advisories
from edgeboot.spec.contract.boot_file_terms import BootFileTerms
from edgeboot.spec.contract.client_terms import refuse_unknown
from edgeboot.spec.contract.deployment_terms import DeploymentTerms
from edgeboot.spec.contract.known_defects import KnownDefect
from edgeboot.spec.contract.lease_times import LeaseTimes
from edgeboot.spec.contract.option_terms import OptionTerms
from edgeboot.spec.contract.relayed import RelayedNetwork
from edgeboot.spec.contract.reservations import Reservation, ReservationTerms
from edgeboot.spec.contract.server_terms import Ability, Answer, ServerTerms
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.spec.contract.terms import Address, Limit, Netmask

_TFTP: Final = 69


class Role(Enum):
    """The task of the server under test."""

    SERVER = "server"
    """It leases addresses and sends boot data."""
    PROXY = "proxy"
    """It only sends boot data; another server leases the addresses (PXE 2.1 section 2.2.3)."""


class Contract(BootFileTerms, ReservationTerms, LeaseTimes):
    """All terms of one deployment; fields named as in ``Reply`` are compared with replies."""

    summary: str
    role: Role = Role.SERVER
    pool: AddressPool = Field(default=None, validate_default=True)
    """The leased addresses that are not reserved; where only reserved machines are served, theirs."""
    netmask: Netmask
    broadcast_address: Address
    routers: tuple[Address, ...]
    servers: int = Field(strict=True, ge=1)
    """How many servers answer one DHCPDISCOVER."""
    answer_time: Limit
    """Time limit of an answer to a client that the server knows."""
    first_answer_time: Limit
    """Time limit of an offer to an unknown client.

    EDK2 takes an offer when one of its waits is over: after 4 s (3 to 4, by its clock's ticks), 12, 28 or 60.
    An offer that the first misses is taken 8 s later.
    """
    authoritative: bool = Field(strict=True)
    """Whether it is authoritative for the segment and answers for leases it has no record of."""
    addresses_per_boot: int = Field(strict=True, ge=1)
    """Leases per node from PXE over iPXE to its system, each with another client identifier."""
    relay_networks: tuple[IPv4Network, ...]
    """Networks whose relays (``giaddr``) are answered; relays of other networks are not."""
    relayed: tuple[RelayedNetwork, ...] = ()
    """More about some of these networks; they need not be in ``relay_networks``, too."""
    options: OptionTerms
    """The options that a reply may carry, and the values of some."""
    deployment: DeploymentTerms
    server: ServerTerms = ServerTerms()
    advisories: Advisories = Advisories()
    storm: StormTerms | None = None
    """Many nodes at once; None where nothing is stated of them."""
    known_defects: tuple[KnownDefect, ...] = ()

    @field_validator("relayed")
    @classmethod
    def _each_once(cls, relayed: tuple[RelayedNetwork, ...]) -> tuple[RelayedNetwork, ...]:
        if len({each.network for each in relayed}) < len(relayed):
            raise ValueError("relayed has a network twice")
        return relayed

    @field_validator("pool", mode="before")
    @classmethod
    def _of_known_clients(cls, terms: object, info: ValidationInfo) -> object:
        known = info.data.get("reservations")
        if info.data.get("known_clients_only") and known:
            return [str(each.address) for each in known]
        if terms is None:
            raise ValueError("is missing")
        return terms

    @field_validator("pool")
    @classmethod
    def _without_reserved_addresses(cls, pool: AddressPool, info: ValidationInfo) -> AddressPool:
        reserved = info.data.get("reservations", ())
        known_only = info.data.get("known_clients_only") and reserved
        return pool if known_only else pool.without(each.address for each in reserved)

    @field_validator("options")
    @classmethod
    def _options_for_known_clients(cls, options: OptionTerms, info: ValidationInfo) -> OptionTerms:
        refuse_unknown(options.for_client, info, "for: ")
        return options

    def left_open_for(self, client: ClientProfile) -> frozenset[int]:
        """Options that are stated for another client, which a server may not tell from this one.

        That is one with the same vendor class (option 60), if nothing is stated about this one.
        """
        if self.states(client) or client.name in self.options.for_client:
            return frozenset()
        clients, stated = self.all_clients, self.options.for_client
        alike = [name for name in stated if clients[name].vendor_class == client.vendor_class]
        return frozenset(code for name in alike for code in stated[name])

    @property
    def network(self) -> IPv4Network:
        """The segment's own network, by the server's address and the netmask."""
        return IPv4Network((self.server_identifier, str(self.netmask)), strict=False)

    @property
    def served_networks(self) -> tuple[IPv4Network, ...]:
        """Every network whose relays are answered."""
        return tuple(dict.fromkeys((*self.relay_networks, *(each.network for each in self.relayed))))

    @property
    def relayed_networks(self) -> tuple[RelayedNetwork, ...]:
        """Every network that is served through a relay only, with what is stated about it."""
        stated = {each.network: each for each in self.relayed}
        others = (each for each in self.served_networks if self.server_identifier not in each)
        return tuple(stated.get(network) or RelayedNetwork(network=network) for network in others)

    def machines_of(self, network: IPv4Network) -> tuple[Reservation, ...]:
        """A network's reserved machines that are known by MAC address; with a boot file of their own last."""
        known = [each for each in self.reservations if each.mac is not None and each.address in network]
        return tuple(sorted(known, key=lambda each: each.bootfile is not None))

    def machines(self, *, own_segment: bool) -> tuple[Reservation, ...]:
        """The reserved machines that tests boot as, where no other is served: those of the segment.

        On a segment that is not the suite's own only test nodes', whose MAC address starts with 02:eb.
        """
        of_segment = self.machines_of(self.network)
        return tuple(
            each for each in of_segment if each.mac is not None and (own_segment or is_ours(each.mac))
        )

    @property
    def machine_addresses(self) -> int:
        """How many addresses one machine holds when its last stage has booted."""
        return 1 if self.known_clients_only else self.addresses_per_boot

    @property
    def address_server(self) -> IPv4Address:
        """IP address of the server that leases addresses: the one under test, unless that is a proxy."""
        return self.server_identifier if self.proxy is None else self.proxy.address_server

    @property
    def closed_ports(self) -> dict[int, str]:
        """The UDP ports on which the server must not listen, but TFTP's where nodes fetch from it."""
        closed = self.deployment.closed_ports
        return {port: why for port, why in closed.items() if port != _TFTP or not self.serves_boot_files}

    @property
    def unknown_reboot(self) -> Answer:
        """The answer to a node in INIT-REBOOT whose address the server has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_reboot or default

    @property
    def unknown_renewal(self) -> Answer:
        """The answer to a node in RENEWING whose lease the server has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.REFUSED
        return self.server.unknown_renewal or default

    @property
    def unknown_rebinding(self) -> Answer:
        """The answer to a node in REBINDING, by broadcast, whose lease it has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_rebinding or default

    @property
    def other_servers_offer(self) -> Answer:
        """The answer to a DHCPREQUEST that selects another server's offer."""
        default = Answer.REFUSED if self.authoritative else Answer.IGNORED
        return self.server.other_servers_offer or default

    @property
    def ignores_client_identifiers(self) -> bool:
        """Whether a client is known by its MAC alone: all stages of a boot then have one address.

        One address says so only of a boot whose stages send different client identifiers: of one
        without a system, as where PXE clients alone are served, it says nothing.
        """
        stated = self.server.ignores_client_identifiers
        if stated is not None:
            return stated
        sent = {stage.client_identifier for stage in self.boot_stages} - {ClientIdentifier.NONE}
        return self.addresses_per_boot == 1 and len(sent) > 1

    @property
    def boot_stages(self) -> tuple[ClientProfile, ...]:
        """What runs on an edge node, one after the other, without those the server leaves alone."""
        return tuple(each for each in BOOT_STAGES if self.left_alone(each) is None)

    @property
    def sends_renewal_times(self) -> bool:
        """Whether T1 and T2 are in a lease of ``lease_time``: one without an end is never renewed."""
        return self.server.sends_renewal_times and self.lease_time < INFINITE_LEASE

    @property
    def lacking(self) -> frozenset[Ability]:
        """The abilities that the server does not have; tests that need them are deselected."""
        return self.server.lacking | (frozenset() if self.sends_renewal_times else {Ability.RENEWAL_TIMES})
