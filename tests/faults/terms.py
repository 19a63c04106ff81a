"""Contracts that promise what the server does not do: no router, short leases, one address, authority."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines, config_change
from tests.faults.fault import Fault

ISOLATED: Final = """
routers = []
lease_time = "2m"
minimum_lease_time = "2m"
renewal_time = "1m"
rebinding_time = "1m45s"
authoritative = true
addresses_per_boot = 1
options = [1, 28, 51, 53, 54, 58, 59, 66, 67]
"""
"""An isolated network for provisioning: no router, short leases, one address for all stages of a boot."""
_SHORT: Final = config_change(",12h", ",2m")
_WITHOUT_ROUTER: Final = ("dhcp-option=3",)

TERM_FAULTS: Final = (
    Fault(
        "authority is promised",
        "the contract says authoritative, dnsmasq.conf lacks dhcp-authoritative",
        "a node that was carried here keeps asking for its old address until it gives up",
        (ContractTerms("authoritative = true\n"),),
        {
            "test_isolation.py::test_request_for_another_server_is_answered_as_the_contract_says": r"expected "
            r"\[\S*DHCPNAK\S*\], answered by \[\]",
            "test_init_reboot.py::test_remembered_address_of_an_unknown_node_is_left_to_its_server": r"answered by "
            r"\[\]",
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
            "test_client_identifier.py::test_another_client_identifier_is_another_client": r"expected the MAC "
            r"address alone to identify a client: 192\.168\.99\.10 \(\S+\) offers 192\.168\.99\.\d+",
            "test_client_identifier.py::test_client_identifier_keeps_its_address_at_another_card": r"expected the "
            r"MAC address alone to identify a client",
            "test_identities.py::test_one_boot_takes_as_many_addresses_as_the_contract_says": r"hold \[",
        },
        files=("test_client_identifier.py", "test_identities.py"),
    ),
    Fault(
        "no router is promised",
        "the contract says routers = [], and dnsmasq names itself",
        "nodes of an isolated network send everything to a machine that routes nothing",
        (ContractTerms("routers = []\n"),),
        {
            "test_offer.py::test_reply_describes_the_network[routers-offer]": r"routers: expected .*, received "
            r"192\.168\.99\.10 from",
            "test_offer.py::test_reply_names_the_mask_before_the_routers": r"expected options 1, received",
        },
        (
            "test_offer.py::test_reply_describes_the_network[routers-ack]",
            "test_inform.py::test_inform_is_answered_with_the_network_configuration",
        ),
        files=("test_offer.py", "test_inform.py"),
    ),
)

GOOD_TERMS: Final = (
    Fault(
        "good terms: isolated, leases of two minutes",
        "nothing",
        "nothing",
        (
            ContractTerms(ISOLATED),
            added_lines("dhcp-authoritative", "dhcp-ignore-clid", *_WITHOUT_ROUTER, "dhcp-option=6"),
            _SHORT,
        ),
    ),
)
"""Entries for the runner in which no test may fail."""
