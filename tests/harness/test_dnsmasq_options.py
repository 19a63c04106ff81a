"""dnsmasq itself: the options that it sends, and their values, are what the library reads in its lines."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.option_table import OPTIONS
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.config import directives
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.deciding_lines import deciding_lines
from edgeboot.server.dnsmasq.option_lines import option_lines
from edgeboot.server.dnsmasq.origins import FIELD_OF, SUPPRESSED, origin_of
from edgeboot.spec.manifests.deployment import ServerConfig
from tests.harness.configured_lab import configured_lab

pytestmark = pytest.mark.harness

CONFIG: Final = r"""log-dhcp
interface=ens3
bind-interfaces
no-ping
dhcp-range=set:rack,192.168.99.100,192.168.99.200,255.255.255.0,192.168.99.254,12h
dhcp-vendorclass=set:windows,MSFT
dhcp-userclass=set:ipxe,iPXE
dhcp-mac=set:ours,02:eb:*:*:*:*
dhcp-host=02:eb:*:*:*:*,set:named,node
tag-if=set:other,tag:!windows,tag:!ipxe
domain=elsewhere.example.org,10.0.0.0/24
domain=here.example.org,192.168.99.0/24
domain=example.org
dhcp-option=option:router,192.168.99.1
dhcp-option=tag:windows,3
dhcp-option-force=26,1450
dhcp-option=tag:windows,26,1500
dhcp-option=tag:ipxe,tag:named,26,1400
dhcp-option=tag:!windows,6,192.168.99.5,0.0.0.0
dhcp-option=tag:windows,6
dhcp-option=tag:other,15,"tagged.example.org"
dhcp-option=tag:ipxe,12
dhcp-option=tag:rack,28,192.168.99.253
dhcp-option=tag:ipxe,28
dhcp-option=33,10.0.0.1,192.168.99.1
dhcp-option=42,192.168.99.8
dhcp-option=42,0.0.0.0,192.168.99.5
dhcp-option=tag:windows,44
dhcp-option=46,8
dhcp-option-force=option:T1,1h
dhcp-option=59,50000
dhcp-option=119,a.example.org,b.example.org
dhcp-option=121,10.9.1.0/16,0.0.0.0,10.128.0.0/9,192.168.99.1
dhcp-option=tag:windows,249,0.0.0.0/0,192.168.99.7
dhcp-option=tag:windows,252,"\n"
dhcp-option=252,"http://a/b,c"
dhcp-option=vendor:MSFT,2,1i
dhcp-option=vendor:MSFT,3,7
dhcp-option-force=vendor:PXEClient,6,8
dhcp-option=encap:175,190,user
dhcp-option=tag:ipxe,encap:175,191,pass
dhcp-option=tag:!ipxe,encap:175,192,none
dhcp-option=224,70000
dhcp-option-force=tag:other,225,ab:cd
dhcp-option=226,5i
dhcp-option=encap:43,9,9
"""
SERVER: Final = IPv4Address("192.168.99.10")
LINES: Final = sorted({each.code for each in option_lines(directives(CONFIG))})
"""The options that the lines are about."""
EVERYTHING: Final = (1, 6, 12, 15, 28, 60, *(code for code in LINES if code not in {6, 12, 15, 28, 58, 59}))
ALWAYS: Final = frozenset({1, 51, 53, 54, 59})
"""Options of no line here, or of one that is ignored: 50000 s are no less than the lease time."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetnsLab]:
    """A lab whose dnsmasq has lines of every kind about options."""
    with configured_lab(CONFIG, tmp_path_factory.mktemp("options"), "opts") as lab:
        yield lab


@pytest.fixture(scope="module", params=enumerate(CLIENTS.values(), start=1), ids=lambda each: str(each[1]))
def offers(request: pytest.FixtureRequest, lab: NetnsLab) -> list[Reply]:
    """The offers to one client of the table: by its own list, asking for everything, without a list."""
    number, client = request.param
    assert isinstance(client, ClientProfile)
    identity = EdgeNodeIdentity.numbered(number, 8, replace(client, rapid_commit=False))
    node = EdgeNode(identity, lab.open_port(identity.mac))
    return [node.asking_for(asked).discover().offer for asked in (client.parameters, EVERYTHING, None)]


def test_line_that_counts_gives_the_option_that_is_sent(offers: list[Reply]) -> None:
    """In each notation; a line without a value takes away what dnsmasq adds by itself."""
    for offered, code in itertools.product(offers, LINES):
        sent, received = Sent.answered(offered.request, offered.message), value_of(code, offered)
        deciding = deciding_lines(origin_of(code), FIELD_OF.get(code, ""), None, directives(CONFIG), sent)
        for each in deciding:
            if each.option is not None and each.applies and not each.unsent:
                is_empty = not any(each.option.values) and code in SUPPRESSED
                assert received is None if is_empty else each.holds(received, SERVER), each.line


def test_every_option_that_is_sent_has_a_line_or_is_a_default(offers: list[Reply]) -> None:
    """Nothing is sent for which the library knows no cause, by value and by presence."""
    config = ServerConfig(CONFIG, Path("dnsmasq.conf"), "")
    for offered in offers:
        sent = Sent.answered(offered.request, offered.message)
        for code in sorted({*offered.message.options.codes} - ALWAYS):
            received = value_of(code, offered)
            assert option_causes(code, received, config, sent=sent), (code, received)
            assert likely_causes("options", frozenset({code}), config, sent=sent), (code, received)


def value_of(code: int, offered: Reply) -> object:
    """As a contract compares it."""
    data = offered.message.options.all(code)
    return OPTIONS[code].format.read(data) if code in OPTIONS else b"".join(data) if data else None
