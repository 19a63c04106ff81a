"""Which rule of a packet filter drops a datagram."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.host.packet_filter import iptables, nft
from edgeboot.host.packet_filter.ruleset import Direction, UdpDatagram, drops

DISCOVER: Final = UdpDatagram(Direction.IN, "ens3", IPv4Address(0), IPv4Address("255.255.255.255"), 68, 67)
OFFER: Final = UdpDatagram(
    Direction.OUT, "ens3", IPv4Address("192.168.99.10"), IPv4Address("255.255.255.255"), 67, 68
)
INPUT: Final = "type filter hook input priority filter; policy accept;"


def nft_drop(
    *rules: str,
    base: str = INPUT,
    family: str = "inet",
    sent: UdpDatagram = DISCOVER,
    sure: bool = True,
) -> str | None:
    """What drops, or may drop, the datagram in one chain of nftables; ``other`` drops everything."""
    lines = [f"table {family} fw {{", "\tchain c {", *(f"\t\t{rule}" for rule in (base, *rules)), "\t}"]
    lines += ["\tchain other {", "\t\tdrop", "\t}", "}"]
    found = drops(nft.parse("\n".join(lines)), sent)
    return next((str(each) for each in found if each.sure is sure), None)


@pytest.mark.parametrize(
    "rule",
    [
        "udp dport 67 drop",
        "udp dport { 67, 68 } counter packets 3 bytes 900 reject with icmp type port-unreachable",
        'udp dport 60-70 log prefix "dhcp " drop comment "no DHCP, please"',
        'iifname "ens3" drop',
        'iifname != "lo" meta l4proto udp drop',
        "meta l4proto { tcp, udp } th dport 67 drop",
        "ip saddr 0.0.0.0 udp sport 68 drop",
        "ip daddr 255.255.255.255 drop",
        "udp dport 67 jump other",
        "ct state new jump other",
        "udp dport != 53 goto other",
        "udp dport vmap { 53 : accept, 67 : drop }",
        "ct state vmap { established : accept, new : jump other }",
    ],
)
def test_rule_of_nftables_that_drops_the_message_is_named(rule: str) -> None:
    """By table, chain and its own words."""
    named = nft_drop("tcp dport { 22, 80 } accept", rule)
    assert named == (
        "table inet fw, chain other: drop" if "other" in rule else f"table inet fw, chain c: {rule}"
    )


@pytest.mark.parametrize(
    "rules",
    [
        (),
        ("udp dport 67 accept", "drop"),
        ("udp dport 53 drop",),
        ("tcp dport 67 drop",),
        ('iifname "ens4" drop',),
        ("ip saddr 10.0.0.0/8 drop",),
        ("udp dport 67 counter packets 0 bytes 0 drop",),
        ("udp dport vmap { 53 : drop, 67 : accept }", "drop"),
        ("ct state vmap @states", "fib saddr . iif oif missing drop"),
        ("meta pkttype multicast drop",),
        ("udp dport @blocked drop", "iifname @cards drop", "ip saddr @people drop"),
        ("ct state established,related drop",),
        ("return", "drop"),
        ("udp dport 67 continue",),
    ],
)
def test_rule_that_does_not_surely_drop_it_is_not_named(rules: tuple[str, ...]) -> None:
    """It does not match, has matched nothing, or has a condition that cannot be told from here."""
    assert nft_drop(*rules) is None


@pytest.mark.parametrize(
    "rules,named",
    [
        (("fib saddr . iif oif missing drop",), "fib saddr . iif oif missing drop"),
        (("udp dport 67 limit rate over 1/second drop",), "udp dport 67 limit rate over 1/second drop"),
        (("udp dport @open accept", "drop"), "drop"),
        (("iifname . ip saddr { ens3 . 10.0.0.0 } drop",), "drop"),
        (("ct state vmap @states",), "ct state vmap @states"),
        (("udp dport @open return", "udp dport 67 jump other"), "drop"),
    ],
)
def test_rule_that_may_drop_the_message_is_known(rules: tuple[str, ...], named: str) -> None:
    """Its own condition cannot be told from here, or that of an earlier rule which may have accepted it."""
    assert nft_drop(*rules) is None
    assert (nft_drop(*rules, sure=False) or "").endswith(named)


@pytest.mark.parametrize(
    "base,family,dropping",
    [
        ("type filter hook input priority filter; policy drop;", "ip", True),
        ("type filter hook prerouting priority raw; policy drop;", "inet", True),
        ('type filter hook ingress device "ens3" priority 0; policy drop;', "netdev", True),
        ('type filter hook ingress device "ens4" priority 0; policy drop;', "netdev", False),
        ("type filter hook forward priority filter; policy drop;", "ip", False),
        ("type filter hook output priority filter; policy drop;", "ip", False),
        ("type filter hook input priority filter; policy drop;", "ip6", False),
    ],
)
def test_policy_drops_what_no_rule_accepts(base: str, family: str, dropping: bool) -> None:
    """Of a chain on the datagram's way: another hook's, card's or protocol's is not asked."""
    named = f"table {family} fw, chain c: policy drop"
    assert nft_drop("udp dport 53 accept", base=base, family=family) == (named if dropping else None)
    assert nft_drop("udp dport 67 accept", base=base, family=family) is None


def test_what_leaves_the_host_passes_its_output_hook() -> None:
    """An offer is broadcast from port 67."""
    rule = "ip daddr 255.255.255.255 udp sport 67 drop"
    base = INPUT.replace("input", "output")
    assert nft_drop(rule, base=base, sent=OFFER) == f"table inet fw, chain c: {rule}"
    assert nft_drop(rule, base=base, sent=replace(OFFER, destination=IPv4Address("10.0.0.1"))) is None
    assert nft_drop('oifname "ens3" drop', base=base, sent=OFFER) is not None


SAVED: Final = """# Generated by iptables-save
*raw
:PREROUTING ACCEPT [9:900]
COMMIT
*filter
:INPUT {policy} [0:0]
:OUTPUT ACCEPT [0:0]
:mine - [0:0]
{rules}
COMMIT
"""


def iptables_drop(*rules: str, policy: str = "ACCEPT") -> str | None:
    """What drops a DHCPDISCOVER in iptables' table filter."""
    found = drops(iptables.parse(SAVED.format(policy=policy, rules="\n".join(rules))), DISCOVER)
    return next((str(each) for each in found if each.sure), None)


@pytest.mark.parametrize(
    "rules,named",
    [
        (["[2:700] -A INPUT -p udp -m udp --dport 67 -j DROP"], "INPUT: -p udp -m udp --dport 67 -j DROP"),
        (["-A INPUT -p udp -m multiport --dports 53,67:68 -j REJECT"], "INPUT: -p udp -m multiport --dports"),
        (['-A INPUT ! -i lo -m comment --comment "a b" -j mine', "-A mine -j DROP"], "mine: -j DROP"),
        (["-A INPUT -j LOG --log-prefix x", "-A INPUT -j DROP"], "INPUT: -j DROP"),
        (["-A INPUT -m state --state NEW -j mine", "-A mine -j DROP"], "mine: -j DROP"),
    ],
)
def test_rule_of_iptables_that_drops_the_message_is_named(rules: list[str], named: str) -> None:
    """As iptables-save writes it."""
    assert (iptables_drop(*rules) or "").startswith(f"table iptables filter, chain {named}")


@pytest.mark.parametrize(
    "rules",
    [
        ["[0:0] -A INPUT -p udp -m udp --dport 67 -j DROP"],
        ["-A INPUT -p tcp -m tcp --dport 67 -j DROP"],
        ["-A INPUT -i ens4 -j DROP"],
        ["-A INPUT -p udp -m udp --dport 67 -j ACCEPT", "-A INPUT -j DROP"],
        ["-A INPUT -m owner --uid-owner 0 -j DROP"],
        ["-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j DROP"],
        ["-A OUTPUT -j DROP"],
    ],
)
def test_rule_of_iptables_that_lets_it_pass_is_not_named(rules: list[str]) -> None:
    """Also with a condition that is not known here."""
    assert iptables_drop(*rules) is None


def test_policy_of_iptables_is_named() -> None:
    """As a distribution's firewall sets it."""
    assert iptables_drop(policy="DROP") == "table iptables filter, chain INPUT: policy drop"
