"""Faults whose cause is not where it shows: a tag that no client gets, a limit, a second server of a few."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, HostCommand, SegmentInjection, added_lines
from tests.faults.fault import Cause, Fault
from tests.faults.routes import allowing, serving_names

_WHO: Final = "test_who_answers.py"
_NEW: Final = f"{_WHO}::test_exactly_the_expected_servers_answer_a_new_node"
_SLOWER: Final = f"{_WHO}::test_no_slower_server_answers"
_FIRMWARE: Final = "test_firmware.py"
_BOOTS: Final = f"{_FIRMWARE}::test_client_boots_what_the_contract_says"
_ECHOED: Final = f"{_FIRMWARE}::test_http_client_is_echoed_only_with_a_url[edk2-http-x86-64]"
_HOSTS: Final = "test_lease_hosts.py"
_RELAY: Final = "test_relay.py"
_FITS: Final = f"{_RELAY}::test_node_of_a_relayed_network_is_offered_what_fits_it[192.168.50.0/24]"
_BOOT_SERVER: Final = "tinkerbell-nginx.cluster.onprem,192.168.99.40"
_URL: Final = "http://192.168.99.40/signed_ipxe.efi"
_BY_HTTP: Final = allowing(60, more=f'[boots]\nedk2-http-x86-64 = "{_URL}"\n')
_SCRIPT: Final = ContractTerms('[boots]\nipxe-x86-64 = "http://192.168.99.40/boot.ipxe"\n')
_STRANGER: Final = r"a rogue server answers: 192\.168\.99\.66 \(52:54:00:66:66:66\) sends DHCPOFFER"
_NAME: Final = "boot.example.org"


def _http_boot(*lines: str, number: int = 16) -> Cause:
    match = f"dhcp-match=set:http,option:client-arch,{number}"
    return added_lines(match, f"dhcp-boot=tag:http,{_URL},{_BOOT_SERVER}", *lines)


def _relayed(*lines: str, more: str = "") -> tuple[Cause, ...]:
    options = sorted({1, 3, 28, 51, 53, 54, 58, 59, 66, 67, 121})
    terms = f'relay_networks = ["192.168.99.0/24", "192.168.50.0/24"]\noptions = {options}\n{more}'
    served = "dhcp-range=set:far,192.168.50.100,192.168.50.200,255.255.255.0,12h"
    return (ContractTerms(terms), added_lines(served, "dhcp-option=tag:far,3,192.168.50.1", *lines))


HIDDEN_CAUSES: Final = (
    Fault(
        "architecture by its hexadecimal number",
        "dhcp-match compares option 93 with 10, where HTTP Boot's 00:10 is 16",
        "machines set to HTTP Boot ignore every offer",
        (_BY_HTTP, _http_boot("dhcp-option-force=tag:http,60,HTTPClient", number=10)),
        {
            f"{_BOOTS}[edk2-http-x86-64]": r"has no dhcp-boot line with what was expected "
            r"for a client with the tags "
            r"ens3 \(line \d+ wants tag http; line \d+ "
            r"dhcp-match=set:http,option:client-arch,10 gives tag http, and "
            r"the client sends option 93 as 16\)"
        },
        (_ECHOED,),
        files=(_FIRMWARE,),
        options=("-k=edk2-http-x86-64",),
    ),
    Fault(
        "HTTP Boot without its class",
        "dhcp-boot has a URL for architecture 16, and no line echoes option 60",
        "machines set to HTTP Boot ignore every offer",
        (_BY_HTTP, _http_boot()),
        {
            f"{_BOOTS}[edk2-http-x86-64]": r"has no dhcp-option-force=60,HTTPClient line "
            r"for a client with the tags "
            r"ens3, http: UEFI HTTP Boot drops an offer without it"
        },
        (_ECHOED,),
        files=(_FIRMWARE,),
        options=("-k=edk2-http-x86-64",),
    ),
    Fault(
        "iPXE looked for in its vendor class",
        "dhcp-vendorclass gives the tag for iPXE, which says what it is in its user class",
        "iPXE loads itself for ever",
        (
            _SCRIPT,
            added_lines(
                "dhcp-vendorclass=set:ipxe,iPXE",
                f"dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe,{_BOOT_SERVER}",
            ),
        ),
        {
            f"{_BOOTS}[ipxe-x86-64]": r"line \d+ wants tag ipxe; line \d+ "
            r"dhcp-vendorclass=set:ipxe,iPXE gives tag "
            r"ipxe, and the client sends option 60 as 'PXEClient:Arch:00007"
        },
        files=(_FIRMWARE,),
        options=("-k=ipxe-x86-64",),
    ),
    Fault(
        "boot server's name blocked",
        "the name server answers 0.0.0.0 for the host of the boot URL, as Pi-hole does for what it blocks",
        "HTTP Boot and iPXE say that the network is unreachable",
        (
            allowing(6, 60, more=f'[boots]\nedk2-http-x86-64 = "http://{_NAME}/signed_ipxe.efi"\n'),
            serving_names(f"address=/{_NAME}/0.0.0.0"),
        ),
        {
            f"{_HOSTS}::test_lease_sends_nodes_to_hosts_of_use[name server]": rf"says that "
            rf"{_NAME}, which a client "
            rf"boots from, is 0\.0\.0\.0: it is blocked; likely cause: \S+:\d+ address=/{_NAME}/0\.0\.0\.0"
        },
        files=(_HOSTS,),
    ),
    Fault(
        "router of another network",
        "contract and dnsmasq.conf name a router that is not in the nodes' network",
        "nodes reach nothing beyond the segment",
        (ContractTerms('routers = ["192.168.98.1"]\n'), added_lines("dhcp-option=3,192.168.98.1")),
        {
            f"{_HOSTS}::test_lease_sends_nodes_to_hosts_of_use[router]": r"router "
            r"192\.168\.98\.1 .*: it is outside of "
            r"192\.168\.99\.0/24, .*dhcp-option=3,192\.168\.98\.1"
        },
        files=(_HOSTS,),
    ),
    Fault(
        "another boot server behind a relay",
        "a dhcp-boot line for a relayed network names .41, of which no term says anything",
        "the machines of one rack report PXE-E11",
        _relayed("dhcp-boot=tag:far,signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.41"),
        {
            _FITS: r"next_server through a relay of 192\.168\.50\.0/24: expected "
            r"192\.168\.99\.40, received 192\.168\.99\.41"
        },
        files=(_RELAY,),
    ),
    Fault(
        "the segment's classless routes behind a relay",
        "dhcp-option=121 has the segment's router for every network",
        "installed systems of the other rack reach nothing",
        _relayed("dhcp-option=121,0.0.0.0/0,192.168.99.10"),
        {
            _FITS: r"classless-static-route \(121\) through a relay of 192\.168\.50\.0/24 "
            r".*: 0\.0\.0\.0/0 via "
            r"192\.168\.99\.10, and no router outside .*dhcp-option=121,0\.0\.0\.0/0"
        },
        files=(_RELAY,),
    ),
    Fault(
        "second server for HTTP Boot alone",
        "libvirt's or another dnsmasq answers architecture 16 only",
        "machines set to HTTP Boot start another site's loader",
        (SegmentInjection("server for HTTP Boot only"),),
        {_SLOWER: _STRANGER},
        (
            f"{_BOOTS}[edk2-http-x86-64]",
            f"{_FIRMWARE}::test_every_boot_file_field_names_the_same_file[edk2-http-x86-64]",
            _ECHOED,
        ),
        files=(_FIRMWARE, _WHO),
    ),
    Fault(
        "second server for Windows alone",
        "another DHCP server answers clients of class MSFT only, each at its own address",
        "installed systems get addresses of another pool, and edge nodes boot as they should",
        (SegmentInjection("server for Windows only"),),
        {_SLOWER: _STRANGER},
        files=(_FIRMWARE, _WHO),
    ),
    Fault(
        "interface switched off",
        "ens3 of the node is down, and has its address",
        "dnsmasq runs, its log is empty",
        (HostCommand("ip link set ens3 down"),),
        {
            _NEW: r"never came to the server's port; likely cause: ens3 of the server's "
            r"host is down: ip link set ens3 up"
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
    Fault(
        "packet filter by rate",
        "the node's packet filter lets one DHCP message a minute pass",
        "one machine boots, the others do not",
        (
            HostCommand(
                "iptables -A INPUT -p udp --dport 67 -m limit --limit 1/minute --limit-burst 1 -j ACCEPT; "
                "iptables -A INPUT -p udp --dport 67 -j DROP"
            ),
        ),
        {
            _NEW: r"UDP port 67 is open there; likely cause: the packet filter of the "
            r"server's host may drop it: .*drop"
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
)

GOOD_SITES: Final = (
    Fault(
        "good host: a packet filter that lets many messages pass",
        "nothing",
        "nothing",
        (
            HostCommand(
                "iptables -P INPUT DROP; iptables -A INPUT -p icmp -j ACCEPT; "
                "iptables -A INPUT -p udp --dport 67 -m limit --limit 900/second --limit-burst 900 -j ACCEPT"
            ),
        ),
        files=(_WHO, "test_offer.py"),
    ),
    Fault(
        "good routes: classless routes of a relayed network",
        "nothing",
        "nothing",
        _relayed("dhcp-option=tag:far,121,0.0.0.0/0,192.168.50.1"),
        files=(_RELAY,),
    ),
    Fault(
        "good routes: a boot server of a relayed network",
        "nothing",
        "nothing",
        _relayed(
            "dhcp-boot=tag:far,signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.41",
            more='[[relayed]]\nnetwork = "192.168.50.0/24"\nnext_server = "192.168.99.41"\n',
        ),
        files=(_RELAY,),
    ),
)
"""Entries for the runner in which no test may fail."""
