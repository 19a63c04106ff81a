"""One line of the ProxyDHCP's dnsmasq.conf is changed: the test it concerns fails and says so."""

from __future__ import annotations

import pytest

from tests.harness.conftest import PROXY_CONFIG
from tests.harness.suite import Change, Changed, RunSuite

pytestmark = pytest.mark.harness

SERVICE = 'pxe-service=X86-64_EFI,"Edge node",ipxe.efi'
CHANGES = [
    Change(
        "addresses of its own",
        "dhcp-range=192.168.99.0,proxy",
        "dhcp-range=192.168.99.150,192.168.99.160,1h",
        "test_proxy_offer.py::test_address_and_boot_data_come_from_two_servers",
        r"expected one DHCPOFFER beside 1 without an address to .* received 2: DHCPOFFER of 192\.168",
    ),
    Change(
        "another boot file",
        SERVICE,
        SERVICE.replace("ipxe.efi", "other.efi"),
        "test_proxy_boot.py::test_boot_request_is_answered_with_file_and_server",
        r"bootfile: expected ipxe\.efi, received other\.efi .*conf:\d+ pxe-service=.*other\.efi",
    ),
    Change(
        "another architecture",
        "X86-64_EFI",
        "IA32_EFI",
        "test_firmware.py::test_client_boots_what_the_contract_says[edk2-pxe-x86-64]",
        r"edk2-pxe-x86-64 would boot nothing: .*after asking port 4011 of 192\.168\.99\.10.*=IA32_EFI",
    ),
    Change(
        "BIOS clients too",
        "dhcp-ignore=tag:bios",
        "",
        "test_proxy_offer.py::test_proxy_offers_to_the_clients_it_is_for[pxe-bios]",
        r"pxe-bios is answered by .*192\.168\.99\.10 \(52:54:00:12:34:56\)",
    ),
    Change(
        "no TFTP",
        "enable-tftp",
        "",
        "test_proxy_boot.py::test_offer_leads_to_the_boot_file_of_the_server",
        r"UDP port 69 of 192\.168\.99\.10 \(52:54:00:12:34:56\) is closed",
    ),
    Change(
        "other transfer ports",
        "40000,40049",
        "50000,50049",
        "test_proxy_boot.py::test_transfer_comes_from_the_ports_a_firewall_lets_pass[EDK2]",
        r"port 500\d\d of 192\.168\.99\.10",
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_changed_line_is_named_by_the_test_it_concerns(
    change: Change, changed: Changed, run_suite: RunSuite
) -> None:
    """The right test fails, and says what came instead and from whom."""
    candidate = changed(change.old, change.new, PROXY_CONFIG)
    run = run_suite("--profile=proxydhcp", "--dhcp-config", str(candidate), f"tests/e2e/{change.test}")
    assert change.is_named_by(run), run.output
