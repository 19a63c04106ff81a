"""Faults of dnsmasq.conf: lines that are wrong, missing or misleading."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractChange, ManifestChange, added_lines, config_change
from tests.faults.fault import Fault

_RANGE: Final = "dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h\n"
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40"
_FETCHING: Final = (
    "test_boot_file.py::test_boot_file_is_an_efi_application_for_x86_64",
    "test_boot_file.py::test_tftp_and_http_serve_the_same_boot_file",
)
"""They check the file that the offer points to."""
_LEASED: Final = (
    "test_exhaustion.py::test_known_node_keeps_its_address_in_an_exhausted_pool",
    "test_lease_time.py::test_server_records_the_lease_for_its_time",
    "test_renewal.py::test_extended_lease_is_recorded_for_its_whole_time_again",
    "test_renewal.py::test_extended_lease_is_due_a_little_earlier",
    "test_renewal.py::test_extended_lease_runs_for_its_whole_time_again",
)
"""They check the times of a granted or extended lease."""
_UNKNOWN_CLASS: Final = "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs"
_GIVEN_ANYWAY: Final = (
    _UNKNOWN_CLASS,
    "test_rapid_commit.py::test_rapid_commit_is_answered_as_the_contract_says",
)
"""They compare address, mask and times of other clients' leases."""
_EXHAUSTED: Final = "test_exhaustion.py::*"
"""None of them can exhaust the pool of the contract."""

CONFIGURATION: Final = (
    Fault(
        "wrong range",
        "dhcp-range gives .20 to .99, which the site reserves for itself",
        "nodes boot and take addresses of existing machines",
        (config_change("192.168.99.100,192.168.99.200", "192.168.99.20,192.168.99.99"),),
        {
            "test_offer.py::test_reply_gives_an_address_of_the_pool": r"address: expected 192\.168\.99\.100-"
            r"192\.168\.99\.200, received 192\.168\.99\.\d\d from 192\.168\.99\.10 \(52:54:00:12:34:56\); "
            r"likely cause: \S+\.conf:4 dhcp-range=192\.168\.99\.20,",
            "test_addresses.py::test_pool_ends_at_its_edge": r"likely cause: \S+\.conf:4 dhcp-range=",
            "test_identities.py::test_addresses_of_a_boot_are_in_the_pool": r"192\.168\.99\.",
            "test_giving_back.py::test_address_of_another_node_is_not_given_on_request": r"\.conf:4 dhcp-range=",
            "test_relay.py::test_relayed_node_gets_an_address_of_the_pool": r"\.conf:4 dhcp-range=",
        },
        (
            _EXHAUSTED,
            "test_addresses.py::test_pool_reaches_to_its_edge",
            "test_competition.py::test_loser_of_a_race_ends_with_an_address_of_its_own",
            "test_competition.py::test_loser_of_a_race_is_refused",
            "test_competition.py::test_offer_reserves_its_address_where_the_contract_says_so",
            "test_init_reboot.py::test_selected_address_that_cannot_be_given_is_refused[outside the pool]",
            *_GIVEN_ANYWAY,
        ),
        sampled=True,
    ),
    Fault(
        "range one address short",
        "dhcp-range ends at .199",
        "on the day the pool is full, one node fewer than planned can boot",
        (config_change("192.168.99.200", "192.168.99.199"),),
        {
            "test_addresses.py::test_pool_reaches_to_its_edge[last]": r"expected 192\.168\.99\.200, the pool's last",
            "test_exhaustion.py::test_every_address_of_the_pool_can_be_leased": r"received DHCPNAK of 0\.0\.0\.0 "
            r"from 192\.168\.99\.10",
        },
        (_EXHAUSTED,),
    ),
    Fault(
        "netmask too wide",
        "dhcp-range says 255.255.0.0",
        "nodes use ARP for half of the site on the edge segment",
        (config_change("255.255.255.0", "255.255.0.0"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"netmask: expected 255\.255\.255\.0, received "
            r"255\.255\.0\.0 from 192\.168\.99\.10 .*\.conf:4 dhcp-range=",
            "test_inform.py::test_inform_is_answered_with_the_network_configuration": r"255\.255\.0\.0",
        },
        _GIVEN_ANYWAY,
    ),
    Fault(
        "lease too short",
        "dhcp-range says 1h",
        "twelve times the renewals, and nodes that are off for a night get another address",
        (config_change(",12h", ",1h"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received 1:00:00 .*\.conf:4 dhcp-range=\S+,1h",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more": r"grants 1:00:00 to one that asks "
            r"for 1 day",
        },
        (*_LEASED, *_GIVEN_ANYWAY, "test_lease_time.py::test_times_follow_a_shorter_lease"),
    ),
    Fault(
        "lease time without unit",
        "dhcp-range says 12 without a unit: seconds, which dnsmasq raises to two minutes",
        "every node renews every minute",
        (config_change(",12h", ",12"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received 0:02:00 .*\.conf:4 dhcp-range=\S+,12(\s|$)",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more[less than the most asked]": r"grants 0:02:00 to "
            r"one that asks for 6:\d\d:\d\d",
        },
        (
            *_LEASED,
            *_GIVEN_ANYWAY,
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more",
            "test_lease_time.py::test_times_follow_a_shorter_lease",
        ),
        sampled=True,
    ),
    Fault(
        "infinite lease",
        "dhcp-range says infinite",
        "addresses of removed machines never become free",
        (config_change(",12h", ",infinite"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received infinite.*\.conf:4 dhcp-range=\S+,infinite",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more": r"asks for 1 day",
        },
        (*_LEASED, *_GIVEN_ANYWAY),
    ),
    Fault(
        "wrong boot server",
        "dhcp-boot names .41, which does not exist",
        "firmware reports PXE-E11, ARP timeout",
        (config_change("onprem,192.168.99.40", "onprem,192.168.99.41"),),
        {
            "test_boot.py::test_reply_names_the_next_server": r"next_server: expected 192\.168\.99\.40, received "
            r"192\.168\.99\.41 from 192\.168\.99\.10 .*\.conf:8 dhcp-boot=",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list": r"\.conf:8 dhcp-boot=",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server": r"tftp://192\.168\.99\.41/"
            r"signed_ipxe\.efi: nobody on the segment has 192\.168\.99\.41",
            "test_firmware.py::test_client_boots_what_the_contract_says": r"would boot tftp://192\.168\.99\.41/"
            r"signed_ipxe\.efi; the contract says tftp://192\.168\.99\.40/.*\.conf:8 dhcp-boot=",
        },
        _FETCHING,
        sampled=True,
    ),
    Fault(
        "DHCP server as boot server",
        "dhcp-boot names .10, which serves no files",
        "firmware reports PXE-E18, server response timeout, or port unreachable",
        (config_change("onprem,192.168.99.40", "onprem,192.168.99.10"),),
        {
            "test_boot.py::test_reply_names_the_next_server": r"next_server: expected 192\.168\.99\.40, received "
            r"192\.168\.99\.10",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server": r"UDP port 69 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is closed",
        },
        (
            *_FETCHING,
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_firmware.py::test_client_boots_what_the_contract_says",
        ),
    ),
    Fault(
        "wrong boot file",
        "dhcp-boot names signed_ipxe.efi.old",
        "firmware reports PXE-E23, file not found",
        (config_change("dhcp-boot=signed_ipxe.efi", "dhcp-boot=signed_ipxe.efi.old"),),
        {
            "test_boot.py::test_reply_names_the_boot_file": r"bootfile: expected signed_ipxe\.efi, received "
            r"signed_ipxe\.efi\.old .*\.conf:8 dhcp-boot=signed_ipxe\.efi\.old",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list": r"\.conf:8 dhcp-boot=",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server": r"192\.168\.99\.40 "
            r"\(52:54:00:12:34:40\) says error 1 \(file not found\)",
        },
        (*_FETCHING, "test_firmware.py::test_client_boots_what_the_contract_says"),
    ),
    Fault(
        "no dhcp-boot line",
        "the line that names boot server and file is missing",
        "nodes get an address and go on to the next boot device",
        (config_change(_BOOT, ""),),
        {
            "test_boot.py::test_reply_names_the_boot_file": r"bootfile: expected signed_ipxe\.efi, received nothing "
            r".*\.conf has no dhcp-boot line",
            "test_boot.py::test_reply_names_the_next_server": r"received 192\.168\.99\.10 .*conf has no dhcp-boot line",
            "test_boot.py::test_boot_file_name_ends_where_firmware_ends_it": r"no boot file from 192\.168\.99\.10",
            "test_boot.py::test_server_name_does_not_depend_on_the_parameter_list": r"conf has no dhcp-boot line",
            "test_firmware.py::test_client_boots_what_the_contract_says": r"would boot nothing: no boot file",
            "test_firmware.py::test_every_boot_file_field_names_the_same_file": r"edk2-pxe-x86-64 is sent \[\('192\.168\.99\.10 \S+ {}\)\]",
        },
        (
            *_FETCHING,
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server",
        ),
    ),
    Fault(
        "no server name",
        "dhcp-boot leaves the boot server's name out",
        "firmware that verifies the server by its name refuses it",
        (config_change("tinkerbell-nginx.cluster.onprem", ""),),
        {
            "test_boot.py::test_server_name_does_not_depend_on_the_parameter_list": r"server_name: expected "
            r"tinkerbell-nginx\.cluster\.onprem, received nothing .*\.conf:8 dhcp-boot=signed_ipxe\.efi,,",
        },
    ),
    Fault(
        "options 66 and 67 twice",
        "dhcp-option-force=66/67 are set beside dhcp-boot, with another file",
        "one vendor's firmware boots the one file, another's the other",
        (added_lines("dhcp-option-force=66,192.168.99.40", "dhcp-option-force=67,other.efi"),),
        {
            "test_boot.py::test_reply_repeats_no_option[asking for 66 and 67]": r"repeated by 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\): .*66.*67",
            "test_firmware.py::test_every_boot_file_field_names_the_same_file": r"edk2-pxe-x86-64 is sent "
            r".*'option 67, 1 of 2': 'signed_ipxe\.efi', .* 2 of 2': 'other\.efi'",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list": r"received other\.efi .*\.conf:5 "
            r"dhcp-option-force=67,other\.efi",
        },
        ("test_boot.py::test_server_name_does_not_depend_on_the_parameter_list",),
    ),
    Fault(
        "option overload",
        "six long dhcp-option-force lines make dnsmasq use sname and file for options (52)",
        "old firmware reads options as a file name and requests it from the boot server",
        (added_lines(*(f"dhcp-option-force={code},{'a' * 240}" for code in range(224, 230))),),
        {
            "test_boot.py::test_reply_does_not_overload_the_header": r"option-overload|52",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"not in the contract: option-overload \(52\)",
        },
        (
            "test_firmware.py::test_client_boots_what_the_contract_says[ipxe-x86-64]",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows",
            # EDK2's DHCPREQUEST allows longer answers than its DHCPDISCOVER: the DHCPACK overloads nothing.
            "test_offer.py::test_ack_repeats_the_offer",
        ),
    ),
    Fault(
        "wrong interface",
        "interface=ens4",
        "no node is answered, and dnsmasq logs nothing",
        (config_change("interface=ens3", "interface=ens4"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"the server never saw "
            r"DHCPDISCOVER .*\.conf:5 interface=ens4",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
        sampled=True,
    ),
    Fault(
        "second interface served",
        "interface=ens4 and a range for it are set beside ens3's",
        "machines on the management network boot from the edge's server",
        (
            config_change(
                "interface=ens3", "interface=ens3\ninterface=ens4\ndhcp-range=10.99.0.100,10.99.0.200,1h"
            ),
        ),
        {
            "test_isolation.py::test_no_answer_on_another_interface": r"answered beside ens4: "
            r"\['10\.99\.0\.10 \(52:54:00:12:34:57\)'\]",
        },
    ),
    Fault(
        "DNS on",
        "port=0 is missing, so that dnsmasq is a resolver, too",
        "nodes are given it as resolver and get answers that nobody maintains",
        (config_change("port=0\n", ""),),
        {
            "test_isolation.py::test_server_offers_no_other_service": r"UDP 53 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is open: it answers: the server must not become the segment's resolver \(port=0\)",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"domain-name-server \(6\)",
        },
        ("test_firmware.py::test_client_is_sent_only_options_the_contract_knows",),
    ),
    Fault(
        "TFTP on",
        "enable-tftp is set with / as its root",
        "anybody on the segment can read the Pod's files",
        (added_lines("enable-tftp", "tftp-root=/"),),
        {
            "test_isolation.py::test_server_offers_no_other_service": r"UDP 69 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is open: it answers: the boot file is served by next_server",
        },
    ),
    Fault(
        "PXE menu in option 43",
        "dhcp-option-force=43 holds a PXE menu",
        "firmware stops and waits for a key",
        (added_lines("dhcp-option-force=43,9:0:0:1:41"),),
        {
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows": r"edk2-pxe-x86-64 is sent "
            r"vendor-specific \(43\), which the contract does not know, by 192\.168\.99\.10",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"vendor-specific \(43\)",
        },
    ),
    Fault(
        "option 60 PXEClient",
        "dhcp-option-force=60,PXEClient, as a ProxyDHCP sends it",
        "firmware waits for port 4011 of the boot server until it gives up",
        (added_lines("dhcp-option-force=60,PXEClient"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says": r"edk2-pxe-x86-64 would boot nothing: it "
            r"waits for port 4011 of 192\.168\.99\.40: option 60 PXEClient .*\.conf:4 dhcp-option-force=60",
        },
        (
            *_FETCHING,
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows",
        ),
        files=("test_firmware.py", "test_offer.py", "test_boot_file.py"),
    ),
    Fault(
        "HTTP Boot without a URL",
        "dhcp-option-force=60,HTTPClient is set, but the boot file is a name",
        "HTTP Boot clients drop the offer and report that none came",
        (added_lines("dhcp-option-force=60,HTTPClient"),),
        {
            "test_firmware.py::test_http_client_is_echoed_only_with_a_url": r"HTTPClient is echoed by 192\.168\.99\.10",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows": r"vendor-class-identifier \(60\)",
        },
        ("test_offer.py::test_reply_carries_only_options_the_contract_knows",),
    ),
    Fault(
        "iPXE script",
        "dhcp-boot for iPXE's user class names a script",
        "iPXE runs a script that was never reviewed",
        (added_lines("dhcp-userclass=set:ipxe,iPXE", "dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says[ipxe-x86-64]": r"ipxe-x86-64 would boot "
            r"http://192\.168\.99\.40/boot\.ipxe; the contract says tftp://",
        },
    ),
    Fault(
        "boot file for one architecture",
        "dhcp-boot is tagged for option 93 = 9 (EFI byte code), while x86-64 firmware sends 7",
        "new machines do not boot, the first test machines do",
        (config_change("dhcp-boot=", "dhcp-match=set:bc,option:client-arch,9\ndhcp-boot=tag:bc,"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says": r"edk2-pxe-x86-64 would "
            r"boot nothing: no boot file.*\.conf has no dhcp-boot line for a client with the tags ens3.*line 9 wants tag bc",
            "test_boot.py::test_reply_names_the_boot_file": r"received nothing .*\.conf has no dhcp-boot line for a client with the tags ens3.*line 9 wants tag bc",
        },
        (
            *_FETCHING,
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_boot_file_name_ends_where_firmware_ends_it",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_reply_names_the_next_server",
            "test_boot.py::test_server_name_does_not_depend_on_the_parameter_list",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server",
            "test_firmware.py::test_every_boot_file_field_names_the_same_file",
        ),
        files=("test_firmware.py", "test_boot.py", "test_boot_file.py"),
    ),
    Fault(
        "bridge as router",
        "dhcp-option=option:router,192.168.99.1",
        "nodes send traffic for other networks to the hypervisor, which drops it",
        (added_lines("dhcp-option=option:router,192.168.99.1"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"routers: expected 192\.168\.99\.10, received "
            r"192\.168\.99\.1 from .*\.conf:4 dhcp-option=option:router,192\.168\.99\.1",
            "test_inform.py::test_inform_is_answered_with_the_network_configuration": r"192\.168\.99\.1",
            "test_lease_hosts.py::test_client_has_the_default_route_of_the_contract": r"has the default route by "
            r"192\.168\.99\.1, of router \(3\)",
        },
        (
            "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs",
            "test_rapid_commit.py::test_rapid_commit_is_answered_as_the_contract_says",
        ),
    ),
    Fault(
        "wrong router for some vendor classes",
        "dhcp-option=tag:!pxe,3 applies to clients whose class is not PXEClient",
        "a new vendor's boards boot and reach nothing beyond the segment",
        (added_lines("dhcp-vendorclass=set:pxe,PXEClient", "dhcp-option=tag:!pxe,3,192.168.99.1"),),
        {
            "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs": r"routers: expected 192\.168\.99\.10, received 192\.168\.99\.1 from 192\.168\.99\.10 .*dhcp-option=tag:!pxe,3"
        },
        files=("test_offer.py",),
        options=("-k=unknown_vendor",),
    ),
    Fault(
        "wrong broadcast address",
        "dhcp-option=28,192.168.255.255",
        "broadcasts of nodes reach nobody",
        (added_lines("dhcp-option=28,192.168.255.255"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"broadcast_address: expected 192\.168\.99\.255, "
            r"received 192\.168\.255\.255 .*\.conf:4 dhcp-option=28",
        },
        (_UNKNOWN_CLASS,),
    ),
    Fault(
        "unexpected name server",
        "dhcp-option=6 names the DHCP server",
        "nodes wait for a resolver that does not answer",
        (added_lines("dhcp-option=6,192.168.99.10"),),
        {
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"domain-name-server \(6\) from "
            r"192\.168\.99\.10",
        },
        (
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows",
            "test_lease_hosts.py::test_lease_sends_nodes_to_hosts_of_use[name server]",
        ),
    ),
    Fault(
        "replies by broadcast only",
        "dhcp-broadcast is set for all clients",
        "every reply is processed by every machine on the segment",
        (added_lines("dhcp-broadcast"),),
        {
            "test_delivery.py::test_reply_is_unicast_to_the_node_otherwise": r"255\.255\.255\.255",
        },
        ("test_header.py::test_reply_repeats_the_fields_of_its_request[flags-unicast]",),
    ),
    Fault(
        "wrong T1",
        "dhcp-option-force=58,100",
        "every node renews every 100 s",
        (added_lines("dhcp-option-force=58,100"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"renewal_time: expected 6:00:00, "
            r"received 0:01:40 .*\.conf:4 dhcp-option-force=58,100",
            "test_lease_time.py::test_times_follow_a_shorter_lease": r"T1 0:01:40 and T2 \S+ of a lease of 6:\d\d:\d\d from 192\.168\.99\.10",
            "test_renewal.py::test_extended_lease_is_due_a_little_earlier": r"T1 0:01:\d\d is 5:58:\d\d early, from "
            r"192\.168\.99\.10",
        },
    ),
    Fault(
        "no ping check",
        "no-ping",
        "a node gets the address of a machine with a static address",
        (added_lines("no-ping"), ContractChange("[pool]", "[server]\nping_check = true\n\n[pool]")),
        {
            "test_competition.py::test_address_of_a_live_host_is_not_offered": r"\(52:54:00:12:34:99\) has "
            r"192\.168\.99\.\d+, and 192\.168\.99\.10 \(\S+\) offers it",
        },
        files=("test_competition.py",),
    ),
    Fault(
        "authoritative beside another server",
        "dhcp-authoritative is set although the site has other servers",
        "clients of the other servers are refused their addresses",
        (added_lines("dhcp-authoritative"),),
        {
            "test_init_reboot.py::test_remembered_address_of_an_unknown_node_is_left_to_its_server": r"answered by "
            r"\['192\.168\.99\.10 \(52:54:00:12:34:56\)'\]",
            "test_renewal.py::test_rebinding_of_an_unknown_lease_is_left_to_its_server": r"answered by \['192\.168",
            "test_isolation.py::test_request_for_another_server_is_answered_as_the_contract_says": r"answered by \['192\.168",
        },
        ("test_renewal.py::test_renewal_of_an_unknown_lease_is_answered_as_the_contract_says",),
    ),
    Fault(
        "client identifiers ignored",
        "dhcp-ignore-clid",
        "an operating system with its own client identifier shares its firmware's lease, and both renew it",
        (added_lines("dhcp-ignore-clid"),),
        {
            "test_identities.py::test_one_boot_takes_as_many_addresses_as_the_contract_says": r"edk2-pxe-x86-64, "
            r"ipxe-x86-64, systemd-networkd hold \['192\.168\.99\.\d+'\]",
            "test_client_identifier.py::test_client_identifier_keeps_its_address_at_another_card": r"192\.168\.99\.",
            "test_client_identifier.py::test_another_client_identifier_is_another_client": r"offers 192\.168\.99\.",
        },
    ),
    Fault(
        "only known clients",
        "dhcp-ignore=tag:!known is set, without dhcp-host lines",
        "no new node is answered; the log says ignored",
        (added_lines("dhcp-ignore=tag:!known"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"said '.* ignored'; likely "
            r"cause: .*\.conf:4 dhcp-ignore=tag:!known",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
    ),
    Fault(
        "replies delayed",
        "dhcp-reply-delay=5",
        "firmware has retransmitted twice before the first offer arrives, or has given up",
        (added_lines("dhcp-reply-delay=5"),),
        {
            "test_promptness.py::test_known_node_is_answered_in_time": r"answered after [56]\.\d+ s by 192\.168\.99\.10.*\.conf:4 dhcp-reply-delay=5|received nothing within 8\.\d+ s"
        },
        ("test_promptness.py::*",),
        files=("test_promptness.py",),
        options=("--no-triage",),
    ),
    Fault(
        "leases not persistent",
        "leasefile-ro",
        "after a restart addresses in use are given to others",
        (added_lines("leasefile-ro"),),
        {
            "test_restart.py::test_restarted_server_gives_no_address_twice": r"holds 192\.168\.99\.\d+, and .* offers it on; "
            r"by \S+\.conf:\d+ leasefile-ro leases are written nowhere",
            "test_restart.py::test_lease_outlives_the_container_of_the_server": r"received \[\('DHCPNAK'",
            "test_lease_time.py::test_server_records_the_lease_for_its_time": r"expected a lease of 192\.168\.99\.\d+ in the server's lease database, which has none",
        },
        (
            "test_addresses.py::test_acknowledged_address_is_in_the_lease_database",
            "test_addresses.py::test_released_address_is_free_again",
            _EXHAUSTED,
            "test_identities.py::test_addresses_of_a_boot_are_in_the_lease_database",
            "test_inform.py::test_inform_changes_nothing_in_the_lease_database",
            "test_renewal.py::test_extended_lease_is_recorded_for_its_whole_time_again",
        ),
    ),
    Fault(
        "log without messages",
        "quiet-dhcp is set, and neither --log-dhcp nor log-dhcp",
        "the log does not show whether a node was refused or never sent a request",
        (
            ManifestChange("dhcp-server/base/pod.yaml", "        - --log-dhcp\n", ""),
            config_change("log-dhcp\n", "quiet-dhcp\n"),
        ),
        {
            "test_logs.py::test_log_has_the_messages_of_a_boot": r"DHCPACK",
            "test_logs.py::test_log_names_the_interface_and_the_address": r"DHCPOFFER",
            "test_logs.py::test_log_carries_the_transaction_id": r"DHCPDISCOVER",
        },
        also_failing=("test_exhaustion.py::test_exhausted_pool_is_logged",),
    ),
    Fault(
        "no range",
        "the dhcp-range line is missing",
        "dnsmasq runs and serves nothing",
        (config_change(_RANGE, ""),),
        refusal=r"dhcp-server: runs but serves no DHCP",
        files=("test_who_answers.py",),
    ),
    Fault(
        "misspelt option",
        "dhcp-rnage",
        "the Pod restarts without end",
        (config_change("dhcp-range", "dhcp-rnage"),),
        refusal=r"candidate\.conf:4\s+dhcp-rnage=\S+\s+dnsmasq\s+says\s+'bad\s+option'",
        files=("test_who_answers.py",),
        sampled=True,
    ),
)
