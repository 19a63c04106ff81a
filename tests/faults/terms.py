"""Contracts that promise what the server does not do: no router, one address a machine, authority."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms
from tests.faults.fault import Fault

_OTHER: Final = "test_isolation.py::test_request_for_another_server_is_answered_as_the_contract_says"
_CARRIED: Final = "test_init_reboot.py::test_remembered_address_of_an_unknown_node_is_left_to_its_server"
_IDENTIFIED: Final = "test_client_identifier.py::test_another_client_identifier_is_another_client"
_MOVED: Final = "test_client_identifier.py::test_client_identifier_keeps_its_address_at_another_card"
_STAGES: Final = "test_identities.py::test_one_boot_takes_as_many_addresses_as_the_contract_says"
_NETWORK: Final = "test_offer.py::test_reply_describes_the_network"
_MASK_FIRST: Final = "test_offer.py::test_reply_names_the_mask_before_the_routers"

TERM_FAULTS: Final = (
    Fault(
        "authority is promised",
        "the contract says authoritative, dnsmasq.conf lacks dhcp-authoritative",
        "a node that was carried here keeps asking for its old address until it gives up",
        (ContractTerms("authoritative = true\n"),),
        {
            _OTHER: r"expected \[\S*DHCPNAK\S*\], answered by \[\]",
            _CARRIED: r"answered by \[\]",
        },
        (
            "test_renewal.py::test_renewal_of_an_unknown_lease_is_answered_as_the_contract_says",
            "test_renewal.py::test_rebinding_of_an_unknown_lease_is_left_to_its_server",
        ),
        files=("test_isolation.py", "test_init_reboot.py", "test_renewal.py"),
    ),
    Fault(
        "one address a machine is promised",
        "the contract says addresses_per_boot = 1, dnsmasq.conf lacks dhcp-ignore-clid",
        "half as many machines as planned find an address",
        (ContractTerms("addresses_per_boot = 1\n"),),
        {
            _IDENTIFIED: r"expected the MAC address alone to identify a client: \S+ \(\S+\) offers 192\.168",
            _MOVED: r"expected the MAC address alone to identify a client",
            _STAGES: r"hold \[",
        },
        files=("test_client_identifier.py", "test_identities.py"),
    ),
    Fault(
        "no router is promised",
        "the contract says routers = [], and dnsmasq names itself",
        "nodes of an isolated network send everything to a machine that routes nothing",
        (ContractTerms("routers = []\n"),),
        {
            f"{_NETWORK}[offer-routers]": r"routers: expected .*, received "
            r"192\.168\.99\.10 from",
            _MASK_FIRST: r"expected options \[1\] in this order, received \[1, 3\]",
        },
        (
            f"{_NETWORK}[ack-routers]",
            "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs",
            "test_inform.py::test_inform_is_answered_with_the_network_configuration",
        ),
        files=("test_offer.py", "test_inform.py"),
    ),
)
