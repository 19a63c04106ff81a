"""Faults of the segment: rogue servers, bridge, ports and loss, with a good server."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import FrameInjection, SegmentInjection, added_lines
from tests.faults.fault import Fault

_WHO: Final = "test_who_answers.py"
_NEW: Final = f"{_WHO}::test_exactly_the_expected_servers_answer_a_new_node"
_KNOWN: Final = f"{_WHO}::test_exactly_the_expected_servers_answer_a_known_node"
_NOT_RECEIVED: Final = (
    r"DHCPDISCOVER .* never came to the server's port; likely cause: a bridge port that does not forward "
    r"\(STP, VLAN\), or a firewall on the bridge \(bridge-nf-call-iptables with FORWARD at DROP\)"
)
_ROGUE_NAMED: Final = r"a rogue server answers: 192\.168\.99\.66 \(52:54:00:66:66:66\) "

SEGMENT_FAULTS: Final = (
    Fault(
        "rogue server",
        "a foreign DHCP server without ping check is on the segment",
        "some nodes boot, others stop in the rogue's menu",
        (SegmentInjection("rogue server"),),
        {
            _NEW: _ROGUE_NAMED
            + r"sends DHCPOFFER 192\.168\.99\.21\d for 1:00:00, router 192\.168\.99\.66, boot file "
            r"rogue\.efi from 192\.168\.99\.66, .*; probably a virtual machine",
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
        sampled=True,
    ),
    Fault(
        "rogue ProxyDHCP",
        "a second release of the PXE server offers boot data to all clients",
        "nodes boot the wrong file although their addresses are right",
        (SegmentInjection("rogue proxy"),),
        {_NEW: _ROGUE_NAMED + r"offers boot data without an address"},
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "rogue server that sends DHCPNAK",
        "an authoritative server for another range is on the segment",
        "nodes are offered an address and refused it, over and over",
        (SegmentInjection("rogue that refuses"),),
        {_KNOWN: r"expected one DHCPACK .* received 2: .*DHCPNAK of 0\.0\.0\.0 from 192\.168\.99\.66"},
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "loop behind the bridge",
        "a port of the host's bridge returns what the bridge sends",
        "frames arrive twice, and a server receives what it must ignore from its own host",
        (SegmentInjection("reflecting port"),),
        {
            "test_bridge_blindness.py::test_frame_sent_on_the_bridge_device_misses_its_server": (
                r"expected silence, answered by|once at the bridge's port, seen [23] times"
            )
        },
        files=("test_bridge_blindness.py",),
    ),
    Fault(
        "slow rogue server",
        "the server does no ping check, and a rogue DHCP server takes 5 s to answer",
        "nodes boot as they should, until the server is busy",
        (added_lines("no-ping"), FrameInjection("replies delayed by 5 s", "rogue")),
        {
            "test_rogue_servers.py::test_faster_rogue_is_reported_with_its_lead": r"first came 192\.168\.99\.10 \(52:54",
            "test_rogue_servers.py::test_faster_rogue_decides_what_a_node_boots": r"would boot tftp://192\.168\.99\.40/",
        },
        files=("test_rogue_servers.py",),
    ),
    Fault(
        "silent rogue server",
        "the rogue server of these tests sends nothing that reaches a node",
        "nothing; the test that names a rogue would prove nothing",
        (FrameInjection("all replies dropped", "rogue"),),
        {
            f"test_rogue_servers.py::{test}": r"expected one rogue server, received none; received"
            for test in (
                "test_rogue_is_named_by_address_mac_and_offer",
                "test_rogue_that_only_refuses_is_named",
            )
        }
        | {"test_rogue_servers.py::test_segment_is_clean_when_the_rogue_has_gone": r"expected 1, received 0"},
        files=("test_rogue_servers.py",),
        options=("-k=is_named or only_refuses or is_clean",),
    ),
    Fault(
        "libvirt's DHCP enabled",
        "the libvirt network still has its <dhcp> and serves on the bridge itself",
        "nodes get an address of the bridge's pool and no boot data",
        (SegmentInjection("libvirt's DHCP"),),
        {
            # It pings a new address first, and the server does not.
            f"{_WHO}::test_no_slower_server_answers": r"192\.168\.99\.1 \(\S+\) answers, too: libvirt, whose network "
            r"still has DHCP enabled: look for <dhcp> in virsh net-dumpxml",
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
        sampled=True,
    ),
    Fault(
        "duplicate server address",
        "another machine uses .10, too",
        "renewals are answered only sometimes",
        (SegmentInjection("two machines at .10"),),
        {
            f"{_WHO}::test_address_of_the_server_has_one_owner": r"expected 192\.168\.99\.10 to be 52:54:00:12:34:56's "
            r"alone, ARP names .*52:54:00:99:99:10",
        },
        files=(_WHO,),
    ),
    Fault(
        "server's port in another VLAN",
        "the server's port is tagged, the nodes' ports are not",
        "the server's log is full of offers that no node receives",
        (FrameInjection("VLAN tag"),),
        {_NEW: r"received nothing but a DHCPOFFER with the tag of VLAN 99 from 192\.168\.99\.10"},
        (f"{_WHO}::*",),
        files=(_WHO,),
        sampled=True,
    ),
    Fault(
        "spanning tree forward delay",
        "the bridge runs STP with a forward delay of 15 s",
        "firmware gives up before its port forwards; a second attempt works",
        (SegmentInjection("spanning tree"),),
        {_NEW: _NOT_RECEIVED},
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "Docker's FORWARD DROP",
        "bridge-nf-call-iptables is on, and Docker has left the policy of FORWARD at DROP",
        "after an update of Docker no node boots",
        (SegmentInjection("FORWARD DROP"),),
        {_NEW: _NOT_RECEIVED},
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "broadcasts blocked",
        "a switch blocks broadcasts at the server's port",
        "running nodes renew their leases, but no new node boots",
        (FrameInjection("broadcast blocked"),),
        {_NEW: r"the server never saw DHCPDISCOVER"},
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "MTU 500",
        "the bridge's ports forward frames of at most 500 octets",
        "nodes get their leases, and the download stalls at its first block",
        (SegmentInjection("MTU 500"),),
        {
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server": r"192\.168\.99\.40 \(52:54:00:12:34:40\) "
            r"stalled after block 0",
        },
        ("test_boot_file.py::test_boot_file_is_an_efi_application_for_x86_64",),
        files=("test_boot_file.py",),
        options=("-k=offer_leads or efi_application",),
    ),
    Fault(
        "30 % packet loss",
        "a cable or a card loses every third frame",
        "everything works at the second or third attempt",
        (FrameInjection("30 % packet loss"),),
        {
            "test_promptness.py::test_nothing_is_lost_between_node_and_server": r"\d\d of 50 unanswered within 0:00:01"
        },
        files=("test_promptness.py",),
        options=("-k=nothing_is_lost",),
    ),
    Fault(
        "checksum offload on veth",
        "checksum offload is on at veth pairs, where no hardware fills checksums in",
        "clients that read raw frames, such as dhclient, see no offer",
        (SegmentInjection("unfilled checksums"),),
        {
            "test_delivery.py::test_reply_has_valid_checksums": r"UDP checksum from 192\.168\.99\.10 .*|PENDING"
        },
        files=("test_delivery.py",),
    ),
)
