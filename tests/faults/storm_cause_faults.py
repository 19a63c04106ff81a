"""Servers whose fault in a storm is told by one line: of boot files, of addresses, of the machine."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import (
    BootFileChange,
    ConfigChange,
    FrameInjection,
    HostCommand,
    SegmentInjection,
    config_change,
)
from tests.faults.storm_fault import ACKS, IN_TIME, NODES, READY, lines, stated, storm_fault

_NO_NODE: Final = rf"0 of {NODES} nodes were ready: {NODES} gave up without a boot file.*"
_PORTS: Final = "tftp-port-range=40000,40049\n"
_SMALL: Final = BootFileChange(lambda octets: octets[:200_000])
"""35 windows of four blocks."""
_LEASES: Final = (
    r'mkdir -p /var/lib/misc; awk "BEGIN {{for (i = 0; i < 20000; i++) '
    r'printf \"4000000000 02:00:00:00:%02x:%02x 10.9.%d.%d * *\\n\", i / 256, i % 256, i / 256, i % 256}}" '
    r"> /var/lib/misc/dnsmasq.leases"
)
"""Writes twenty thousand leases of other machines, 0.9 MB."""

STORM_CAUSE_FAULTS: Final = (
    storm_fault(
        "storm: silent server",
        "the server is stopped, not ended, when twenty machines have their addresses",
        "the others do not boot, and the Pod looks healthy",
        (lines(), stated(), SegmentInjection("server suspended in mid-storm")),
        {
            READY: rf"of {NODES} nodes were ready: .*the server was silent after \d+\.\d s: "
            r"\d+ nodes asked until \d+\.\d s in vain, and it was not seen to end; its log ends at \d+\.\d s"
        },
        ("test_storm.py::test_single_node_is_answered_after_a_storm",),
    ),
    storm_fault(
        "storm: hashes that collide",
        "the pool has room for all, and dnsmasq offers some of its addresses to two machines each",
        "machines get a DHCPNAK, and stay off",
        (lines(), stated(macs="scattered")),
        {
            READY: r"of 40 nodes were ready: \d+ gave up by a DHCPNAK.*dnsmasq chooses an address by a hash "
            r"of the MAC address.*of the 101 addresses in its pool went to nodes of this storm; to mend it, "
            r"give known machines an address each"
        },
    ),
    storm_fault(
        "storm: machines left out",
        "dhcp-ignore leaves out machines that the server does not know",
        "no machine boots",
        (lines("dhcp-ignore=tag:!known"), stated()),
        {
            READY: rf"0 of {NODES} nodes were ready: .*the server ignored \d+ DHCPDISCOVERs, as its log "
            r"says; to mend it, see for whom \S+\.conf:\d+ dhcp-ignore=tag:!known is"
        },
        (IN_TIME, "test_storm.py::test_single_node_is_answered_after_a_storm"),
    ),
    storm_fault(
        "storm: no boot file",
        "the boot file is not in tftp-root",
        "every machine gets an address, and boots nothing",
        (config_change("tftp-root=/srv/boot", "tftp-root=/etc"), stated(fetch=True)),
        {
            READY: rf"{_NO_NODE}{NODES} nodes have no boot file, since their boot server refused it: "
            r"192\.168\.99\.10 answered error 1 \(file not found\) 'file /etc/ipxe\.efi not found for "
            r"\(the node\)' for ipxe\.efi; to mend it, see what is in the directory of "
            r"\S+\.conf:\d+ tftp-root=/etc, and who may read it"
        },
        (IN_TIME,),
        profile="proxydhcp",
    ),
    storm_fault(
        "storm: no TFTP",
        "dnsmasq names itself as the boot server, and has no enable-tftp",
        "every machine gets an address, and asks for its file in vain",
        (config_change("enable-tftp\n", ""), stated(fetch=True)),
        {
            READY: rf"{_NO_NODE}{NODES} nodes have no boot file, since their boot server was silent: "
            r"192\.168\.99\.10 did not answer the read request for ipxe\.efi; to mend it, add enable-tftp to"
        },
        (IN_TIME,),
        profile="proxydhcp",
    ),
    storm_fault(
        "storm: boot server at another address",
        "dhcp-boot names an address that no machine has",
        "every machine gets an address, and finds no boot server",
        (config_change("192.168.99.40", "192.168.99.44"), stated(fetch=True)),
        {
            READY: rf"{_NO_NODE}{NODES} nodes have no boot file, since nobody on the segment has the "
            r"address of their boot server, .*no ARP reply for 192\.168\.99\.44; to mend it, correct "
            r"\S+\.conf:\d+ dhcp-boot=\S+, or start that machine"
        },
        (IN_TIME,),
    ),
    storm_fault(
        "storm: five transfers on a slow line",
        "tftp-max is 5, and packets take 0.2 s to the machines",
        "the last machines ask for their file in vain",
        (
            ConfigChange(((_PORTS, "tftp-max=5\n"),)),
            stated(fetch=True, arrival="burst", all_ready_within="30s"),
            _SMALL,
            FrameInjection("storm: slow TFTP"),
        ),
        {
            READY: rf"of {NODES} nodes were ready: .*TFTP serves 5 nodes at once and had as many, .*"
            r"to mend it, raise \S+\.conf:\d+ tftp-max=5 \(--what-if tftp-max=1000 measures it\)"
        },
        (IN_TIME,),
        profile="proxydhcp",
    ),
    storm_fault(
        "storm: slow line",
        "nothing but the line: packets take 0.2 s to the machines",
        "machines read their files slowly, all at once",
        (
            stated(fetch=True, arrival="burst", all_ready_within="100s"),
            _SMALL,
            FrameInjection("storm: slow TFTP"),
        ),
        {},
        profile="proxydhcp",
    ),
    storm_fault(
        "storm: lease file of 20,000",
        "dnsmasq writes its file anew for each lease, with those of twenty thousand other machines",
        "machines wait for their DHCPACK, ever longer",
        (
            lines("dhcp-lease-max=50000", pool="dhcp-range=192.168.99.20,192.168.99.229"),
            stated(150, ack_p99="5s", arrival="burst", pool="192.168.99.20-192.168.99.229"),
            HostCommand(_LEASES),
        ),
        {
            f"{IN_TIME}[{ACKS}]": r"5 s are allowed.*the lease file is written anew for each DHCPACK: "
            r"\d{6,7} octets for each at first, \d{6,7} at the end, \d+ more with each lease"
        },
    ),
)
