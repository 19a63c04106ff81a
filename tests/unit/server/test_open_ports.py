"""Which line of dnsmasq.conf opens a port beside DHCP's."""

from __future__ import annotations

import pytest

from edgeboot.server.dnsmasq.open_ports import opening
from tests.unit.samples import config


@pytest.mark.parametrize(
    "text,port,causes",
    [
        ("port=0\n", 53, []),
        ("log-dhcp\n", 53, ["dnsmasq.conf has no port=0: dnsmasq then serves DNS"]),
        ("log-dhcp\nport=53\n", 53, ["dnsmasq.conf:2 port=53"]),
        ("port=0\n", 69, []),
        ("enable-tftp\nport=0\n", 69, ["dnsmasq.conf:1 enable-tftp"]),
        ("log-dhcp\n", 123, []),
    ],
)
def test_port_is_opened_by_its_line(text: str, port: int, causes: list[str]) -> None:
    """The resolver is on unless a line turns it off; of another program's port dnsmasq.conf says nothing."""
    found = list(map(str, opening(port, config(text))))
    assert [each.partition(", and")[0] for each in found] == causes
