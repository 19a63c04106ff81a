"""Contracts of sites that are unlike the project's, and servers that do not fulfil them."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, config_change
from tests.faults.fault import Fault

_TIMES: Final = "test_lease_time.py::test_reply_states_the_times_of_the_lease"
_RECORDED: Final = "test_lease_time.py::test_server_records_the_lease_for_its_time"
_ASKED: Final = "test_lease_time.py::test_node_may_ask_for_less_but_not_for_more"
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40"
_ARM64_ONLY: Final = """
bootfile = "snponly-arm64.efi"
[boots]
edk2-pxe-x86-64 = { nothing = "the nodes are ARM64" }
edk2-pxe-efi-bc = { nothing = "the nodes are ARM64" }
edk2-pxe-arm64 = "tftp://192.168.99.40/snponly-arm64.efi"
"""
_OF_ARM64: Final = (
    f"dhcp-match=set:arm64,option:client-arch,11\n{_BOOT.replace('=', '=tag:arm64,').replace('signed_', '')}"
)

OTHER_SITES: Final = (
    Fault(
        "lease without an end is promised",
        'the contract says lease_time = "infinite", and dhcp-range has 12h',
        "nodes that never renew lose their addresses after half a day",
        (ContractTerms('lease_time = "infinite"\n'),),
        {
            f"{_TIMES}[offer-lease_time]": r"lease_time: expected infinite, received 12:00:00 from",
            _RECORDED: r"recorded for 1[12]:\S+ from now",
        },
        (
            f"{_TIMES}[ack-lease_time]",
            *(
                f"{_TIMES}[{reply}-{time}]"
                for reply in ("offer", "ack")
                for time in ("renewal_time", "rebinding_time")
            ),
            *(
                f"{_ASKED}[{asked} asked]"
                for asked in ("less than the most", "more than the most", "infinite")
            ),
        ),
        files=("test_lease_time.py",),
    ),
    Fault(
        "wrong file for the only machines",
        "ARM64 machines alone boot by the contract, and get another file",
        "every machine of the site asks for a file that is not there",
        (ContractTerms(_ARM64_ONLY), config_change(_BOOT, _OF_ARM64)),
        {
            "test_boot.py::test_reply_names_the_boot_file[offer]": r"expected snponly-arm64\.efi, received "
            r"ipxe\.efi.*dhcp-boot=tag:arm64,ipxe\.efi",
        },
        (
            "test_boot.py::test_reply_names_the_boot_file[ack]",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
        ),
        files=("test_boot.py",),
    ),
    Fault(
        "another interface is promised",
        "the contract has the network of ens4 served, and dnsmasq.conf names ens3 alone",
        "machines beside the other interface get nothing",
        (ContractTerms('relay_networks = ["192.168.99.0/24", "10.99.0.0/24"]\n'),),
        {"test_isolation.py::test_no_answer_on_another_interface": r"DHCPDISCOVER"},
        files=("test_isolation.py",),
    ),
)
"""Entries of the catalogue."""
