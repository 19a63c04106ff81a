"""Servers that treat clients in other ways than the project's own, and are right."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines, config_change
from tests.faults.client_faults import BY_ARCHITECTURE, OWN_CLIENT, by_architecture
from tests.faults.fault import WHOLE, Cause, Fault

_ONE_FILE: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40\n"


def _good(what: str, *causes: Cause, files: tuple[str, ...] = (), profile: str = "poc-fixed") -> Fault:
    return Fault(f"good clients: {what}", "nothing", "nothing", causes, files=files, profile=profile)


_LEFT_ALONE: Final = """
[boots]
pxe-bios = { no_offer = "BIOS machines are the office's" }
windows = { no_offer = "left to the office's own server" }
"""
_PXE_CLIENTS_ALONE: Final = """
addresses_per_boot = 1
[boots]
edk2-http-x86-64 = { no_offer = "PXE clients alone are served" }
u-boot-arm64 = { no_offer = "PXE clients alone are served" }
dhclient = { no_offer = "PXE clients alone are served" }
systemd-networkd = { no_offer = "PXE clients alone are served" }
windows = { no_offer = "PXE clients alone are served" }
"""
_OTHER_LOADERS: Final = """
summary = "PXELINUX for BIOS, whatever runs there, and iPXE with a script on x86-64"
[boots]
pxe-bios = "tftp://192.168.99.40/pxelinux.0"
ipxe-x86-64 = "http://192.168.99.40/boot.ipxe"
"""
_OTHER_LOADERS_LINES: Final = added_lines(
    "dhcp-match=set:ipxe,175",
    "dhcp-match=set:bios,option:client-arch,0",
    "dhcp-match=set:x64,option:client-arch,7",
    "dhcp-boot=tag:bios,pxelinux.0,tinkerbell-nginx.cluster.onprem,192.168.99.40",
    "dhcp-boot=tag:ipxe,tag:x64,http://192.168.99.40/boot.ipxe,tinkerbell-nginx.cluster.onprem,192.168.99.40",
)
GOOD_CLIENTS: Final = (
    _good(
        "a file for each architecture",
        ContractTerms(BY_ARCHITECTURE),
        config_change(_ONE_FILE, "\n".join((*by_architecture(), ""))),
    ),
    _good(
        "PXEClient with discovery control",
        ContractTerms("options = [1, 3, 28, 43, 51, 53, 54, 58, 59, 60, 66, 67]\n"),
        added_lines(
            "dhcp-vendorclass=set:pxe,PXEClient",
            "dhcp-option-force=tag:pxe,60,PXEClient",
            "dhcp-option-force=tag:pxe,43,06:01:08",
        ),
    ),
    _good("rapid commit", ContractTerms("rapid_commit = true\n"), added_lines("dhcp-rapid-commit")),
    _good(
        "clients left alone",
        ContractTerms(_LEFT_ALONE),
        added_lines(
            "dhcp-vendorclass=set:office,MSFT",
            "dhcp-match=set:office,option:client-arch,0",
            "dhcp-ignore=tag:office",
        ),
    ),
    _good(
        "PXE clients alone",
        ContractTerms(_PXE_CLIENTS_ALONE),
        added_lines("dhcp-vendorclass=set:pxe,PXEClient", "dhcp-ignore=tag:!pxe"),
        files=WHOLE,
    ),
    _good("other boot loaders than iPXE", ContractTerms(_OTHER_LOADERS), _OTHER_LOADERS_LINES),
    _good("none is stated", ContractTerms('remove = ["boots"]\n')),
    _good(
        "none is stated for a ProxyDHCP",
        ContractTerms('remove = ["boots", "proxy.offers"]\n'),
        profile="proxydhcp",
    ),
    _good(
        "a client of the site",
        ContractTerms(OWN_CLIENT),
        added_lines(
            "dhcp-vendorclass=set:till,PXEClient:Arch:00000:ACME",
            "dhcp-boot=tag:till,till.bin,tinkerbell-nginx.cluster.onprem,192.168.99.40",
        ),
    ),
)
"""Entries for the runner in which no test may fail."""
GOOD_CLIENTS_ON_MACHINES: Final = (
    _good(
        "a script for iPXE on a machine with real firmware",
        ContractTerms(_OTHER_LOADERS),
        _OTHER_LOADERS_LINES,
        files=("test_machine_script.py",),
    ),
)
"""Entries of the run with machines in which no test may fail."""
