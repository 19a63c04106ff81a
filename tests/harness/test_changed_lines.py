"""One line of dnsmasq.conf is changed: the test it concerns fails, and its message names the line."""

from __future__ import annotations

import pytest

from tests.harness.suite import Change, Changed, RunSuite

pytestmark = pytest.mark.harness

BOOT = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40"


CHANGES = [
    Change(
        "another range",
        "192.168.99.100,192.168.99.200",
        "192.168.99.50,192.168.99.60",
        "test_offer.py::test_reply_gives_an_address_of_the_pool[offer]",
        r"address: expected 192\.168\.99\.100-192\.168\.99\.200, received 192\.168\.99\.[56]\d from "
        r"192\.168\.99\.10 \(52:54:00:12:34:56\); likely cause: \S+\.conf:4 dhcp-range=192\.168\.99\.50,",
    ),
    Change(
        "a shorter lease",
        "255.255.255.0,12h",
        "255.255.255.0,1h",
        "test_lease_time.py::test_reply_states_the_times_of_the_lease[offer-lease_time]",
        r"lease_time: expected 12:00:00, received 1:00:00 .*candidate\.conf:4 dhcp-range=\S+,1h",
    ),
    Change(
        "another siaddr",
        "onprem,192.168.99.40",
        "onprem,192.168.99.41",
        "test_boot.py::test_reply_names_the_next_server[offer]",
        r"next_server: expected 192\.168\.99\.40, received 192\.168\.99\.41 .*candidate\.conf:9 dhcp-boot=",
    ),
    Change(
        "another boot file",
        "dhcp-boot=signed_ipxe.efi",
        "dhcp-boot=other.efi",
        "test_boot.py::test_reply_names_the_boot_file[offer]",
        r"bootfile: expected signed_ipxe\.efi, received other\.efi .*candidate\.conf:9 dhcp-boot=other\.efi",
    ),
    Change(
        "a boot file nobody serves",
        "dhcp-boot=signed_ipxe.efi",
        "dhcp-boot=other.efi",
        "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
        r"tftp://192\.168\.99\.40/other\.efi: 192\.168\.99\.40 \(52:54:00:12:34:40\) says "
        r"error 1 \(file not found\) 'file /srv/boot/other\.efi not found",
    ),
    Change(
        "a boot server that is not there",
        "onprem,192.168.99.40",
        "onprem,192.168.99.41",
        "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
        r"tftp://192\.168\.99\.41/signed_ipxe\.efi: nobody on the segment has 192\.168\.99\.41",
    ),
    Change(
        "the DHCP server as its own boot server",
        "onprem,192.168.99.40",
        "onprem,192.168.99.10",
        "test_boot_file.py::test_offer_leads_to_the_boot_server_s_file",
        r"UDP port 69 of 192\.168\.99\.10 \(52:54:00:12:34:56\) is closed",
    ),
    Change(
        "a wider mask",
        "255.255.255.0",
        "255.255.0.0",
        "test_offer.py::test_reply_describes_the_network[offer-netmask]",
        r"netmask: expected 255\.255\.255\.0, received 255\.255\.0\.0 .*candidate\.conf:4 dhcp-range=",
    ),
    Change(
        "another interface",
        "interface=ens3",
        "interface=ens4",
        "test_who_answers.py::test_exactly_the_expected_servers_answer_a_new_node",
        r"the server never saw DHCPDISCOVER .*candidate\.conf:5 interface=ens4",
    ),
    Change(
        "another boot server for all clients",
        "onprem,192.168.99.40",
        "onprem,192.168.99.41",
        "test_firmware.py::test_client_boots_what_the_contract_says[u-boot-arm64]",
        r"u-boot-arm64 would boot tftp://192\.168\.99\.41/signed_ipxe\.efi; the contract says "
        r"tftp://192\.168\.99\.40/signed_ipxe\.efi; answered by 192\.168\.99\.10 \(\S+\); "
        r".*candidate\.conf:9 dhcp-boot=",
    ),
    Change(
        "iPXE sent on",
        "port=0",
        "port=0\ndhcp-userclass=set:ipxe,iPXE\ndhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe",
        "test_firmware.py::test_client_boots_what_the_contract_says[ipxe-x86-64]",
        r"ipxe-x86-64 would boot http://192\.168\.99\.40/boot\.ipxe; the contract says tftp://",
    ),
    Change(
        "option 60 for PXE clients",
        "port=0",
        "port=0\ndhcp-option-force=60,PXEClient",
        "test_firmware.py::test_client_boots_what_the_contract_says[edk2-pxe-x86-64]",
        r"edk2-pxe-x86-64 would boot nothing: it waits for port 4011 of 192\.168\.99\.40: option 60 "
        r"PXEClient .*candidate\.conf:4 dhcp-option-force=60,PXEClient",
    ),
    Change(
        "another file in option 67",
        "dhcp-option-force=67,signed_ipxe.efi",
        "dhcp-option-force=67,other.efi",
        "test_firmware.py::test_client_finds_one_boot_file_wherever_it_looks[edk2-pxe-x86-64]",
        r"edk2-pxe-x86-64 is told .*'option 67, 1 of 2': 'signed_ipxe\.efi', .* 2 of 2': 'other\.efi'",
    ),
    Change(
        "HTTP Boot without a URL",
        "port=0",
        "port=0\ndhcp-option-force=60,HTTPClient",
        "test_firmware.py::test_http_client_is_echoed_only_with_a_url[edk2-http-x86-64]",
        r"HTTPClient is echoed by 192\.168\.99\.10",
    ),
    Change(
        "a menu in option 43",
        "port=0",
        "port=0\ndhcp-option-force=43,9:0:0:1:41",
        "test_firmware.py::test_client_is_sent_only_options_the_contract_knows[edk2-pxe-x86-64]",
        r"edk2-pxe-x86-64 is sent vendor-specific \(43\), which the contract does not know, by 192\.168",
    ),
    Change(
        "no boot line",
        BOOT,
        "",
        "test_boot.py::test_reply_names_the_next_server[offer]",
        r"next_server: expected 192\.168\.99\.40, received 192\.168\.99\.10 .*conf has no dhcp-boot line",
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_changed_line_is_named_by_the_test_it_concerns(
    change: Change, changed: Changed, run_suite: RunSuite
) -> None:
    """The right test fails, with expected, received, from whom, and the line."""
    candidate = changed(change.old, change.new)
    run = run_suite("--dhcp-config", str(candidate), f"tests/e2e/{change.test}")
    assert change.is_named_by(run), run.output


def test_unchanged_configuration_passes(changed: Changed, run_suite: RunSuite) -> None:
    """The same tests are green with the candidate as it was: they fail for the change alone."""
    tests = [f"tests/e2e/{change.test}" for change in CHANGES]
    run = run_suite("--dhcp-config", str(changed("port=0", "port=0")), *tests)
    assert run.status == 0, run.output
