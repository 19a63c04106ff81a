"""Faults of tags: of several lines of dnsmasq.conf the wrong one counts for a client; it is named alone."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines, config_change
from tests.faults.fault import Fault

_FIRMWARE: Final = "test_firmware.py"
_BOOTS: Final = f"{_FIRMWARE}::test_client_boots_what_the_contract_says"
_SCRIPT: Final = '[boots]\nipxe-x86-64 = "http://192.168.99.40/boot.ipxe"\n'
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40\n"
_OF_IPXE: Final = (
    "dhcp-userclass=set:ipxe,iPXE\ndhcp-match=set:efi,option:client-arch,7\n"
    "dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe,tinkerbell-nginx.cluster.onprem,192.168.99.40\n"
)

TAGS: Final = (
    Fault(
        "line for an architecture behind iPXE's",
        "dhcp-boot=tag:efi,… stands behind dhcp-boot=tag:ipxe,…: of several lines that apply the last one counts",
        "iPXE loads itself for ever, although a line for it is there",
        (
            ContractTerms(_SCRIPT),
            config_change(_BOOT, f"{_OF_IPXE}{_BOOT}{_BOOT.replace('=', '=tag:efi,', 1)}"),
        ),
        {
            f"{_BOOTS}[ipxe-x86-64]": r"likely cause: \S+:12 dhcp-boot=tag:efi,signed_ipxe\.efi,\S+ \(the client's tags "
            r"are ens3, ipxe, efi: line \d+ \(tag ipxe\) applies too, but of several the last one counts\)"
        },
        files=(_FIRMWARE,),
        options=("-k=ipxe-x86-64",),
    ),
    Fault(
        "boot server by a name",
        "the last word of dhcp-boot is a name that dnsmasq cannot resolve: siaddr is 0.0.0.0",
        "EDK2 asks the DHCP server for the file, U-Boot and iPXE ask nobody",
        (config_change(_BOOT, _BOOT.replace("192.168.99.40", "boot.example.org")),),
        {
            "test_boot.py::test_reply_names_the_next_server": r"next_server: expected 192\.168\.99\.40, received siaddr 0\.0\.0\.0, option 54 is "
            r"192\.168\.99\.10 from .*; EDK2 would ask 192\.168\.99\.10; iPXE would ask nobody; U-Boot would ask nobody",
            f"{_BOOTS}[u-boot-arm64]": r"likely cause: .*boot\.example\.org \(dnsmasq finds no address of boot\.example",
        },
        (f"{_FIRMWARE}::*", "test_boot.py::*"),
        files=("test_boot.py", _FIRMWARE),
    ),
    Fault(
        "option for a tag that a client has",
        "dhcp-option=tag:efi,option:router,… overrides the one without a tag",
        "machines with EFI have another router than the rest",
        (
            added_lines(
                "dhcp-option=option:router,192.168.99.10",
                "dhcp-match=set:efi,option:client-arch,7",
                "dhcp-option=tag:efi,option:router,192.168.99.3",
            ),
        ),
        {
            "test_offer.py::test_reply_describes_the_network": (
                r"received 192\.168\.99\.3 .*dhcp-option=tag:efi,option:router,192\.168\.99\.3 \(the client's tags are "
                r"ens3, efi: line \d has no tag"
            )
        },
        ("test_offer.py::*",),
        files=("test_offer.py",),
        options=("-k=routers",),
    ),
)
