"""Faults of the server's host: packet filter, order of addresses, bridge; and hosts that are right."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import HostCommand, HostCondition
from tests.faults.fault import Fault

_WHO: Final = "test_who_answers.py"
_NEW: Final = f"{_WHO}::test_exactly_the_expected_servers_answer_a_new_node"

HOST_CONDITIONS: Final = (
    Fault(
        "packet filter that drops requests",
        "a rule of the node's packet filter drops UDP port 67",
        "no node is answered, and dnsmasq logs nothing",
        (HostCondition("firewall"),),
        {
            _NEW: r"the server never saw DHCPDISCOVER .*, which came to its port; likely cause: the packet filter of "
            r"the server's host drops it: table ip filter, chain INPUT: .*67.* drop"
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
        sampled=True,
    ),
    Fault(
        "packet filter that drops broadcasts",
        "a rule of the node's packet filter drops what the server broadcasts",
        "the log is full of offers, and no node has any",
        (HostCondition("nobroadcast"),),
        {
            _NEW: r"the server answered DHCPDISCOVER .*DHCPOFFER\(ens3\) .*lost on the way back, before it left the "
            r"server's port; likely cause: the packet filter of the server's host drops it: table ip filter, "
            r"chain OUTPUT: .*255\.255\.255\.255.* drop"
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "another address stands first",
        "keepalived's address stands before the server's own on its interface",
        "the server answers from an address that nobody expects",
        (HostCondition("vip-first"),),
        {
            "test_offer.py::test_reply_describes_the_network": (
                r"received 192\.168\.99\.11 .*likely cause: the server's interface has the addresses "
                r"192\.168\.99\.11, 192\.168\.99\.10"
            )
        },
        (f"{_WHO}::*", "test_offer.py::*"),
        files=(_WHO, "test_offer.py"),
    ),
    Fault(
        "interface became a port of a bridge",
        "ens3 is a port of br0, which has its address now",
        "dnsmasq ends, and says that it does not know an interface that is there",
        (HostCondition("bridged"),),
        refusal=r"unknown interface ens3' .*, but ens3 is there, has no IPv4 address and is a port of br0, which has "
        r"192\.168\.99\.10",
        files=(_WHO,),
    ),
    Fault(
        "interface without an address",
        "NetworkManager has taken ens3 over and waits for an address by DHCP",
        "dnsmasq ends, and says that it does not know an interface that is there",
        (HostCondition("address-lost"),),
        refusal=r"unknown interface ens3' .*, but ens3 is there and has no IPv4 address",
        files=(_WHO,),
    ),
)

_FILTER: Final = (
    "iptables -P INPUT DROP; iptables -A INPUT -p udp --dport 67 -j ACCEPT; "
    "iptables -A INPUT -p icmp -j ACCEPT"
)
_SECOND_ADDRESS: Final = "ip address add 192.168.99.11/24 dev ens3"


def _good(what: str, shell: str, *files: str) -> Fault:
    return Fault(f"good host: {what}", "nothing", "nothing", (HostCommand(shell),), files=files)


GOOD_HOSTS: Final = (
    _good("a packet filter that lets DHCP pass", _FILTER, _WHO, "test_offer.py"),
    _good("a second address behind the server's own", _SECOND_ADDRESS, _WHO, "test_offer.py"),
)
"""Entries for the runner in which no test may fail."""
