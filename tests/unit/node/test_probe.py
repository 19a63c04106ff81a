"""A probe of an interface: which can be probed, and what is asked."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.host import interfaces
from edgeboot.node.probe import Probe, check_interface


@pytest.mark.parametrize("name", ["edgeboot-none", "", ".", "..", "lo/queues"])
def test_interface_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    """Nothing is opened or sent; a path below the devices is no name."""
    with pytest.raises(UsageError, match=rf"--interface {name}: no such interface; choose from .*\blo\b"):
        check_interface(name)


@pytest.mark.parametrize(
    "flags,carrier,problem",
    [("0x1002", "", "is down; ip link set nic0 up"), ("0x1003", "0", "has no link; plug")],
)
def test_interface_without_a_link_is_refused(
    flags: str, carrier: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a link no answer is possible, which would look like a missing server."""
    (tmp_path / "nic0").mkdir()
    (tmp_path / "nic0" / "type").write_text("1\n", encoding="ascii")
    (tmp_path / "nic0" / "flags").write_text(f"{flags}\n", encoding="ascii")
    (tmp_path / "nic0" / "carrier").write_text(f"{carrier}\n", encoding="ascii")
    monkeypatch.setattr(interfaces, "NETWORK_DEVICES", tmp_path)
    with pytest.raises(UsageError, match=f"--interface nic0: {problem}"):
        check_interface("nic0")


def test_loopback_is_refused() -> None:
    """No server can answer there; DHCP needs an Ethernet segment."""
    with pytest.raises(
        UsageError, match=r"^--interface lo: is the loopback interface; name an interface on the"
    ):
        check_interface("lo")


def test_machine_that_asks_is_new_and_stays_the_same() -> None:
    """No lease is another's; with every message the xid is a new one."""
    asked, other = (Probe.of(CLIENTS["pxe-bios"]) for _ in range(2))
    first, second = asked.discover(), asked.discover()
    assert str(first.chaddr).startswith("02:eb:")
    assert first.chaddr == second.chaddr != other.mac
    assert first.xid != second.xid


def test_machine_that_is_named_asks_with_its_own_address() -> None:
    """Its reservation is shown."""
    mac = MacAddress.parse("52:54:00:00:00:07")
    assert Probe.of(CLIENTS["pxe-bios"], mac).discover().chaddr == mac


@pytest.mark.parametrize("client", CLIENTS.values(), ids=str)
def test_probe_takes_no_lease(client: object) -> None:
    """A server may answer option 80 with a DHCPACK, which is a lease."""
    assert OptionCode.RAPID_COMMIT not in Probe.of(CLIENTS[str(client)]).discover().options


def test_message_of_a_relay_has_its_address() -> None:
    """giaddr selects the range."""
    relay = IPv4Address("192.0.2.1")
    asked = Probe(CLIENTS["pxe-bios"], MacAddress(b"\x02" * 6), Probe.of(CLIENTS["pxe-bios"]).machine, relay)
    assert asked.discover().giaddr == relay
