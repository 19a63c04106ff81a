"""Lines of dnsmasq.conf that are wrong, missing, or mean something else than they seem to."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange, added_lines, config_change
from tests.faults.fault import Fault

_RANGE: Final = "dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h\n"
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40"
_FETCHING: Final = (
    "test_boot_file.py::test_boot_file_is_an_efi_application_for_x86_64",
    "test_boot_file.py::test_tftp_and_http_serve_the_same_boot_file",
)
"""They look at the file that the offer leads to."""
_LEASED: Final = (
    "test_exhaustion.py::test_known_node_keeps_its_address_in_an_exhausted_pool",
    "test_lease_time.py::test_server_books_the_lease_for_its_time",
    "test_renewal.py::test_extended_lease_is_booked_for_its_whole_time_again",
    "test_renewal.py::test_extended_lease_is_due_a_little_earlier",
    "test_renewal.py::test_extended_lease_runs_for_its_whole_time_again",
)
"""They look at the times of a lease that was given or extended."""
_EXHAUSTED: Final = "test_exhaustion.py::*"
"""None of them can fill the pool of the contract."""

CONFIGURATION: Final = (
    Fault(
        "another range",
        "dhcp-range gives .20 to .99, which the site keeps for itself",
        "nodes boot, and collide with machines that were there before",
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
        ),
        sampled=True,
    ),
    Fault(
        "a range one short",
        "dhcp-range ends at .199",
        "one node fewer than planned can boot, on the day the pool is full",
        (config_change("192.168.99.200", "192.168.99.199"),),
        {
            "test_addresses.py::test_pool_reaches_to_its_edge[last]": r"expected 192\.168\.99\.200, the pool's last",
            "test_exhaustion.py::test_every_address_of_the_pool_can_be_leased": r"received DHCPNAK of 0\.0\.0\.0 "
            r"from 192\.168\.99\.10",
        },
        (_EXHAUSTED,),
    ),
    Fault(
        "a mask too wide",
        "dhcp-range says 255.255.0.0",
        "nodes look for half of the site by ARP on the edge segment",
        (config_change("255.255.255.0", "255.255.0.0"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"netmask: expected 255\.255\.255\.0, received "
            r"255\.255\.0\.0 from 192\.168\.99\.10 .*\.conf:4 dhcp-range=",
            "test_inform.py::test_inform_is_answered_with_the_network_s_configuration": r"255\.255\.0\.0",
        },
    ),
    Fault(
        "a shorter lease",
        "dhcp-range says 1h",
        "twelve times the renewals, and nodes off for a night come back elsewhere",
        (config_change(",12h", ",1h"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received 1:00:00 .*\.conf:4 dhcp-range=\S+,1h",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more": r"grants 1:00:00 to one that asks "
            r"for 1 day",
        },
        _LEASED,
    ),
    Fault(
        "hours forgotten",
        "dhcp-range says 12, which is seconds, and dnsmasq makes two minutes of it",
        "every node renews every minute",
        (config_change(",12h", ",12"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received 0:02:00 .*\.conf:4 dhcp-range=\S+,12(\s|$)",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more[600 s asked]": r"grants 0:02:00 to "
            r"one that asks for 0:10:00",
        },
        (
            *_LEASED,
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more",
            "test_lease_time.py::test_times_follow_a_shorter_lease",
        ),
        sampled=True,
    ),
    Fault(
        "an endless lease",
        "dhcp-range says infinite",
        "addresses of machines that are gone for good never come back",
        (config_change(",12h", ",infinite"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, "
            r"received 49710 days.*\.conf:4 dhcp-range=\S+,infinite",
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more": r"asks for 1 day",
        },
        _LEASED,
    ),
    Fault(
        "another boot server",
        "dhcp-boot names .41, where nobody is",
        "firmware says PXE-E11, ARP timeout",
        (config_change("onprem,192.168.99.40", "onprem,192.168.99.41"),),
        {
            "test_boot.py::test_reply_names_the_next_server": r"next_server: expected 192\.168\.99\.40, received "
            r"192\.168\.99\.41 from 192\.168\.99\.10 .*\.conf:8 dhcp-boot=",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list": r"\.conf:8 dhcp-boot=",
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file": r"tftp://192\.168\.99\.41/"
            r"signed_ipxe\.efi: nobody on the segment has 192\.168\.99\.41",
            "test_firmware.py::test_client_boots_what_the_contract_says": r"would boot tftp://192\.168\.99\.41/"
            r"signed_ipxe\.efi; the contract says tftp://192\.168\.99\.40/.*\.conf:8 dhcp-boot=",
        },
        _FETCHING,
        sampled=True,
    ),
    Fault(
        "the DHCP server as its own boot server",
        "dhcp-boot names .10, which serves no files",
        "firmware says PXE-E18, server response timeout, or port unreachable",
        (config_change("onprem,192.168.99.40", "onprem,192.168.99.10"),),
        {
            "test_boot.py::test_reply_names_the_next_server": r"next_server: expected 192\.168\.99\.40, received "
            r"192\.168\.99\.10",
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file": r"UDP port 69 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is closed",
        },
        (
            *_FETCHING,
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_firmware.py::test_client_boots_what_the_contract_says",
        ),
    ),
    Fault(
        "another boot file",
        "dhcp-boot names signed_ipxe.efi.old",
        "firmware says PXE-E23, file not found",
        (config_change("dhcp-boot=signed_ipxe.efi", "dhcp-boot=signed_ipxe.efi.old"),),
        {
            "test_boot.py::test_reply_names_the_boot_file": r"bootfile: expected signed_ipxe\.efi, received "
            r"signed_ipxe\.efi\.old .*\.conf:8 dhcp-boot=signed_ipxe\.efi\.old",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list": r"\.conf:8 dhcp-boot=",
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file": r"192\.168\.99\.40 "
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
        },
        (
            *_FETCHING,
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
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
        "dhcp-option-force=66/67 stand beside dhcp-boot, with another file",
        "one maker's firmware boots the one file, another's the other",
        (added_lines("dhcp-option-force=66,192.168.99.40", "dhcp-option-force=67,other.efi"),),
        {
            "test_boot.py::test_reply_repeats_no_option[asking for 66 and 67]": r"repeated by 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\): .*66.*67",
            "test_firmware.py::test_client_finds_one_boot_file_wherever_it_looks": r"edk2-pxe-x86-64 is told "
            r".*'option 67, 1 of 2': 'signed_ipxe\.efi', .* 2 of 2': 'other\.efi'",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list": r"received other\.efi .*\.conf:5 "
            r"dhcp-option-force=67,other\.efi",
        },
        ("test_boot.py::test_server_name_does_not_depend_on_the_parameter_list",),
    ),
    Fault(
        "more options than fit",
        "six long dhcp-option-force lines, so that dnsmasq uses sname and file for options (52)",
        "old firmware reads options as a file name and asks the boot server for it",
        (added_lines(*(f"dhcp-option-force={code},{'a' * 240}" for code in range(224, 230))),),
        {
            "test_boot.py::test_reply_does_not_overload_the_header": r"option-overload|52",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"not in the contract: option-overload \(52\)",
        },
        (
            "test_firmware.py::test_client_boots_what_the_contract_says[ipxe-x86-64]",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows",
        ),
    ),
    Fault(
        "the wrong interface",
        "interface=ens4",
        "no node is answered, and dnsmasq says nothing",
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
        "another interface served, too",
        "interface=ens4 and a range for it stand beside ens3's",
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
        "port=0 is missing, so that dnsmasq is a resolver as well",
        "nodes are told to resolve by it, and get answers that nobody maintains",
        (config_change("port=0\n", ""),),
        {
            "test_isolation.py::test_server_offers_no_other_service": r"UDP 53 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is \w+: the server must not become the segment's resolver \(port=0\)",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"domain-name-server \(6\)",
        },
        ("test_firmware.py::test_client_is_sent_only_options_the_contract_knows",),
    ),
    Fault(
        "TFTP on",
        "enable-tftp with the root directory as its own",
        "everybody on the segment may read the Pod's files",
        (added_lines("enable-tftp", "tftp-root=/"),),
        {
            "test_isolation.py::test_server_offers_no_other_service": r"UDP 69 of 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\) is answered: the boot file is served by next_server",
        },
    ),
    Fault(
        "a menu in option 43",
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
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows",
            "test_offer.py::test_reply_carries_only_options_the_contract_knows",
        ),
        files=("test_firmware.py", "test_offer.py", "test_boot_file.py"),
    ),
    Fault(
        "HTTP Boot without a URL",
        "dhcp-option-force=60,HTTPClient, but the boot file is a name",
        "HTTP Boot clients throw the offer away and say that none came",
        (added_lines("dhcp-option-force=60,HTTPClient"),),
        {
            "test_firmware.py::test_http_client_is_echoed_only_with_a_url": r"HTTPClient is echoed by 192\.168\.99\.10",
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows": r"vendor-class-identifier \(60\)",
        },
        ("test_offer.py::test_reply_carries_only_options_the_contract_knows",),
    ),
    Fault(
        "iPXE sent on",
        "a dhcp-boot for iPXE's user class names a script",
        "iPXE runs a script that nobody reviewed",
        (added_lines("dhcp-userclass=set:ipxe,iPXE", "dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says[ipxe-x86-64]": r"ipxe-x86-64 would boot "
            r"http://192\.168\.99\.40/boot\.ipxe; the contract says tftp://",
        },
    ),
    Fault(
        "a boot file for one architecture",
        "dhcp-boot is tagged by option 93 with 9 (EFI byte code), but x86-64 firmware says 7",
        "new machines boot, those that were tried first do not",
        (config_change("dhcp-boot=", "dhcp-match=set:bc,option:client-arch,9\ndhcp-boot=tag:bc,"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says": r"edk2-pxe-x86-64 would "
            r"boot nothing: no boot file.*\.conf:9 dhcp-boot=tag:bc,",
            "test_boot.py::test_reply_names_the_boot_file": r"received nothing .*\.conf:9 dhcp-boot=tag:bc,",
        },
        (
            *_FETCHING,
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_boot_file_name_ends_where_firmware_ends_it",
            "test_boot.py::test_next_server_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_reply_names_the_next_server",
            "test_boot.py::test_server_name_does_not_depend_on_the_parameter_list",
            "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
        ),
        files=("test_firmware.py", "test_boot.py", "test_boot_file.py"),
    ),
    Fault(
        "the bridge as the router",
        "dhcp-option=option:router,192.168.99.1",
        "nodes send what is for elsewhere to the hypervisor, which drops it",
        (added_lines("dhcp-option=option:router,192.168.99.1"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"routers: expected 192\.168\.99\.10, received "
            r"192\.168\.99\.1 from .*\.conf:4 dhcp-option=option:router,192\.168\.99\.1",
            "test_inform.py::test_inform_is_answered_with_the_network_s_configuration": r"192\.168\.99\.1",
        },
    ),
    Fault(
        "another router for boards of other makers",
        "dhcp-option=tag:!pxe,3 stands for clients whose class is not PXEClient",
        "a new maker's boards boot, and reach nothing beyond the segment",
        (added_lines("dhcp-vendorclass=set:pxe,PXEClient", "dhcp-option=tag:!pxe,3,192.168.99.1"),),
        {
            "test_offer.py::test_unknown_vendor_class_is_served_all_the_same": r"from 192\.168\.99\.10 \(52:54:00:12:34:56\)"
        },
        files=("test_offer.py",),
        options=("-k=unknown_vendor",),
    ),
    Fault(
        "another broadcast address",
        "dhcp-option=28,192.168.255.255",
        "what nodes broadcast reaches nobody",
        (added_lines("dhcp-option=28,192.168.255.255"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"broadcast_address: expected 192\.168\.99\.255, "
            r"received 192\.168\.255\.255 .*\.conf:4 dhcp-option=28",
        },
    ),
    Fault(
        "a name server nobody stated",
        "dhcp-option=6 names the DHCP server",
        "nodes wait for a resolver that is not there",
        (added_lines("dhcp-option=6,192.168.99.10"),),
        {
            "test_offer.py::test_reply_carries_only_options_the_contract_knows": r"domain-name-server \(6\) from "
            r"192\.168\.99\.10",
        },
        ("test_firmware.py::test_client_is_sent_only_options_the_contract_knows",),
    ),
    Fault(
        "replies by broadcast only",
        "dhcp-broadcast is set for everybody",
        "every boot is heard by every machine of the segment",
        (added_lines("dhcp-broadcast"),),
        {
            "test_delivery.py::test_reply_is_unicast_to_the_node_otherwise": r"255\.255\.255\.255",
        },
        ("test_header.py::test_reply_repeats_the_fields_of_its_request[flags-unicast]",),
    ),
    Fault(
        "a T1 of its own",
        "dhcp-option-force=58,100",
        "every node renews every 100 s",
        (added_lines("dhcp-option-force=58,100"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"renewal_time: expected 6:00:00, "
            r"received 0:01:40 .*\.conf:4 dhcp-option-force=58,100",
            "test_lease_time.py::test_times_follow_a_shorter_lease": r"T1 0:01:40 and T2 \S+ of a lease of 0:10:00 from 192\.168\.99\.10",
            "test_renewal.py::test_extended_lease_is_due_a_little_earlier": r"T1 0:01:\d\d is 5:58:\d\d early, from "
            r"192\.168\.99\.10",
        },
    ),
    Fault(
        "no ping check",
        "no-ping",
        "a node is given the address of a machine that was configured by hand",
        (added_lines("no-ping"),),
        {
            "test_competition.py::test_address_of_a_live_host_is_not_offered": r"\(52:54:00:12:34:99\) has "
            r"192\.168\.99\.\d+, and 192\.168\.99\.10 \(\S+\) offers it",
        },
        files=("test_competition.py",),
    ),
    Fault(
        "authoritative beside another server",
        "dhcp-authoritative, though the site has servers of its own",
        "machines that belong to another server are refused their addresses",
        (added_lines("dhcp-authoritative"),),
        {
            "test_init_reboot.py::test_remembered_address_of_an_unknown_node_is_left_to_its_server": r"answered by "
            r"\['192\.168\.99\.10 \(52:54:00:12:34:56\)'\]",
            "test_renewal.py::test_rebinding_of_an_unknown_lease_is_left_to_its_server": r"answered by \['192\.168",
            "test_isolation.py::test_request_for_another_server_stays_unanswered": r"answered by \['192\.168",
        },
        ("test_renewal.py::test_renewal_of_an_unknown_lease_is_answered_as_the_contract_says",),
    ),
    Fault(
        "client identifiers ignored",
        "dhcp-ignore-clid",
        "a system that names itself gets the lease of its firmware, and both renew it",
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
        "dhcp-ignore=tag:!known, and no dhcp-host lines",
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
        "replies held back",
        "dhcp-reply-delay=5",
        "firmware has asked twice before the first offer comes, or has given up",
        (added_lines("dhcp-reply-delay=5"),),
        {
            "test_promptness.py::test_known_node_is_answered_in_time": r"answered after [56]\.\d+ s by 192\.168\.99\.10"
        },
        ("test_promptness.py::*",),
        files=("test_promptness.py",),
    ),
    Fault(
        "leases not written down",
        "leasefile-ro",
        "after a restart addresses in use are given to others",
        (added_lines("leasefile-ro"),),
        {
            "test_restart.py::test_restarted_server_gives_no_address_twice": r"holds 192\.168\.99\.\d+, and .* offers it on",
            "test_restart.py::test_lease_outlives_the_server_s_container": r"received \[\('DHCPNAK'",
            "test_lease_time.py::test_server_books_the_lease_for_its_time": r"expected a lease of 192\.168\.99\.\d+ in the server's book, it has none",
        },
        (
            "test_addresses.py::test_acknowledged_address_is_in_the_server_s_book",
            _EXHAUSTED,
            "test_identities.py::test_addresses_of_a_boot_are_in_the_server_s_book",
            "test_renewal.py::test_extended_lease_is_booked_for_its_whole_time_again",
        ),
    ),
    Fault(
        "a log without messages",
        "neither --log-dhcp nor log-dhcp, but quiet-dhcp",
        "whoever has only the log cannot tell a node that never asked from one that was refused",
        (
            ManifestChange("dhcp-server/base/pod.yaml", "        - --log-dhcp\n", ""),
            config_change("log-dhcp\n", "quiet-dhcp\n"),
        ),
        {
            "test_logs.py::test_log_has_each_message_with_the_node_s_mac": r"DHCPDISCOVER",
            "test_logs.py::test_log_names_the_interface_and_the_address": r"DHCPOFFER",
            "test_logs.py::test_log_carries_the_transaction_id": r"DHCPDISCOVER",
        },
    ),
    Fault(
        "no range at all",
        "the dhcp-range line is missing",
        "dnsmasq runs, and serves nothing",
        (config_change(_RANGE, ""),),
        refusal=r"dhcp-server: runs but serves no DHCP",
        files=("test_who_answers.py",),
    ),
    Fault(
        "a misspelt line",
        "dhcp-rnage",
        "the Pod restarts for ever",
        (config_change("dhcp-range", "dhcp-rnage"),),
        refusal=r"bad option at line 4",
        files=("test_who_answers.py",),
        sampled=True,
    ),
)
