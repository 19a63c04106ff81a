"""Servers that fail when many nodes ask at once, and others that must pass.

A run takes half a minute, and they are runs of their own: ``python -m tests.faults --storms``.
"""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ConfigChange, FrameInjection, SegmentInjection
from tests.faults.good_server import GOOD_SERVERS, GoodServerCause
from tests.faults.storm_cause_faults import STORM_CAUSE_FAULTS
from tests.faults.storm_fault import (
    ACKS,
    ALONE,
    IN_TIME,
    NODES,
    OFFERS,
    PINGING,
    READY,
    SERVER,
    lines,
    stated,
    storm_fault,
)

STORM_FAULTS: Final = (
    storm_fault(
        "storm: one address for all",
        "every DHCPOFFER and DHCPACK has the same yiaddr",
        "machines boot, and lose their connections to each other",
        (lines(), stated(all_ready_within="60s"), FrameInjection("one address for all clients")),
        {
            ALONE: r"two nodes or more were given 192\.168\.99\.\d+.*192\.168\.99\.\d+ was given to "
            r"02:eb:57:00:00:00, 02:eb:57:00:00:01, 02:eb:57:00:00:02 and \d+ more by 192\.168\.99\.10"
        },
    ),
    storm_fault(
        "storm: every tenth DHCPREQUEST forgotten",
        "the server answers nine DHCPREQUESTs of ten",
        "every tenth machine takes four seconds longer, and now and then one does not boot",
        (lines(), stated(ack_p99="6s"), FrameInjection("storm: every tenth DHCPREQUEST dropped")),
        {
            f"{IN_TIME}[{ACKS}]": r"time to the DHCPACK.*6 s are allowed.*"
            r"\d+ of \d+ DHCPREQUESTs were not answered in time, sent to 192\.168\.99\.10 \(52:54"
        },
    ),
    storm_fault(
        "storm: every fifth DHCPDISCOVER lost",
        "the segment loses every fifth DHCPDISCOVER on its way to the server",
        "machines take four or twelve seconds longer",
        (lines(), stated(offer_p99="2s"), FrameInjection("storm: every fifth DHCPDISCOVER dropped")),
        {
            f"{IN_TIME}[{OFFERS}]": r"2 s are allowed.*lost on the segment.*of \d+ DHCPDISCOVERs its log "
            r"lacks [1-9]\d*, .*its sockets dropped 0"
        },
    ),
    storm_fault(
        "storm: every DHCPREQUEST refused",
        "a DHCPNAK in place of every DHCPACK",
        "no machine boots, though all are offered an address",
        (lines(), stated(all_ready_within="60s"), FrameInjection("DHCPNAK to every request")),
        {
            READY: rf"0 of {NODES} nodes were ready: {NODES} gave up by a DHCPNAK.*"
            rf"{NODES} DHCPNAKs came to {NODES} DHCPREQUESTs for addresses that had just been offered, "
            r"from 192\.168\.99\.10 \(52:54.*the server's log has none of them"
        },
        (IN_TIME,),
    ),
    storm_fault(
        "storm: DHCPACK of another server",
        "DHCPACKs have another server identifier than the offers",
        "firmware drops them and gives up",
        (lines(), stated(), FrameInjection("different server identifier in the ACK")),
        {
            READY: rf"0 of {NODES} nodes were ready: .*DHCPACKs were of another address or server than was "
            r"asked for; DHCPACKs came from 192\.168\.99\.11 \(52:54"
        },
        (IN_TIME,),
    ),
    storm_fault(
        "storm: ping check",
        "dnsmasq pings each new address for three seconds",
        "the last machine is offered an address after 18 s",
        (PINGING, stated(offer_p99="5s")),
        {
            f"{IN_TIME}[{OFFERS}]": r"5 s are allowed.*6 offers came one at a time, 3\.\d s apart.*a ping "
            r"check.*to mend it, add no-ping to .*\.conf"
        },
    ),
    storm_fault(
        "storm: dhcp-lease-max",
        "dnsmasq keeps 20 leases",
        "twenty machines boot, and no other",
        (lines("dhcp-lease-max=20"), stated()),
        {
            READY: rf"20 of {NODES} nodes were ready: .*since its lease database is full; to mend it, "
            r"raise .*\.conf:\d+ dhcp-lease-max=20"
        },
        sampled=True,
    ),
    storm_fault(
        "storm: pool one short",
        "the pool has an address less than there are machines",
        "one machine does not boot, another one each time",
        (lines(pool="dhcp-range=192.168.99.100,192.168.99.138"), stated()),
        {
            READY: rf"{NODES - 1} of {NODES} nodes were ready: .*the pool is too small for the nodes of this "
            rf"storm: {NODES} wanted one of its {NODES - 1} addresses, and {NODES - 1} got one; .*"
            r"to mend it, widen \S+\.conf:\d+ dhcp-range=192\.168\.99\.100,192\.168\.99\.138,\S+ "
            r"\(--what-if larger-pool measures it\)"
        },
    ),
    storm_fault(
        "storm: five ports of TFTP",
        "tftp-port-range has five ports",
        "of machines that are switched on at once some read no boot file",
        (
            ConfigChange((("tftp-port-range=40000,40049", "tftp-port-range=40000,40004"),)),
            stated(100, fetch=True, arrival="burst", all_ready_within="60s"),
        ),
        {
            READY: r"of 100 nodes were ready: .*TFTP has a port for few nodes at once, as its log says "
            r"\('unable to get free port for TFTP'\).*to mend it, remove or widen "
            r".*\.conf:\d+ tftp-port-range=40000,40004"
        },
        profile="proxydhcp",
    ),
    storm_fault(
        "storm: little processor time",
        "the server's control group may use two milliseconds of a processor in each second",
        "offers come after seconds, and machines ask again",
        (lines(), stated(100, offer_p99="2s"), SegmentInjection("little processor time")),
        {
            f"{IN_TIME}[{OFFERS}]": r"2 s are allowed.*the server .*had used up its processor time "
            r"in \d+ periods, and was kept waiting for \d+\.\d s of"
        },
    ),
    storm_fault(
        "storm: server killed",
        "the server is killed when twenty machines have their addresses",
        "the others do not boot",
        (lines(), stated(), SegmentInjection("server killed in mid-storm")),
        {READY: rf"of {NODES} nodes were ready: .*the server ended during the storm, and did not run"},
    ),
    storm_fault(
        "storm: another server wins",
        "another DHCP server with ten addresses answers at once, and this one after its ping check",
        "machines boot elsewhere, and most not at all",
        (PINGING, stated(), SegmentInjection("rogue server")),
        {
            READY: r"another server answers on the segment: \d+ DHCPOFFERs and \d+ DHCPACKs came from "
            r"\S+ with server identifier 192\.168\.99\.\d+; the server under test is 192\.168\.99\.10",
            SERVER: rf"\d+ of {NODES} nodes have their address of another server, 192\.168\.99\.\d+",
        },
    ),
    storm_fault(
        "storm: one message in a hundred lost",
        "nothing but the segment, which loses one DHCP message in a hundred",
        "firmware asks again: all machines boot",
        (lines(), stated(all_ready_within="60s"), FrameInjection("storm: one message in a hundred dropped")),
        {},
    ),
    storm_fault(
        "storm: replies overtake each other",
        "nothing: replies come in another order than they were sent",
        "nothing",
        (lines(), stated(all_ready_within="15s"), FrameInjection("replies reordered")),
        {},
    ),
    storm_fault(
        "storm: server restarted",
        "the server is started again when twenty machines have their addresses; its leases are in a volume",
        "the others ask again: all machines boot, each with an address of its own",
        (lines(), stated(all_ready_within="60s"), SegmentInjection("server restarted in mid-storm")),
        {},
    ),
    *STORM_CAUSE_FAULTS,
    *(
        storm_fault(f"storm: {server.name}", "nothing", "nothing", (GoodServerCause(server),), {})
        for server in GOOD_SERVERS
    ),
)
