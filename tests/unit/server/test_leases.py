"""dnsmasq's lease file, whole and as it may be found while it is rewritten."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.mac import MacAddress
from edgeboot.server.dnsmasq.leases import NEVER, parse_leases
from edgeboot.server.protocol import Lease

MAC: Final = MacAddress.parse("02:eb:00:00:00:01")
ADDRESS: Final = IPv4Address("192.168.99.100")
LINE: Final = "1700000000 02:eb:00:00:00:01 192.168.99.100 * *\n"
OTHER: Final = "1700000100 02:eb:00:00:00:02 192.168.99.101 node2 ff:01:02\n"


def test_lease_has_client_address_and_end() -> None:
    """A star is no client identifier."""
    expires = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert parse_leases(LINE) == (Lease(MAC, ADDRESS, expires, None),)


def test_client_identifier_is_kept_as_it_is_written() -> None:
    """The host name is not."""
    [lease] = parse_leases(OTHER)
    assert (lease.mac, lease.client_id) == (MacAddress.parse("02:eb:00:00:00:02"), "ff:01:02")


def test_leases_keep_the_order_of_the_file() -> None:
    """The order is the server's; empty lines are left out."""
    assert [lease.address for lease in parse_leases(f"{OTHER}\n{LINE}")] == [ADDRESS + 1, ADDRESS]


@pytest.mark.parametrize("text", ["", "\n", "duid 00:01:00:01\n"])
def test_file_without_leases_has_none(text: str) -> None:
    """As it is before the first client, with DHCPv6 and without."""
    assert parse_leases(text) == ()


def test_leases_of_dhcpv6_are_left_out() -> None:
    """They come behind the server's DUID and have no MAC."""
    six = "duid 00:01:00:01\n1700000000 7483 2001:db8::1 * 00:01:00:01:2b:3c\n"
    assert parse_leases(LINE + six) == parse_leases(LINE)


def test_hardware_type_before_the_mac_is_left_out() -> None:
    """A type that is not Ethernet's is written before the address."""
    assert parse_leases(LINE.replace("02:eb", "06-02:eb"))[0].mac == MAC


@given(st.integers(0, len(LINE) - len("*\n") - 1))
def test_line_that_is_half_there_is_left_out(cut: int) -> None:
    """The file is rewritten in place: its last line may end anywhere."""
    assert parse_leases(OTHER + LINE[:cut]) == parse_leases(OTHER)


@given(st.integers(1, 2**32 - 1))
def test_any_end_is_a_time_in_utc(seconds: int) -> None:
    """Seconds since the epoch, whatever the machine's own zone is."""
    [lease] = parse_leases(LINE.replace("1700000000", str(seconds)))
    assert lease.expires.timestamp() == seconds
    assert lease.expires.tzinfo is UTC


def test_infinite_lease_never_ends() -> None:
    """The file has 0 for its end, which is no time in 1970."""
    [lease] = parse_leases(LINE.replace("1700000000", "0"))
    assert lease.expires == NEVER


@pytest.mark.parametrize("mac", ["20-80:00:00:00:fe:80", "02:eb:00:00:00:01:02:03", "06"])
def test_client_that_is_not_on_ethernet_is_left_out(mac: str) -> None:
    """Its hardware address has another length, and no edge node has such a one."""
    text = LINE.replace(str(MAC), "20-" + "80:" * 19 + "00") + LINE.replace(str(MAC), f"{mac}:ff:ff:ff")
    assert parse_leases(text + OTHER) == parse_leases(OTHER)
