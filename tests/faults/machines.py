"""Faults that a machine with real firmware stops by, each at its stage, in the words of wire and firmware.

They take up to a minute and a half each, and are a run of their own: ``python -m tests.faults --machines``.
"""

from __future__ import annotations

from typing import Final

from tests.faults.boot_servers import menu_of_the_site
from tests.faults.causes import (
    BootFileChange,
    ConfigChange,
    FrameInjection,
    ManifestChange,
    SegmentInjection,
    config_change,
)
from tests.faults.fault import Cause, Fault
from tests.faults.good_clients import GOOD_CLIENTS_ON_MACHINES
from tests.faults.routes import allowing
from tests.faults.secure_boot import SECURE_BOOT_FAULTS
from tests.faults.site_machines import SITE_MACHINE_FAULTS

_BOOTS: Final = "test_machine_stages.py::test_firmware_starts_the_file_of_the_contract_as_it_is_served"
_STARTED: Final = "stopped after boot file fetched: no boot file started"
_LEASED: Final = "stopped after DHCPACK: no boot file fetched"
_ASKED: Final = "stopped after DHCPDISCOVER: no offer taken"
_NO_4011: Final = "stopped after DHCPACK: no answer from port 4011"
_SITE: Final = "192.168.99.2"
_UNDER_TEST: Final = "192.168.99.10"
_ONLY_THE_LIST: Final = 7
_BROADCAST_FOR_THE_LIST: Final = 4
_HTTP_BOOTS: Final = "test_machine_clients.py::test_machine_fetches_what_the_contract_says[edk2-http-x86-64]"
_URL: Final = "http://192.168.99.40/bootx64"
_BY_HTTP: Final = allowing(60, more=f'bootfile = "bootx64"\n[boots]\nedk2-http-x86-64 = "{_URL}"\n')
_FOR_HTTP: Final = (
    "dhcp-match=set:http,option:client-arch,16",
    "dhcp-option-force=tag:http,60,HTTPClient",
    f"dhcp-boot=tag:http,{_URL},tinkerbell-nginx.cluster.onprem,192.168.99.40",
)
_HTTP_LINES: Final = ConfigChange(
    (
        ("signed_ipxe.efi", "bootx64"),
        ("port=0\n", "\n".join(("port=0", *_FOR_HTTP, ""))),
    )
)


def machine_fault(
    name: str, broken: str, symptom: str, cause: Cause, pattern: str, profile: str = "poc-fixed"
) -> Fault:
    """A fault that the test of a whole boot must tell so."""
    return Fault(
        name,
        broken,
        symptom,
        (cause,),
        {_BOOTS: pattern},
        files=(_BOOTS,),
        profile=profile,
    )


MACHINE_FAULTS: Final = (
    *SECURE_BOOT_FAULTS,
    *SITE_MACHINE_FAULTS,
    *GOOD_CLIENTS_ON_MACHINES,
    machine_fault(
        "offer without option 54",
        "DHCPOFFER and DHCPACK have no server identifier",
        "EDK2 ignores the offer: PXE-E18 after a minute",
        FrameInjection("no server identifier"),
        rf"{_ASKED}; 4 DHCPOFFERs of .* not taken: it has no server identifier \(option 54\)",
    ),
    machine_fault(
        "lease without option 1",
        "DHCPOFFER and DHCPACK have no subnet mask",
        "EDK2 declines the address that it was given: PXE-E21",
        FrameInjection("no subnet mask"),
        rf"{_LEASED}; it declined .* ms after the DHCPACK, which has no subnet mask \(option 1\)",
    ),
    machine_fault(
        "no offer passes",
        "every reply of the server is lost",
        "PXE-E18, as of a TFTP server that is not there",
        FrameInjection("all replies dropped"),
        rf"{_ASKED}; no DHCPOFFER came to its port after 4 DHCPDISCOVERs",
    ),
    machine_fault(
        "offers after the last window",
        "every reply comes two minutes late, as through a relay with a full queue",
        "EDK2 has given up when the first comes",
        FrameInjection("replies delayed by 2 min"),
        rf"{_ASKED}; no DHCPOFFER came to its port after 4 DHCPDISCOVERs",
    ),
    machine_fault(
        "offer without a boot file",
        "the boot file's name is removed from every reply",
        "PXE-E16 after all windows",
        FrameInjection("no boot file"),
        rf"{_ASKED}; 4 DHCPOFFERs of .* not taken: it names no boot file",
    ),
    machine_fault(
        "lease refused",
        "a DHCPNAK in place of every DHCPACK",
        "the machine is offered an address, and never given one",
        FrameInjection("DHCPNAK to every request"),
        r"stopped after offer taken: no DHCPACK; .* refused its DHCPREQUEST by DHCPNAK 'no'",
    ),
    machine_fault(
        "next-server that nobody is",
        "dhcp-boot names 192.168.99.41",
        "PXE-E18, as of a silent DHCP server",
        config_change(",192.168.99.40", ",192.168.99.41"),
        rf"{_LEASED}; nobody on the segment has the address 192\.168\.99\.41.*"
        r"likely cause: .*\.conf:\d+ dhcp-boot=.*,192\.168\.99\.41",
    ),
    machine_fault(
        "next-server without TFTP",
        "dhcp-boot names the DHCP server, which serves no files",
        "PXE-E99",
        config_change(",192.168.99.40", ",192.168.99.10"),
        rf"{_LEASED}; .*192\.168\.99\.10 says that nobody listens on port 69 \(ICMP\).*"
        r"likely cause: .*\.conf:\d+ dhcp-boot=.*,192\.168\.99\.10",
    ),
    machine_fault(
        "boot server that does not answer",
        "TFTP requests are filtered",
        "PXE-E18, as of a silent DHCP server",
        FrameInjection("TFTP: silent", "boot"),
        rf"{_LEASED}; tftp://192\.168\.99\.40/signed_ipxe\.efi asked for, and not answered",
    ),
    machine_fault(
        "boot file that is not there",
        "dhcp-boot names another file than the boot server has",
        "PXE-E23",
        config_change("dhcp-boot=signed_ipxe.efi", "dhcp-boot=signed-ipxe.efi"),
        rf"{_LEASED}; tftp://192\.168\.99\.40/signed-ipxe\.efi refused with error 1 \(file not found\).*"
        r"likely cause: .*\.conf:\d+ dhcp-boot=signed-ipxe\.efi",
    ),
    machine_fault(
        "junk behind the boot file's name",
        "the name ends in an octet 0xff, as some servers pad it",
        "PXE-E23 for a file that is there",
        FrameInjection("junk behind the boot file's name"),
        rf"{_LEASED}; tftp://192\.168\.99\.40/signed_ipxe\.efi\\xff refused with error 1",
    ),
    machine_fault(
        "boot file cut short",
        "the boot server's copy ends after 300,000 octets",
        "downloaded successfully, and not started",
        BootFileChange(lambda content: content[:300_000]),
        rf"{_STARTED}; .*fetched whole, 300000 octets, .*cut short",
    ),
    machine_fault(
        "boot file of another processor",
        "an EFI application for AArch64",
        "downloaded successfully, and not started",
        BootFileChange(lambda content: content.replace(b"PE\0\0\x64\x86", b"PE\0\0\x64\xaa", 1)),
        rf"{_STARTED}; .*an EFI application for AARCH64, and this machine's processor is X86_64",
    ),
    machine_fault(
        "boot file that is a page",
        "what a web proxy says stands in place of the boot file",
        "downloaded successfully, and not started",
        BootFileChange(lambda _: b"<html>Access denied</html>" * 40),
        rf"{_STARTED}; .*not with MZ",
    ),
    machine_fault(
        "second server that answers first",
        "another DHCP server offers at once, and names its own boot server",
        "the machine asks the stranger for its file",
        SegmentInjection("rogue server"),
        rf"{_LEASED}; .*192\.168\.99\.66",
    ),
    machine_fault(
        "boot menu whose boot server is silent",
        "option 43 sends firmware to port 4011 of a machine that does not listen",
        "PXE-E16 after four requests",
        menu_of_the_site(_SITE),
        rf"{_NO_4011}; port 4011 of 192\.168\.99\.2 was asked 4 times, and did not answer",
        "proxydhcp",
    ),
    machine_fault(
        "boot menu with discovery control 4",
        "option 43 tag 6 allows what this firmware does not do: to ask by broadcast for a listed server",
        "EDK2 asks nobody: PXE-E99 at once",
        menu_of_the_site(_UNDER_TEST, control=_BROADCAST_FOR_THE_LIST),
        rf"{_NO_4011}; after the DHCPACK it asked no boot server, and for no file",
        "proxydhcp",
    ),
    Fault(
        "HTTP Boot of a file without a type",
        "the web server calls the boot file text/plain, and its name has no extension",
        "EDK2 leaves the download: could not retrieve NBP file size",
        (_BY_HTTP, _HTTP_LINES, ManifestChange("boot-server/nginx.conf", "application/efi", "text/plain")),
        {
            _HTTP_BOOTS: rf"{_LEASED}; http://192\.168\.99\.40/bootx64 answered by status 200, content type "
            r"text/plain, ended by the machine after \d+ octets, .*: EDK2 takes application/efi"
        },
        files=(_HTTP_BOOTS,),
    ),
    Fault(
        "HTTP Boot of a file with its type",
        "nothing: the web server calls the boot file application/efi",
        "it is fetched whole",
        (_BY_HTTP, _HTTP_LINES),
        files=(_HTTP_BOOTS,),
        passes=1,
    ),
    Fault(
        "boot menu with discovery control 7",
        "nothing: its only boot server is the listed one, and answers",
        "the file is started",
        (menu_of_the_site(_UNDER_TEST, control=_ONLY_THE_LIST),),
        files=(_BOOTS,),
        profile="proxydhcp",
        passes=1,
    ),
)
