"""The three segments of the site: a good one, one with a wrong boot file, one whose interface is missing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.spec.manifests.deployment import load_deployment

CLUSTER: Final = os.environ.get("NIGHTLY_CLUSTER", "edgeboot-nightly")
PROFILE: Final = "poc-fixed"
LABEL: Final = "edgeboot.openedgeplatform.org/segment"
"""Of a node: the segment that it stands on."""
_PROFILES_NETWORK: Final = "192.168.99."
_PROFILES_INTERFACE: Final = "interface=ens3"


@dataclass(frozen=True, slots=True)
class Segment:
    """A bridge in a worker, with the Orchestrator's interface as one of its ports."""

    name: str
    number: int
    """From 1: of the worker, of the network and of the Orchestrator's interface."""
    bridge: str
    """Its name in the worker."""
    interface: str
    """What the run is told: the bridge, or one that is not there."""
    bootfile: str | None = None
    """What the server offers in place of the contract's."""
    owned_by_libvirt: bool = False

    @property
    def worker(self) -> str:
        """The container of its node, as kind names it."""
        return f"{CLUSTER}-worker{self.number if self.number > 1 else ''}"

    @property
    def network(self) -> IPv4Network:
        """Its addresses; no two segments share one, since one machine serves them all."""
        return IPv4Network(f"192.168.{100 + self.number}.0/24")

    @property
    def gateway(self) -> IPv4Interface:
        """The bridge's own address, and of libvirt's DHCP."""
        return IPv4Interface((self.network[1], self.network.prefixlen))

    @property
    def orchestrator(self) -> IPv4Interface:
        """The address of the DHCP server under test."""
        return IPv4Interface((self.network[10], self.network.prefixlen))

    @property
    def orchestrators_interface(self) -> str:
        """The Orchestrator's interface on this segment."""
        return f"ens{2 + self.number}"

    @property
    def orchestrators_mac(self) -> MacAddress:
        """Its Ethernet address."""
        return MacAddress.parse(f"52:54:00:12:34:{0x55 + self.number:02x}")

    @property
    def server(self) -> str:
        """The Pod of its DHCP server, and its ConfigMap."""
        return f"dhcp-server-{self.name}"

    @property
    def nightly(self) -> str:
        """Its CronJob."""
        return f"edgeboot-nightly-{self.name}"

    @property
    def lease(self) -> str:
        """Its Lease, by which its CronJob and a Job of many segments exclude each other."""
        return f"edgeboot-{self.name}"

    @property
    def contract(self) -> str:
        """What an edge node must get here: the profile's contract, with this segment's addresses."""
        return self._with_addresses((CONTRACTS / f"{PROFILE}.toml").read_text(encoding="utf-8"))

    @property
    def configuration(self) -> str:
        """The server's dnsmasq.conf: the profile's, with this segment's addresses and boot file."""
        text = self._with_addresses(load_deployment(PROFILE).config.text)
        assert _PROFILES_INTERFACE in text
        text = text.replace(_PROFILES_INTERFACE, f"interface={self.orchestrators_interface}")
        return text if self.bootfile is None else text.replace("signed_ipxe.efi", self.bootfile)

    def _with_addresses(self, text: str) -> str:
        return text.replace(_PROFILES_NETWORK, f"{self.network.network_address}".removesuffix("0"))


GOOD: Final = Segment("good", 1, bridge="virbr1", interface="virbr1", owned_by_libvirt=True)
WRONG_FILE: Final = Segment("wrong-file", 2, bridge="br-edge", interface="br-edge", bootfile="ipxe.efi")
NO_INTERFACE: Final = Segment("no-interface", 3, bridge="br-edge", interface="br-lab")
SEGMENTS: Final = (GOOD, WRONG_FILE, NO_INTERFACE)
