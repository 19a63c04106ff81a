"""Faults of a misbehaving server: the real dnsmasq, with one thing about its messages changed in transit."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import FrameInjection, added_lines
from tests.faults.fault import Fault

BEHAVIOUR: Final = (
    Fault(
        "wrong transaction id",
        "replies carry an xid that no client sent",
        "the server's log shows offers, and nodes keep sending DHCPDISCOVER",
        (FrameInjection("wrong xid"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"received nothing but a DHCPOFFER with xid 0x\w+ \(\d+\) from 192\.168\.99\.10 \(52:54:00:12:34:56\)",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
        sampled=True,
    ),
    Fault(
        "wrong client hardware address",
        "replies carry the chaddr of another machine",
        "the server's log shows offers, and nodes keep sending DHCPDISCOVER",
        (FrameInjection("wrong chaddr"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"received nothing but .*a DHCPOFFER with chaddr 02:de:ad:00:00:02 from 192\.168\.99\.10",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
    ),
    Fault(
        "unicast to an absent MAC",
        "replies go to the MAC address of a machine that does not exist",
        "nothing arrives; a capture on the server looks right",
        (FrameInjection("unicast to an absent MAC"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"received nothing but a DHCPOFFER with destination MAC 02:de:ad:00:00:01 from 192\.168\.99\.10",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
    ),
    Fault(
        "duplicate replies",
        "every reply is sent twice",
        "nothing, until firmware takes the duplicate for the answer to its next message",
        (FrameInjection("duplicated replies"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node": r"192\.168\.99\.10 \(52:54:00:12:34:56\).*; probably the same reply twice",
        },
        ("test_who_answers.py::*",),
        files=("test_who_answers.py",),
    ),
    Fault(
        "replies 5 s late",
        "every reply is delayed by 5 s",
        "firmware has retransmitted, or gone on to the next boot device",
        (added_lines("no-ping"), FrameInjection("replies delayed by 5 s")),
        {
            "test_promptness.py::test_known_node_is_answered_in_time": r"answered after 5\.\d+ s by 192\.168\.99\.10",
        },
        ("test_promptness.py::*",),
        files=("test_promptness.py",),
        options=("--no-triage",),
        sampled=True,
    ),
    Fault(
        "DHCPNAK to every request",
        "every DHCPREQUEST is answered with a DHCPNAK",
        "nodes restart DHCP over and over",
        (FrameInjection("DHCPNAK to every request"),),
        {
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_known_node": r"expected one DHCPACK .* received DHCPNAK of 0\.0\.0\.0 from 192\.168\.99\.10",
        },
        (
            "test_who_answers.py::test_reply_comes_from_the_server_it_names",
            "test_who_answers.py::test_reply_comes_from_the_server_under_test",
            "test_who_answers.py::test_reply_uses_the_bootp_ports",
            "test_who_answers.py::test_address_of_the_server_has_one_owner",
        ),
        files=("test_who_answers.py",),
    ),
    Fault(
        "addresses outside the pool",
        "addresses of 192.168.98.0/24 are leased",
        "nodes boot and reach nothing",
        (FrameInjection("addresses of another network"),),
        {
            "test_offer.py::test_reply_gives_an_address_of_the_pool": r"address: expected 192\.168\.99\.100-192\.168\.99\.200, received 192\.168\.98\.\d+ from 192\.168\.99\.10",
        },
        ("test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs",),
        files=("test_offer.py",),
    ),
    Fault(
        "one address for all clients",
        "every client gets the first address that was leased",
        "the second node that boots disconnects the first",
        (FrameInjection("one address for all clients"),),
        {
            "test_addresses.py::test_two_nodes_get_two_addresses": r"192\.168\.99\.\d+",
        },
        files=("test_addresses.py",),
        options=("-k=two_nodes",),
    ),
    Fault(
        "leases forgotten",
        "a lease is forgotten as soon as it is granted",
        "nodes cannot renew, and addresses in use are given to others",
        (FrameInjection("leases forgotten"),),
        {
            "test_init_reboot.py::test_remembered_address_is_confirmed": r"expected one DHCPACK",
            "test_renewal.py::test_lease_is_extended_by_the_server_that_gave_it": r"expected one DHCPACK",
        },
        files=(
            "test_init_reboot.py",
            "test_renewal.py",
        ),
        options=("-k=lease_is_extended or address_is_confirmed",),
    ),
    Fault(
        "clients not recognised",
        "each transaction is treated as a new client's",
        "every boot takes one more address",
        (FrameInjection("client identifier changing"),),
        {
            "test_addresses.py::test_same_node_gets_the_same_address": r"192\.168\.99\.\d+",
            "test_giving_back.py::test_node_that_released_its_address_gets_it_again": r"192\.168\.99\.\d+",
            "test_identities.py::test_next_boot_of_the_machine_takes_no_further_address": r"held .*192\.168\.99\.",
        },
        (
            "test_addresses.py::test_released_address_is_free_again",
            "test_giving_back.py::test_declined_address_is_offered_to_nobody_else",
            "test_giving_back.py::test_released_address_is_given_to_another_node",
            "test_identities.py::test_one_boot_takes_as_many_addresses_as_the_contract_says",
        ),
        files=(
            "test_addresses.py",
            "test_giving_back.py",
            "test_identities.py",
        ),
    ),
    Fault(
        "requested address ignored",
        "option 50 of a DHCPDISCOVER is not read",
        "a node that remembers its address gets a different one",
        (FrameInjection("requested address ignored"),),
        {
            "test_addresses.py::test_pool_reaches_to_its_edge": r"expected 192\.168\.99\.\d+, the pool's (first|last) address",
            "test_competition.py::test_offer_that_is_not_taken_keeps_no_address": r"192\.168\.99\.",
            "test_competition.py::test_loser_of_a_race_is_refused": r"offered two addresses: no race",
            "test_giving_back.py::test_released_address_is_given_to_another_node": r"192\.168\.99\.",
        },
        (
            "test_competition.py::test_loser_of_a_race_ends_with_an_address_of_its_own",
            "test_competition.py::test_offer_reserves_its_address_where_the_contract_says_so",
            "test_giving_back.py::test_declined_address_is_offered_to_nobody_else",
        ),
        files=(
            "test_addresses.py",
            "test_competition.py",
            "test_giving_back.py",
        ),
    ),
    Fault(
        "DHCPDECLINE ignored",
        "a declined address is offered again at once",
        "a node whose address is in use requests and declines it in an endless loop",
        (FrameInjection("DHCPDECLINE dropped"),),
        {
            "test_giving_back.py::test_node_that_declined_an_address_is_offered_another": r"192\.168\.99\.",
            "test_giving_back.py::test_decline_is_logged": r"the server logged no line matching 'DHCPDECLINE",
        },
        ("test_giving_back.py::test_declined_address_is_offered_to_nobody_else",),
        files=("test_giving_back.py",),
    ),
    Fault(
        "renewals ignored",
        "DHCPREQUESTs of nodes that have an address are dropped",
        "when the lease expires, after 12 hours, every node loses its address",
        (FrameInjection("renewals dropped"),),
        {
            "test_renewal.py::test_lease_is_extended_by_the_server_that_gave_it": r"received nothing",
        },
        ("test_renewal.py::*",),
        files=("test_renewal.py",),
        options=("-k=lease_is_extended",),
    ),
    Fault(
        "renewals answered by broadcast",
        "the DHCPACK to a renewal is broadcast",
        "every renewal is processed by every machine on the segment",
        (FrameInjection("renewal by broadcast"),),
        {
            "test_renewal.py::test_extension_is_answered_at_the_address_of_the_node": r"255\.255\.255\.255",
        },
        ("test_inform.py::test_inform_is_answered_with_the_network_configuration",),
    ),
    Fault(
        "DHCPRELEASE answered",
        "a DHCPRELEASE is acknowledged",
        "machines that shut down receive packets they do not expect",
        (FrameInjection("DHCPRELEASE answered"),),
        {
            "test_giving_back.py::test_release_is_not_answered": r"answered by \['192\.168\.99\.10 \(52:54:00:12:34:56\)'\]",
        },
    ),
    Fault(
        "BOOTREPLY answered",
        "a BOOTREPLY that the server receives is answered",
        "two such servers answer each other without end",
        (FrameInjection("BOOTREPLY answered"),),
        {
            "test_isolation.py::test_reply_of_a_server_is_not_answered": r"answered by \['192\.168\.99\.10",
        },
        files=("test_isolation.py",),
    ),
    Fault(
        "requests for other servers answered",
        "a DHCPREQUEST that selects another server's offer is acknowledged",
        "nodes use an address that no server has recorded",
        (FrameInjection("requests for other servers answered"),),
        {
            "test_isolation.py::test_request_for_another_server_is_answered_as_the_contract_says": r"answered by \['192\.168\.99\.10",
        },
        files=("test_isolation.py",),
    ),
    Fault(
        "no END option",
        "options run to the end of the datagram without END",
        "some firmware reads past the options and drops the reply",
        (FrameInjection("no END"),),
        {
            "test_offer.py::test_reply_is_well_formed": r"no END option",
        },
    ),
    Fault(
        "boot file name without NUL",
        "option 67 is not terminated by NUL",
        "old firmware requests the name with the octets behind it",
        (FrameInjection("option 67 without NUL"),),
        {
            "test_boot.py::test_boot_file_name_ends_where_firmware_ends_it[asking for 66 and 67]": r"option 67 'signed_ipxe\.efi' from 192\.168\.99\.10",
            "test_firmware.py::test_client_boots_what_the_contract_says[pxe-bios]": r"pxe-bios would boot tftp://192\.168\.99\.40/signed_ipxe\.efi\S+; the contract says",
        },
        sampled=True,
    ),
    Fault(
        "router before subnet mask",
        "option 3 precedes option 1",
        "a client that reads options in order takes its router for unreachable",
        (FrameInjection("subnet mask last"),),
        {
            "test_offer.py::test_reply_names_the_mask_before_the_routers": r"expected options \[1, 3\] in this order, received \[3, 1\] from 192\.168\.99\.10",
        },
        ("test_relay.py::test_relay_agent_information_comes_back_as_it_was",),
    ),
    Fault(
        "T1 after T2",
        "options 58 and 59 are swapped",
        "nodes broadcast their renewals",
        (FrameInjection("T1 after T2"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"renewal_time: expected 6:00:00, received 10:30:00 from 192\.168\.99\.10",
            "test_lease_time.py::test_times_follow_a_shorter_lease": r"T1|525",
        },
        ("test_renewal.py::test_extended_lease_is_due_a_little_earlier",),
    ),
    Fault(
        "lease time 0",
        "option 51 is 0",
        "nodes boot and lose their address at once",
        (FrameInjection("lease time 0"),),
        {
            "test_lease_time.py::test_reply_states_the_times_of_the_lease": r"lease_time: expected 12:00:00, received 0:00:00 from 192\.168\.99\.10",
            "test_exhaustion.py::test_known_node_keeps_its_address_in_an_exhausted_pool": r"lease_time: expected 12:00:00",
            "test_renewal.py::test_extended_lease_runs_for_its_whole_time_again": r"lease_time: expected 12:00:00",
        },
        (
            "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more",
            "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs",
            "test_rapid_commit.py::test_rapid_commit_is_answered_as_the_contract_says",
        ),
    ),
    Fault(
        "garbage in option 43",
        "option 43 of every reply is not valid vendor options",
        "some firmware stops in a garbled menu",
        (FrameInjection("garbage in option 43"),),
        {
            "test_firmware.py::test_client_is_sent_only_options_the_contract_knows": r"vendor-specific \(43\), which the contract does not know, by 192\.168\.99\.10",
            "test_nak.py::test_refusal_configures_nothing": r"a DHCPNAK with vendor-specific \(43\) from 192\.168\.99\.10",
        },
        (
            "test_offer.py::test_reply_carries_only_options_the_contract_knows",
            "test_relay.py::test_relay_agent_information_comes_back_as_it_was",
        ),
    ),
    Fault(
        "no boot file",
        "siaddr is right, but file and option 67 are empty",
        "nodes get an address and go on to the next boot device",
        (FrameInjection("no boot file"),),
        {
            "test_boot.py::test_reply_names_the_boot_file": r"bootfile: expected signed_ipxe\.efi, received nothing from 192\.168\.99\.10",
            "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server": r"no boot file",
        },
        (
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
            "test_boot.py::test_boot_file_name_ends_where_firmware_ends_it",
            "test_boot_file.py::test_boot_file_is_an_efi_application_for_x86_64",
            "test_boot_file.py::test_tftp_and_http_serve_the_same_boot_file",
            "test_firmware.py::test_client_boots_what_the_contract_says",
            "test_firmware.py::test_every_boot_file_field_names_the_same_file",
        ),
    ),
    Fault(
        "different boot server in the DHCPACK",
        "the DHCPACK names .41, the DHCPOFFER .40",
        "some firmware boots, some does not",
        (FrameInjection("different siaddr in the ACK"),),
        {
            "test_offer.py::test_ack_repeats_the_offer": r"192\.168\.99\.41",
            "test_boot.py::test_reply_names_the_next_server[ack]": r"next_server: expected 192\.168\.99\.40, received 192\.168\.99\.41",
        },
    ),
    Fault(
        "different address in the DHCPACK",
        "the DHCPACK gives .150, whatever was offered",
        "nodes use an address that is not leased to them",
        (FrameInjection("different yiaddr in the ACK"),),
        {
            "test_addresses.py::test_offered_address_is_the_one_acknowledged": r"expected 192\.168\.99\.\d+, received 192\.168\.99\.150 from 192\.168\.99\.10"
        },
        files=("test_addresses.py",),
        options=("-k=offered_address",),
    ),
    Fault(
        "different server identifier in the DHCPACK",
        "option 54 of the DHCPACK names .11",
        "nodes send their renewals to a machine that does not exist",
        (FrameInjection("different server identifier in the ACK"),),
        {
            "test_offer.py::test_reply_describes_the_network[ack-server_identifier]": r"server_identifier: expected 192\.168\.99\.10, received 192\.168\.99\.11 from 192\.168\.99\.10",
        },
        ("test_offer.py::test_ack_repeats_the_offer",),
        files=("test_offer.py",),
    ),
    Fault(
        "no server identifier",
        "option 54 is missing",
        "clients that follow RFC 2131 drop the offer",
        (FrameInjection("no server identifier"),),
        {
            "test_offer.py::test_reply_describes_the_network": r"server_identifier: expected 192\.168\.99\.10, received nothing",
        },
        ("test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs",),
        files=("test_offer.py",),
    ),
    Fault(
        "hops not zero",
        "hops is 1 without a relay",
        "firmware that counts hops drops the reply",
        (FrameInjection("hops 1"),),
        {
            "test_header.py::test_reply_begins_as_a_reply_on_ethernet": r"octet 3: expected 0, received 1 from 192\.168\.99\.10",
        },
    ),
    Fault(
        "broadcast flag not returned",
        "the reply lacks the client's broadcast flag",
        "a relay sends the reply where the client cannot receive it",
        (FrameInjection("flags cleared"),),
        {
            "test_header.py::test_reply_repeats_the_fields_of_its_request[flags-broadcast]": r"flags: expected 32768, received 0 from 192\.168\.99\.10",
        },
        ("test_nak.py::test_refusal_behind_a_relay_is_to_be_broadcast",),
    ),
    Fault(
        "ciaddr filled in",
        "the DHCPOFFER has the offered address in ciaddr, too",
        "a client concludes that it has had the address all along",
        (FrameInjection("ciaddr filled"),),
        {
            "test_header.py::test_reply_has_no_client_address": r"ciaddr: expected 0\.0\.0\.0, received 192\.168\.99\.\d+ from",
        },
    ),
    Fault(
        "too short for BOOTP",
        "replies are not padded to 300 octets",
        "old firmware and relays drop them",
        (FrameInjection("too short"),),
        {
            "test_header.py::test_reply_is_as_long_as_a_bootp_message": r"expected 300 octets, received 2\d\d from 192\.168\.99\.10",
        },
        files=("test_header.py",),
    ),
    Fault(
        "wrong source port",
        "replies come from port 6767",
        "a stateful firewall drops them",
        (FrameInjection("different source port"),),
        {
            "test_who_answers.py::test_reply_uses_the_bootp_ports": r"6767",
        },
    ),
    Fault(
        "wrong source address",
        "replies come from .11, with server identifier .10",
        "a firewall drops them, or renewals go unanswered",
        (FrameInjection("different source address"),),
        {
            "test_who_answers.py::test_reply_comes_from_the_server_it_names": r"192\.168\.99\.11",
        },
        (
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node",
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_known_node",
            "test_who_answers.py::test_no_slower_server_answers",
        ),
        files=("test_who_answers.py",),
    ),
    Fault(
        "wrong source MAC",
        "replies come from another MAC address than the server's",
        "a switch with port security drops them",
        (FrameInjection("different source MAC"),),
        {
            "test_who_answers.py::test_reply_comes_from_the_server_under_test": r"192\.168\.99\.10 \(52:54:00:66:66:67\) is not the server under test",
        },
        (
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node",
            "test_who_answers.py::test_exactly_the_expected_servers_answer_a_known_node",
            "test_who_answers.py::test_no_slower_server_answers",
        ),
        files=("test_who_answers.py",),
    ),
    Fault(
        "always unicast",
        "replies go to the new address although the client set the broadcast flag",
        "firmware without an address never receives its offer",
        (FrameInjection("always unicast"),),
        {
            "test_delivery.py::test_reply_is_broadcast_when_the_node_asks_for_that": r"192\.168\.99\.\d+",
        },
        files=("test_delivery.py",),
    ),
    Fault(
        "wrong UDP checksum",
        "the UDP checksum of replies is wrong",
        "firmware drops every reply, while a capture shows them all",
        (FrameInjection("bad UDP checksum"),),
        {
            "test_delivery.py::test_reply_has_valid_checksums": r"UDP checksum from 192\.168\.99\.10",
        },
        sampled=True,
    ),
    Fault(
        "no DHCPNAK",
        "no DHCPNAK is ever sent",
        "a node moved from another network keeps its old address until it gives up",
        (FrameInjection("DHCPNAK dropped"),),
        {
            "test_init_reboot.py::test_wrong_address_is_refused_to_a_known_node": r"expected one DHCPNAK .* received nothing",
            "test_init_reboot.py::test_selected_address_that_cannot_be_given_is_refused": r"expected one DHCPNAK",
        },
        files=("test_init_reboot.py",),
    ),
    Fault(
        "DHCPNAK by unicast",
        "a DHCPNAK goes to an address that the node must not use",
        "a node moved from another network never learns that it must restart DHCP",
        (FrameInjection("DHCPNAK by unicast"),),
        {
            "test_init_reboot.py::test_wrong_address_is_refused_to_a_known_node": r"192\.168\.99\.99",
        },
    ),
    Fault(
        "DHCPNAK with siaddr",
        "siaddr of a DHCPNAK is filled in",
        "some firmware boots without an address",
        (FrameInjection("DHCPNAK with siaddr"),),
        {
            "test_nak.py::test_refusal_names_no_address[siaddr]": r"siaddr: expected 0\.0\.0\.0, received 192\.168\.99\.40 from 192\.168\.99\.10",
        },
    ),
    Fault(
        "DHCPNAK without message",
        "option 56 of a DHCPNAK is missing",
        "a capture does not show why a node was refused",
        (FrameInjection("DHCPNAK without message"),),
        {
            "test_nak.py::test_refusal_states_its_reason": r"no option 56 from 192\.168\.99\.10",
        },
    ),
    Fault(
        "DHCPNAK bypassing the relay",
        "a DHCPNAK for a relayed client is broadcast on the server's segment",
        "the client behind the relay receives nothing",
        (FrameInjection("DHCPNAK bypassing the relay"),),
        {
            "test_nak.py::test_refusal_behind_a_relay_goes_to_the_relay": r"255\.255\.255\.255",
        },
    ),
    Fault(
        "relayed DHCPNAK without broadcast flag",
        "a DHCPNAK for a relayed client lacks the broadcast flag",
        "the relay sends it to the address that was refused",
        (FrameInjection("DHCPNAK without broadcast flag"),),
        {
            "test_nak.py::test_refusal_behind_a_relay_is_to_be_broadcast": r"flags 0x0 from 192\.168\.99\.10",
        },
    ),
    Fault(
        "DHCPOFFER bypassing the relay",
        "a relayed client's DHCPOFFER is broadcast on the server's segment",
        "no node of another network boots",
        (FrameInjection("DHCPOFFER bypassing the relay"),),
        {
            "test_relay.py::test_relay_of_a_served_network_is_answered": r"DHCPDISCOVER",
        },
        files=("test_relay.py",),
    ),
    Fault(
        "relayed DHCPOFFER without giaddr",
        "giaddr of a relayed DHCPOFFER is zero",
        "the relay cannot forward it",
        (FrameInjection("giaddr cleared"),),
        {
            "test_relay.py::test_relayed_offer_names_its_relay": r"0\.0\.0\.0",
        },
        files=("test_relay.py",),
    ),
    Fault(
        "relayed DHCPOFFER without option 82",
        "option 82 is not returned",
        "relays that check it drop the offer",
        (FrameInjection("no relay agent information"),),
        {
            "test_relay.py::test_relay_agent_information_comes_back_as_it_was": r"82|RELAY_AGENT",
        },
        files=("test_relay.py",),
    ),
    Fault(
        "address in the answer to DHCPINFORM",
        "yiaddr of the answer to a DHCPINFORM is set",
        "a machine with a static address takes another",
        (FrameInjection("yiaddr for a DHCPINFORM"),),
        {
            "test_inform.py::test_inform_gives_no_address": r"192\.168\.99\.",
        },
        files=("test_inform.py",),
    ),
    Fault(
        "DHCPINFORM treated as a renewal",
        "a DHCPINFORM extends a lease",
        "a machine with a static address fills the lease database",
        (FrameInjection("DHCPINFORM taken for a request"),),
        {
            "test_inform.py::test_inform_changes_nothing_in_the_lease_database": r"192\.168\.99\.",
        },
        files=("test_inform.py",),
        options=("-k=changes_nothing",),
    ),
    Fault(
        "unknown relays answered",
        "clients of networks without a pool get addresses of this one",
        "machines on remote networks have addresses that are not routed to them",
        (FrameInjection("any relay answered"),),
        {"test_relay.py::test_relay_of_another_network_is_not_answered": r"answered by \['192\.168\.99\.10"},
        files=("test_relay.py",),
    ),
)
