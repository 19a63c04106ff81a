"""Faults that only some clients meet: another architecture's, a system's, a site's own, one left alone."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ConfigChange, ContractTerms, added_lines, config_change
from tests.faults.fault import Fault

_FIRMWARE: Final = "test_firmware.py"
_UNSTATED: Final = f"{_FIRMWARE}::test_client_that_is_not_stated_boots_nothing_wrong"
_ANSWERED: Final = f"{_FIRMWARE}::test_client_is_answered_or_left_alone_as_the_contract_says"
_SERVER: Final = r"192\.168\.99\.10 \(52:54:00:12:34:56\)"

BY_ARCHITECTURE: Final = """
summary = "a boot file for each architecture, HTTP Boot, and a script for iPXE"
options = [1, 3, 28, 51, 53, 54, 58, 59, 60, 66, 67]
[boots]
edk2-pxe-arm64 = "tftp://192.168.99.40/ipxe-arm64.efi"
edk2-pxe-ia32 = "tftp://192.168.99.40/ipxe-ia32.efi"
edk2-http-x86-64 = "http://192.168.99.40/signed_ipxe.efi"
pxe-bios = "tftp://192.168.99.40/undionly.kpxe"
ipxe-x86-64 = "http://192.168.99.40/boot.ipxe"
u-boot-arm64 = "tftp://192.168.99.40/ipxe-arm64.efi"
"""
"""Terms of a site whose server tells architectures apart; iPXE of one of them is stated."""
OWN_CLIENT: Final = """
[clients.till]
like = "pxe-bios"
vendor_class = "PXEClient:Arch:00000:ACME-Till"
parameters = [1, 3, 66, 67]
[boots]
till = "tftp://192.168.99.40/till.bin"
"""
"""A client of the site that is not in the table."""
_ARCHITECTURES: Final = {
    "bios": (0, "undionly.kpxe"),
    "ia32": (6, "ipxe-ia32.efi"),
    "x64": (7, "signed_ipxe.efi"),
    "bc": (9, "signed_ipxe.efi"),
    "arm64": (11, "ipxe-arm64.efi"),
    "uboot": (22, "ipxe-arm64.efi"),
    "http": (16, "http://192.168.99.40/signed_ipxe.efi"),
}


def by_architecture(*, scripted: tuple[str, ...] = tuple(_ARCHITECTURES), http: int = 16) -> tuple[str, ...]:
    """The lines of dnsmasq.conf for those terms; iPXE gets the script on the ``scripted`` architectures."""
    lines = ["dhcp-match=set:ipxe,175", "dhcp-option-force=tag:http,60,HTTPClient"]
    for tag, (number, file) in _ARCHITECTURES.items():
        numbers = {number, http} if tag == "http" else {number}
        lines += [f"dhcp-match=set:{tag},option:client-arch,{each}" for each in sorted(numbers)]
        condition = f"tag:{tag},tag:!ipxe" if tag in scripted else f"tag:{tag}"
        lines.append(f"dhcp-boot={condition},{file},tinkerbell-nginx.cluster.onprem,192.168.99.40")
        if tag in scripted:
            lines.append(
                f"dhcp-boot=tag:{tag},tag:ipxe,http://192.168.99.40/boot.ipxe,"
                "tinkerbell-nginx.cluster.onprem,192.168.99.40"
            )
    return tuple(lines)


_ONE_FILE: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40\n"


def _instead_of_one_file(lines: tuple[str, ...]) -> ConfigChange:
    return config_change(_ONE_FILE, "\n".join((*lines, "")))


CLIENT_FAULTS: Final = (
    Fault(
        "iPXE of two architectures starts itself",
        "iPXE gets its script on x86-64 and IA32 alone; for BIOS and ARM64 it is sent the file that it is",
        "BIOS and ARM64 nodes load iPXE for ever",
        (
            ContractTerms(BY_ARCHITECTURE),
            _instead_of_one_file(by_architecture(scripted=("x64", "bc", "ia32"))),
        ),
        {
            f"{_UNSTATED}[ipxe-bios]": r"ipxe-bios, which the contract does not name, is sent to "
            r"tftp://192\.168\.99\.40/undionly\.kpxe, from which pxe-bios has just started it: it starts itself "
            r"for ever, where ipxe-x86-64 is sent on to http://\S+boot\.ipxe.*:\d+ dhcp-boot=tag:bios,undionly",
            f"{_UNSTATED}[ipxe-arm64]": r"ipxe-arm64, which .* edk2-pxe-arm64 has just .*dhcp-boot=tag:arm64,ipxe",
        },
        files=(_FIRMWARE,),
        sampled=True,
    ),
    Fault(
        "HTTP Boot on ARM64 gets the x86-64 file",
        "option 93 with 19 (ARM64) has the same tag as 16 (x86-64)",
        "ARM64 machines that boot by HTTP report that the image is unsupported",
        (ContractTerms(BY_ARCHITECTURE), _instead_of_one_file(by_architecture(http=19))),
        {
            f"{_UNSTATED}[edk2-http-arm64]": r"edk2-http-arm64, which .*/signed_ipxe\.efi, the file of "
            r"edk2-pxe-x86-64, which is another processor's; edk2-pxe-arm64 gets tftp://\S+ipxe-arm64\.efi"
        },
        files=(_FIRMWARE,),
    ),
    Fault(
        "client that is left alone is answered",
        "the contract leaves Windows to another server, and no dhcp-ignore line does",
        "Windows machines get an address of the edge nodes' pool",
        (ContractTerms('[boots]\nwindows = { no_offer = "left to the office\'s own server" }\n'),),
        {
            f"{_ANSWERED}[windows]": rf"windows is answered by {_SERVER}, and .* left alone: left to the office's"
        },
        files=(_FIRMWARE,),
    ),
    Fault(
        "client of a system is ignored",
        "dhcp-ignore applies to udhcpc, of which the contract says nothing",
        "nodes with busybox have no network once they are installed",
        (added_lines("dhcp-vendorclass=set:busybox,udhcp", "dhcp-ignore=tag:busybox"),),
        {
            f"{_ANSWERED}[udhcpc]": r"does not answer udhcpc, received nothing.*; the contract does not name it: boots\.udhcpc = {"
        },
        files=(_FIRMWARE,),
    ),
    Fault(
        "lease committed at once",
        "dhcp-rapid-commit is set, and the contract does not say so",
        "every message with option 80 takes an address for the whole lease time",
        (added_lines("dhcp-rapid-commit"),),
        {
            "test_rapid_commit.py::test_rapid_commit_is_answered_as_the_contract_says": r"dhcpcd asks with option "
            rf"80, and {_SERVER} commits at once \(option 80\): .* rapid_commit = false.*:\d+ dhcp-rapid-commit"
        },
        files=("test_rapid_commit.py", _FIRMWARE),
    ),
    Fault(
        "a site's own client gets another file",
        "the dhcp-boot line for the class of the site's tills names a file for nodes",
        "tills boot what is for edge nodes",
        (ContractTerms(OWN_CLIENT),),
        {
            f"{_FIRMWARE}::test_client_boots_what_the_contract_says[till]": r"till would boot "
            r"tftp://192\.168\.99\.40/signed_ipxe\.efi; the contract says tftp://192\.168\.99\.40/till\.bin"
        },
        files=(_FIRMWARE,),
    ),
    Fault(
        "name server for PXE clients only",
        "dhcp-option=tag:pxe,6 applies to clients whose class is PXEClient",
        "an installed system of another class resolves no names",
        (
            ContractTerms("options = [1, 3, 6, 28, 51, 53, 54, 58, 59, 66, 67]\n"),
            added_lines("dhcp-vendorclass=set:pxe,PXEClient", "dhcp-option=tag:pxe,6,192.168.99.40"),
        ),
        {
            "test_offer.py::test_unknown_vendor_class_gets_what_a_system_needs": r"a board of class ACME:Board:7 is "
            rf"not sent domain-name-server \(6\), which a PXE client is, by {_SERVER}"
        },
        files=("test_offer.py",),
    ),
)
