"""Why a run is not safe on a segment: every reason with its message, and no false alarm."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.labs.orchestrator.attachment import AttachmentKind, Uplink
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.safety import SiteFacts, SwitchedOff, check, reasons
from edgeboot.labs.orchestrator.survey import SurveyResult
from edgeboot.node.exchange import Reply
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.manifests.deployment import ServerConfig, load_deployment
from tests.unit.samples import CONTRACT, OFFER, SERVER, SERVER_MAC, message, reply

BRIDGE: Final = IPv4Address("192.168.99.1")
BRIDGE_MAC: Final = MacAddress.parse("52:54:00:00:99:01")
TENANT: Final = MacAddress.parse("52:54:00:aa:00:01")
IN_POOL: Final = IPv4Address("192.168.99.150")
POC: Final = load_deployment("poc")
UPLINK: Final = Uplink("virbr1", AttachmentKind.BRIDGE, BRIDGE_MAC, (IPv4Interface("192.168.99.1/24"),))
SEEN: Final = {SERVER: (SERVER_MAC,), BRIDGE: (BRIDGE_MAC,)}


def offer_of(address: IPv4Address, mac: MacAddress) -> Reply:
    """A server's offer, which names itself."""
    came = reply(message(OFFER, option(Code.SERVER_IDENTIFIER, address)), mac=mac)
    return replace(came, datagram=replace(came.datagram, source=address, source_mac=mac))


def leased(minutes: int) -> SwitchedOff:
    """libvirt's DHCP with one client, whose lease lasts so many minutes."""
    ends = datetime.now(UTC) + timedelta(minutes=minutes)
    return SwitchedOff(BRIDGE, ((TENANT, IPv4Address("192.168.99.210"), ends),))


@dataclass(frozen=True)
class SafetyCase:
    """The differences from a site on which a run is safe."""

    uplink: dict[str, Any] = field(default_factory=dict)
    survey: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    contract: dict[str, Any] = field(default_factory=dict)
    config: str | None = None
    off: SwitchedOff | None = None

    @property
    def site(self) -> SiteFacts:
        """The complete facts of the site."""
        text = self.config or POC.config.text
        return SiteFacts(
            uplink=replace(UPLINK, **self.uplink),
            contract=CONTRACT.model_copy(update=self.contract),
            deployment=replace(POC, config=ServerConfig(text, Path("dnsmasq.conf"), "/etc/dnsmasq.conf")),
            options=OrchestratorOptions(interface="virbr1", **self.options),
            survey=SurveyResult(**({"owners": SEEN} | self.survey)),
            off=self.off,
        )


LIBVIRT_S: Final = offer_of(BRIDGE, BRIDGE_MAC)
OWN: Final = offer_of(SERVER, SERVER_MAC)
OTHER: Final = offer_of(IPv4Address("192.168.99.66"), TENANT)
TO_VERIFY: Final = {"deploy": False}

SAFE: Final = {
    "nobody serves": SafetyCase(),
    "what answers is switched off": SafetyCase(survey={"offers": (LIBVIRT_S,)}, off=leased(59)),
    "the server to verify answers": SafetyCase(survey={"offers": (OWN,)}, options=TO_VERIFY),
    "its clients hold leases": SafetyCase(
        survey={"owners": SEEN | {IN_POOL: (TENANT,)}, "offers": (OWN,)}, options=TO_VERIFY
    ),
    "strangers outside the pool": SafetyCase(
        survey={"owners": SEEN | {IPv4Address("192.168.99.210"): (TENANT,)}}
    ),
    "somebody boots, and may be disrupted": SafetyCase(
        survey={"booting": {TENANT: "DHCPDISCOVER"}}, options={"disruptive": True}
    ),
}
UNSAFE: Final = {
    "server is this machine": (
        SafetyCase(uplink={"addresses": (IPv4Interface(f"{SERVER}/24"),)}),
        r"192\.168\.99\.10, the contract's server, is this machine",
    ),
    "nobody has its address": (
        SafetyCase(survey={"owners": {}}),
        r"nobody on virbr1 answers ARP for 192\.168\.99\.10.*bridge link show master virbr1",
    ),
    "two have its address": (
        SafetyCase(survey={"owners": {SERVER: (SERVER_MAC, TENANT)}}),
        "has 2 machines: 52:54:00:12:34:56, 52:54:00:aa:00:01",
    ),
    "libvirt's DHCP is on": (
        SafetyCase(survey={"offers": (LIBVIRT_S,)}),
        r"a DHCP server answers.*99\.1 \(52:54:00:00:99:01\).*is this machine: is libvirt's DHCP still on",
    ),
    "another serves": (
        SafetyCase(survey={"offers": (OTHER,)}),
        r"beside the one that would be deployed: 192\.168\.99\.66 .*--deploy no",
    ),
    "two serve": (
        SafetyCase(survey={"offers": (OWN, OTHER)}, options=TO_VERIFY),
        r"2 DHCP servers answer: 192\.168\.99\.10 .*192\.168\.99\.66",
    ),
    "the contract's pool has its router": (
        SafetyCase(contract={"pool": AddressPool.of(BRIDGE, IN_POOL)}),
        r"the contract's pool has the Orchestrator's own 192\.168\.99\.1, 192\.168\.99\.10, 192\.168\.99\.40",
    ),
    "its VIP is in the range": (
        SafetyCase(config="dhcp-range=set:x,192.168.99.20,192.168.99.45,255.255.255.0,12h"),
        r"dnsmasq\.conf would give away the Orchestrator's own 192\.168\.99\.40 by dhcp-range=set:x",
    ),
    "an address its machine answers for": (
        SafetyCase(
            survey={"owners": SEEN | {IPv4Address("192.168.99.30"): (SERVER_MAC,)}},
            config="dhcp-range=192.168.99.30,192.168.99.35,12h",
        ),
        r"the Orchestrator's own 192\.168\.99\.30",
    ),
    "somebody boots": (
        SafetyCase(survey={"booting": {TENANT: "DHCPREQUEST"}}),
        r"somebody is booting: 52:54:00:aa:00:01 \(its DHCPREQUEST was heard\); wait",
    ),
    "another run": (
        SafetyCase(survey={"others_of_ours": frozenset({MacAddress.parse("02:eb:00:00:00:07")})}),
        "another run of this suite is on the segment: 02:eb:00:00:00:07",
    ),
    "strangers in the pool": (
        SafetyCase(survey={"owners": SEEN | {IN_POOL: (TENANT,)}}),
        r"others have addresses of the pool.*192\.168\.99\.150 \(52:54:00:aa:00:01\)",
    ),
    "pool is full": (
        SafetyCase(
            survey={"owners": SEEN | dict.fromkeys(list(CONTRACT.pool.addresses())[:90], (TENANT,))},
            options=TO_VERIFY,
        ),
        "90 of the pool's 101 addresses are held by others, a run may hold 20",
    ),
    "a lease ends": (
        SafetyCase(off=leased(5)),
        r"lease of 52:54:00:aa:00:01 at 192\.168\.99\.210 ends at .* could not be renewed",
    ),
}


@pytest.mark.parametrize("circumstances", SAFE.values(), ids=SAFE)
def test_safe_segment_is_entered(circumstances: SafetyCase) -> None:
    """No reason against a run is reported."""
    assert list(reasons(circumstances.site)) == []
    check(circumstances.site)


@pytest.mark.parametrize("circumstances,says", UNSAFE.values(), ids=UNSAFE)
def test_unsafe_segment_is_refused_with_the_reason(circumstances: SafetyCase, says: str) -> None:
    """Each reason has a hint, in one line."""
    with pytest.raises(LabError, match=f"segment on virbr1: a run is not safe here: .*{says}"):
        check(circumstances.site)


def test_every_reason_is_told_at_once() -> None:
    """All reasons are listed at once, so that users need not fix them one by one."""
    both = SafetyCase(survey={"owners": {}, "booting": {TENANT: "DHCPDISCOVER"}})
    with pytest.raises(LabError, match=r"\(1\) nobody on virbr1 answers.*\(2\) somebody is booting"):
        check(both.site)
