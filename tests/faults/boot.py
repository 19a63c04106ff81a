"""Faults of what a node fetches after its lease: ProxyDHCP (PXE 2.1), TFTP and HTTP Boot."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import BootFileChange, ContractChange, FrameInjection, ManifestChange, config_change
from tests.faults.fault import Fault

_FILE: Final = "test_boot_file.py"
_FETCHED: Final = f"{_FILE}::test_offer_leads_to_the_file_of_the_boot_server"
_EFI: Final = f"{_FILE}::test_boot_file_is_an_efi_application_for_x86_64"
_SAME: Final = f"{_FILE}::test_tftp_and_http_serve_the_same_boot_file"
_BLOCKS: Final = f"{_FILE}::test_boot_file_comes_in_blocks_of_the_size_asked_for"
_SENDER: Final = r"192\.168\.99\.40 \(52:54:00:12:34:40\)"
_TFTP: Final = "boot-server/dnsmasq.conf"
_HTTP: Final = "boot-server/nginx.conf"


def at_the_boot_server(name: str) -> tuple[FrameInjection]:
    """The frame rule of this name at the port of the boot server."""
    return (FrameInjection(name, "boot"),)


FILES: Final = (
    Fault(
        "truncated boot file",
        "the file on the boot server ends after 100 kB",
        "firmware loads it and reports an invalid image",
        (BootFileChange(lambda content: content[:100_000]),),
        {
            _EFI: _SENDER
            + r" is no EFI application: its section \S+ ends at octet \d+, the file at 100000: cut short"
        },
        files=(_FILE,),
        sampled=True,
    ),
    Fault(
        "HTML page in place of the boot file",
        "a proxy's error page was saved under the file's name",
        "firmware reports an invalid image",
        (BootFileChange(lambda _: b"<html>Access denied</html>"),),
        {_EFI: r"it begins with b'<html>Access den', not with MZ"},
        files=(_FILE,),
        options=("-k=efi_application or offer_leads",),
    ),
    Fault(
        "boot file for another architecture",
        "the file's header says IA32",
        "firmware reports that the image is unsupported",
        (BootFileChange(lambda content: content.replace(b"PE\0\0\x64\x86", b"PE\0\0\x4c\x01", 1)),),
        {_EFI: r"IA32|X86\b|i386|Machine"},
        files=(_FILE,),
        options=("-k=efi_application or offer_leads",),
    ),
    Fault(
        "TFTP without blksize option",
        "tftp-no-blocksize is set, for a router that drops fragments",
        "the download takes three times as long",
        (ManifestChange(_TFTP, "enable-tftp", "enable-tftp\ntftp-no-blocksize"),),
        {_BLOCKS: _SENDER + r" granted .* to "},
        files=(_FILE,),
    ),
    Fault(
        "TFTP without root directory",
        "tftp-root is missing",
        "anybody on the segment can read the boot server's files",
        (ManifestChange(_TFTP, "tftp-root=/srv/boot\n", ""),),
        {
            f"{_FILE}::test_file_outside_the_boot_directory_is_refused": r"expected a refusal, received tftp://192\.168\.99\.\d0/"
        },
        files=(_FILE,),
        options=("-k=outside_the_boot_directory",),
    ),
    Fault(
        "wrong tsize",
        "tsize is one octet too large",
        "firmware waits for a block that never comes",
        at_the_boot_server("TFTP: wrong tsize"),
        {f"{_FILE}::test_server_states_the_size_of_the_boot_file": r"\d{6}"},
        (
            _EFI,
            _FETCHED,
            _SAME,
        ),
        files=(_FILE,),
    ),
    Fault(
        "windowsize not requested",
        "an OACK grants windowsize to clients that did not request it",
        "firmware acknowledges each block while the server waits for the end of the window",
        at_the_boot_server("TFTP: unrequested windowsize"),
        {
            f"{_FILE}::test_boot_file_comes_whole_with_the_window_that_is_granted": r"192\.168\.99\.40|windowsize"
        },
        (
            _BLOCKS,
            _EFI,
            _FETCHED,
            _SAME,
            f"{_FILE}::test_server_states_the_size_of_the_boot_file",
        ),
        files=(_FILE,),
    ),
    Fault(
        "no final empty block",
        "a file of whole blocks ends without an empty one",
        "the download hangs at 100 %",
        at_the_boot_server("TFTP: no final empty block"),
        {f"{_FILE}::test_file_ends_with_a_block_that_is_not_full": _SENDER + r" (does not answer|stalled)"},
        files=(_FILE,),
        options=("-k=block_that_is_not_full",),
    ),
    Fault(
        "no TFTP retransmission",
        "no block is retransmitted",
        "one lost frame ends the boot",
        at_the_boot_server("TFTP: no retransmission"),
        {f"{_FILE}::test_block_that_is_not_acknowledged_comes_again": _SENDER},
        files=(_FILE,),
        options=("-k=not_acknowledged",),
    ),
    Fault(
        "Sorcerer's Apprentice Syndrome",
        "a duplicate ACK is answered with another block",
        "after one delay every block is sent twice",
        at_the_boot_server("TFTP: the sorcerer's apprentice"),
        {f"{_FILE}::test_block_acknowledged_twice_is_followed_once": r"\[2, 2\]|from 192\.168\.99\.40"},
        files=(_FILE,),
        options=("-k=acknowledged_twice",),
    ),
    Fault(
        "undefined TFTP error code",
        "a missing file is reported as error 0",
        "firmware shows a number that no table explains",
        at_the_boot_server("TFTP: undefined error code"),
        {f"{_FILE}::test_missing_file_is_refused_as_file_not_found": r"192\.168\.99\.40|FILE_NOT_FOUND"},
        (
            f"{_FILE}::test_file_outside_the_boot_directory_is_refused",
            f"{_FILE}::test_writing_is_refused",
        ),
        files=(_FILE,),
    ),
    Fault(
        "TFTP write accepted",
        "a write request is acknowledged",
        "anybody on the segment can replace what nodes boot",
        at_the_boot_server("TFTP: write request accepted"),
        {f"{_FILE}::test_writing_is_refused": r"expected a refusal, received 192\.168\.99\.40"},
        files=(_FILE,),
    ),
    Fault(
        "HTTP serves a different file",
        "nginx answers with a file left over from an upgrade",
        "HTTP Boot starts a stale loader, PXE the new one",
        (
            ManifestChange(
                _HTTP,
                "    root /srv/boot;\n",
                '    root /srv/boot;\n    location = /signed_ipxe.efi { return 200 "old"; }\n',
            ),
        ),
        {
            _SAME: r"sha256|[0-9a-f]{8}",
            f"{_FILE}::test_http_boot_serves_the_boot_file": r"signed_ipxe\.efi|application/efi",
        },
        files=(_FILE,),
    ),
    Fault(
        "HTTP 200 for a missing file",
        "nginx answers requests for missing files with the boot file and 200",
        "a misspelt URL boots the wrong file, and nobody notices",
        (
            ManifestChange(
                _HTTP,
                "    root /srv/boot;\n",
                "    root /srv/boot;\n    error_page 404 =200 /signed_ipxe.efi;\n",
            ),
        ),
        {
            f"{_FILE}::test_http_serves_nothing_else[absent.efi-404]": r"expected a refusal, received http://192\.168\.99\.40/absent\.efi"
        },
        files=(_FILE,),
    ),
    Fault(
        "advisory raised to an error",
        "the contract makes a lease without a name server an error",
        "nodes boot, but what they load cannot resolve names",
        (ContractChange('no_domain_name_server = "advise"', 'no_domain_name_server = "error"'),),
        {
            "test_advisories.py::test_lease_has_no_advisory": r"no_domain_name_server: the lease from 192\.168\.99\.10 .*has no option 6"
        },
        files=("test_advisories.py",),
    ),
)

_SERVICE: Final = 'pxe-service=X86-64_EFI,"Edge node",ipxe.efi'
_OFFER: Final = "test_proxy_offer.py"
_BOOT: Final = "test_proxy_boot.py"
_PROXY_FILES: Final = (_OFFER, _BOOT)

PROXY: Final = (
    Fault(
        "ProxyDHCP: leases addresses",
        "dhcp-range has addresses in place of the word proxy",
        "two servers lease addresses, and the faster one wins",
        (config_change("dhcp-range=192.168.99.0,proxy", "dhcp-range=192.168.99.150,192.168.99.160,1h"),),
        {
            f"{_OFFER}::test_address_and_boot_data_come_from_two_servers": r"expected one DHCPOFFER beside 1 without an address to .* received 2: DHCPOFFER of 192\.168"
        },
        (f"{_OFFER}::*",),
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: wrong boot file",
        "pxe-service names other.efi",
        "firmware says PXE-E23, file not found",
        (config_change(_SERVICE, _SERVICE.replace("ipxe.efi", "other.efi")),),
        {
            f"{_BOOT}::test_boot_request_is_answered_with_file_and_server": r"bootfile: expected ipxe\.efi, received other\.efi .*conf:\d+ pxe-service=.*other\.efi"
        },
        (
            f"{_BOOT}::test_boot_file_goes_to_the_architectures_it_is_for",
            f"{_BOOT}::test_boot_file_is_an_efi_application_for_x86_64",
            f"{_BOOT}::test_killed_proxy_answers_again_after_its_restart",
            f"{_BOOT}::test_offer_leads_to_the_boot_file_of_the_server",
        ),
        files=_PROXY_FILES,
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: architecture without pxe-service",
        "the only pxe-service line is for IA32",
        "x86-64 nodes get an address and no boot data",
        (config_change("X86-64_EFI", "IA32_EFI"),),
        {
            "test_firmware.py::test_client_boots_what_the_contract_says": r"edk2-pxe-x86-64 would boot nothing: .*after asking port 4011 of 192\.168\.99\.10.*=IA32_EFI"
        },
        ("test_firmware.py::test_every_boot_file_field_names_the_same_file",),
        files=("test_firmware.py",),
        profile="proxydhcp",
        sampled=True,
    ),
    Fault(
        "ProxyDHCP: ignores ARM clients",
        "a dhcp-ignore line for option 93 with 11 stands beside the one for BIOS clients",
        "ARM nodes wait for a boot server that the contract promises them",
        (
            config_change(
                "dhcp-ignore=tag:bios",
                "dhcp-ignore=tag:bios\ndhcp-match=set:arm,option:client-arch,11\ndhcp-ignore=tag:arm",
            ),
        ),
        {
            "test_firmware.py::test_client_is_answered_or_left_alone_as_the_contract_says[edk2-pxe-arm64]": r"the server under test does not answer edk2-pxe-arm64, received DHCPOFFER of 192\.168\."
        },
        files=("test_firmware.py",),
        options=("-k=left_alone",),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: port 4011 closed",
        "no pxe-service line, so that dnsmasq does not listen on 4011",
        "firmware waits for the boot server until it gives up",
        (config_change(_SERVICE + "\n", ""),),
        {f"{_OFFER}::test_address_and_boot_data_come_from_two_servers": r"without an address"},
        (f"{_OFFER}::*",),
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: answers BIOS clients",
        "the line that ignores option 93 with 0 is missing",
        "a BIOS waits for a boot server that has no file for it",
        (config_change("dhcp-ignore=tag:bios", ""),),
        {
            f"{_OFFER}::test_proxy_offers_to_the_clients_it_is_for[pxe-bios]": r"pxe-bios is answered by .*192\.168\.99\.10 \(52:54:00:12:34:56\)"
        },
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: no TFTP",
        "enable-tftp is missing",
        "firmware says PXE-E18, server response timeout",
        (config_change("enable-tftp\n", ""),),
        {
            f"{_BOOT}::test_offer_leads_to_the_boot_file_of_the_server": r"UDP port 69 of 192\.168\.99\.10 \(52:54:00:12:34:56\) is closed"
        },
        (
            f"{_BOOT}::test_boot_file_is_an_efi_application_for_x86_64",
            f"{_BOOT}::test_server_states_the_size_of_the_boot_file",
            f"{_BOOT}::test_transfer_comes_from_the_ports_a_firewall_lets_pass",
            f"{_BOOT}::test_other_files_are_refused",
            f"{_BOOT}::test_writing_is_refused",
        ),
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: wrong TFTP port range",
        "tftp-port-range differs from what the firewall lets pass",
        "the download never begins",
        (config_change("40000,40049", "50000,50049"),),
        {
            f"{_BOOT}::test_transfer_comes_from_the_ports_a_firewall_lets_pass": r"port 500\d\d of 192\.168\.99\.10"
        },
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: TFTP without root directory",
        "tftp-root is /, without tftp-secure",
        "anybody on the segment can read the Pod's configuration",
        (config_change("tftp-root=/srv/boot\ntftp-secure\n", ""),),
        {f"{_BOOT}::test_other_files_are_refused": r"expected a refusal, received tftp://192\.168\.99\.\d0/"},
        (
            f"{_BOOT}::test_boot_file_is_an_efi_application_for_x86_64",
            f"{_BOOT}::test_server_states_the_size_of_the_boot_file",
            f"{_BOOT}::test_transfer_comes_from_the_ports_a_firewall_lets_pass",
            f"{_BOOT}::test_offer_leads_to_the_boot_file_of_the_server",
        ),
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: truncated boot file",
        "the file on the node ends after 100 kB",
        "firmware loads it and reports an invalid image",
        (BootFileChange(lambda content: content[:100_000]),),
        {
            f"{_BOOT}::test_boot_file_is_an_efi_application_for_x86_64": r"ends at octet \d+, the file at 100000: cut short"
        },
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: wrong tsize",
        "tsize is one octet too large",
        "firmware waits for a block that never comes",
        (FrameInjection("TFTP: wrong tsize"),),
        {f"{_BOOT}::test_server_states_the_size_of_the_boot_file": r"stated by 192\.168\.99\.10"},
        (
            f"{_BOOT}::test_boot_file_is_an_efi_application_for_x86_64",
            f"{_BOOT}::test_offer_leads_to_the_boot_file_of_the_server",
            f"{_BOOT}::test_transfer_comes_from_the_ports_a_firewall_lets_pass",
        ),
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: TFTP write accepted",
        "a write request is acknowledged",
        "anybody on the segment can replace what nodes boot",
        (FrameInjection("TFTP: write request accepted"),),
        {f"{_BOOT}::test_writing_is_refused": r"expected a refusal, received 192\.168\.99\.10"},
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: no vendor class",
        "option 60 PXEClient is missing",
        "firmware drops the offers",
        (FrameInjection("proxy without vendor class"),),
        {f"{_OFFER}::test_proxy_offer_is_for_pxe_clients": r"PXEClient"},
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: no machine identifier",
        "option 97 is not returned",
        "firmware that compares it drops offers and boot replies",
        (FrameInjection("proxy without machine identifier"),),
        {
            f"{_OFFER}::test_proxy_offer_echoes_the_machine": r"expected 00\w+, received None from 192\.168\.99\.10",
            f"{_BOOT}::test_boot_reply_echoes_the_machine": r"expected 00\w+, received None from 192\.168\.99\.10",
        },
        files=_PROXY_FILES,
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: address in the offer",
        "yiaddr is set",
        "firmware sends its DHCPREQUEST to the proxy and waits",
        (FrameInjection("proxy with yiaddr"),),
        {
            f"{_OFFER}::test_proxy_offer_has_no_address": r"expected one DHCPOFFER (beside 1 )?without an address .* received 2"
        },
        (f"{_OFFER}::*",),
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: subnet mask in the offer",
        "option 1 is sent although the site's server gives the address",
        "nodes mix the two servers' network settings",
        (FrameInjection("proxy with subnet mask"),),
        {
            f"{_OFFER}::test_proxy_offer_leaves_the_network_to_the_site": r"subnet-mask \(1\) from 192\.168\.99\.10"
        },
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: offers by unicast",
        "offers go to the client's MAC address and an IP address it does not have",
        "firmware without an address drops them",
        (FrameInjection("proxy offers by unicast"),),
        {f"{_OFFER}::test_proxy_offer_is_broadcast": r"192\.168\.99\.\d+"},
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: acknowledges DHCPREQUEST",
        "the proxy, too, answers the DHCPREQUEST on port 67",
        "nodes have two leases and keep the wrong one",
        (FrameInjection("proxy acknowledging requests"),),
        {
            f"{_OFFER}::test_request_for_the_address_is_left_to_the_site": r"expected one DHCPACK .* received 2"
        },
        (f"{_OFFER}::*",),
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: boot reply by broadcast",
        "the answer on port 4011 is broadcast",
        "all firmware that is waiting accepts it",
        (FrameInjection("boot reply by broadcast"),),
        {f"{_BOOT}::test_boot_request_is_answered_where_it_came_from": r"255\.255\.255\.255"},
        files=(_BOOT,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: wrong router from the site's server",
        "the site's server names the Orchestrator as router",
        "nodes boot and reach nothing beyond the segment",
        (ManifestChange("site-dhcp/dnsmasq.conf", "router,192.168.99.1\n", "router,192.168.99.10\n"),),
        {f"{_OFFER}::test_node_gets_its_network_from_the_site": r"192\.168\.99\.10"},
        files=(_OFFER,),
        profile="proxydhcp",
    ),
    Fault(
        "ProxyDHCP: one file for every architecture",
        "pxe-service for IA32 names the x86-64 file",
        "firmware of another architecture loads a file it cannot run",
        (config_change(_SERVICE, f'{_SERVICE}\npxe-service=IA32_EFI,"Edge node",ipxe.efi'),),
        {
            f"{_BOOT}::test_boot_file_goes_to_the_architectures_it_is_for": r"edk2-pxe-ia32 is sent .*ipxe\.efi"
        },
        files=(_BOOT,),
        profile="proxydhcp",
    ),
)

BOOT: Final = (*FILES, *PROXY)
