"""dnsmasq itself: the tags that it logs and the lines that it applies are those of the library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.server.dnsmasq.config import directives
from edgeboot.server.dnsmasq.option_lines import applied_options, option_lines
from edgeboot.server.dnsmasq.tags import ClientTags, applied_boot, client_tags
from tests.harness.configured_lab import configured_lab

pytestmark = pytest.mark.harness

CONFIG: Final = """log-dhcp
port=0
interface=ens3
bind-interfaces
no-ping
dhcp-range=set:rack,192.168.99.100,192.168.99.200,255.255.255.0,12h
dhcp-match=set:efi,option:client-arch,7
dhcp-match=set:efi,option:client-arch,9
dhcp-match=set:bios,93,00:00
dhcp-match=set:ipxe,175
dhcp-userclass=set:loader,iPXE
dhcp-vendorclass=set:pxe,PXEClient
dhcp-vendorclass=set:office,MSFT
dhcp-mac=set:ours,02:eb:*:*:*:*
dhcp-host=02:eb:00:07:00:03,set:named,192.168.99.150
dhcp-range=set:far,10.0.0.1,10.0.0.20,255.255.255.0
dhcp-host=02:eb:00:07:00:03,set:named-far,10.0.0.9
dhcp-host=02:eb:00:07:00:04,set:only-far,10.0.0.10
tag-if=set:elsewhere,tag:known-othernet
tag-if=set:firmware,tag:pxe,tag:!ipxe
tag-if=set:reserved,tag:known
dhcp-boot=tag:ipxe,script.ipxe
dhcp-boot=plain.efi
dhcp-boot=tag:efi,tag:!loader,efi.efi
dhcp-boot=tag:bios,tag:pxe,tag:firmware,bios.kpxe
dhcp-boot=tag:bios,late.kpxe
dhcp-boot=tag:named,named.efi
dhcp-option=tag:rack,option:router,192.168.99.1
dhcp-option=option:router,192.168.99.2
dhcp-option=tag:office,3,192.168.99.3
dhcp-option=tag:!ours,3,192.168.99.4
dhcp-option=option:ntp-server,192.168.99.5
dhcp-option=42,192.168.99.6
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetnsLab]:
    """A lab whose dnsmasq has lines of every kind with tags."""
    with configured_lab(CONFIG, tmp_path_factory.mktemp("tags"), "tags") as lab:
        yield lab


@pytest.fixture(params=enumerate(CLIENTS.values(), start=1), ids=lambda each: str(each[1]))
def offered(request: pytest.FixtureRequest, lab: NetnsLab) -> Reply:
    """The offer to one client of the table, each a machine of its own; some have dhcp-host lines."""
    number, client = request.param
    assert isinstance(client, ClientProfile)
    identity = EdgeNodeIdentity.numbered(number, 7, client)
    return EdgeNode(identity, lab.open_port(identity.mac)).discover().offer


def tags_of(offered: Reply) -> ClientTags:
    """The client's tags by the library."""
    assert offered.request is not None
    return client_tags(offered.request, directives(CONFIG), offered.address)


def test_client_has_the_tags_that_dnsmasq_logs(offered: Reply, lab: NetnsLab) -> None:
    """By log-dhcp's line about this transaction."""
    line = lab.server.log.wait_for(rf" {offered.message.xid} tags: ")
    logged = {tag.strip() for tag in line.text.rpartition("tags: ")[2].split(",")}
    assert tags_of(offered).all == logged


def test_line_that_is_weighed_heaviest_is_what_dnsmasq_sends(offered: Reply) -> None:
    """The boot file of one dhcp-boot line; router and time server of one dhcp-option line each."""
    assert offered.request is not None
    lines, tags = directives(CONFIG), tags_of(offered)
    boot = applied_boot(lines, tags)
    assert boot is not None
    assert offered.bootfile == boot.words[0]
    applied = applied_options(option_lines(lines), offered.request, tags)
    [router] = [each.values[0] for each in applied if each.code == 3]
    assert [str(each) for each in offered.routers] in ([router], [])
    assert [each.line.value for each in (one.tagged for one in applied if one.code == 42)] == [
        "42,192.168.99.6"
    ]
