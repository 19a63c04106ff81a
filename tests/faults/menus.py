"""Boot menus (pxe-service) that lead nodes nowhere, and menus and proxies that are right."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ConfigChange, ContractTerms, added_lines
from tests.faults.fault import Cause, Fault

_FIRMWARE: Final = "test_firmware.py"
_BOOTS: Final = f"{_FIRMWARE}::test_client_boots_what_the_contract_says"
_EDK2: Final = f"{_BOOTS}[edk2-pxe-x86-64]"
_ONE_SERVICE: Final = 'pxe-service=X86-64_EFI,"Edge node",ipxe.efi\n'
_NO_BIOS: Final = "dhcp-match=set:bios,option:client-arch,0\ndhcp-ignore=tag:bios\n"
_PROMPT: Final = 'pxe-prompt="Press F8 for the menu",10'
_TWO: Final = (
    'pxe-service=tag:!ipxe,X86-64_EFI,"Install",ipxe.efi',
    'pxe-service=tag:!ipxe,X86-64_EFI,"Rescue",rescue.efi',
)


def services(*lines: str, ipxe: str | None = "ipxe.efi") -> ConfigChange:
    """A ProxyDHCP that answers a BIOS, too, with these lines in the place of its one pxe-service.

    iPXE gets one of its own: it has no menus but in builds for BIOS, which get no service here.
    """
    for_ipxe = (f'pxe-service=tag:ipxe,X86-64_EFI,"Edge node",{ipxe}',) if ipxe else ()
    return ConfigChange(
        ((_ONE_SERVICE, "\n".join(("dhcp-userclass=set:ipxe,iPXE", *lines, *for_ipxe, ""))), (_NO_BIOS, ""))
    )


_BIOS_TERMS: Final = """
[proxy.offers]
pxe-bios = "file"
[boots]
pxe-bios = "tftp://192.168.99.10/undionly.kpxe"
"""
_BIOS_SERVICE: Final = 'pxe-service=tag:!ipxe,x86PC,"Install",undionly.kpxe'


def _fault(
    name: str, broken: str, symptom: str, causes: tuple[Cause, ...], caught: dict[str, str], unnamed: str = ""
) -> Fault:
    """A fault of proxydhcp; ``unnamed`` is the client that is sent no file's name at all."""
    also = (f"{_FIRMWARE}::test_every_boot_file_field_names_the_same_file[{unnamed}]",) if unnamed else ()
    return Fault(name, broken, symptom, causes, caught, also, profile="proxydhcp", files=(_FIRMWARE,))


MENU_FAULTS: Final = (
    _fault(
        "boot menu without a time-out",
        "two pxe-service lines and no pxe-prompt: dnsmasq lets the menu wait for a key",
        "nodes show a menu until somebody comes",
        (ContractTerms(_BIOS_TERMS), services(_BIOS_SERVICE, *_TWO)),
        {_EDK2: r"waits for a user at its boot menu \(option 43 tag 10\), after asking port 4011 of"},
        "edk2-pxe-x86-64",
    ),
    _fault(
        "local disk as the default item",
        "the first pxe-service boots from the local disk",
        "nodes leave the network boot after ten seconds",
        (
            ContractTerms(_BIOS_TERMS),
            services(_PROMPT, _BIOS_SERVICE, 'pxe-service=tag:!ipxe,X86-64_EFI,"Local disk",0', *_TWO),
        ),
        {_EDK2: r"the boot menu \(option 43 tag 9\) begins with the local disk"},
        "edk2-pxe-x86-64",
    ),
    _fault(
        "another default item for BIOS",
        "the rescue system is the first pxe-service for x86PC",
        "old machines boot the rescue system",
        (
            ContractTerms(_BIOS_TERMS),
            services(_PROMPT, 'pxe-service=tag:!ipxe,x86PC,"Rescue",rescue.0', _BIOS_SERVICE, _TWO[0]),
        ),
        {
            f"{_BOOTS}[pxe-bios]": r"would boot tftp://192\.168\.99\.10/rescue\.0, after asking port 4011 of "
            r"192\.168\.99\.10, for type 32768 of the boot menu; the contract says \S+/undionly\.kpxe"
        },
    ),
    _fault(
        "boot server type that nobody serves",
        "pxe-service has a boot server type, 1, and no server: clients ask by broadcast",
        "old machines time out with PXE-E55",
        (ContractTerms(_BIOS_TERMS), services('pxe-service=tag:!ipxe,x86PC,"Install",1', _TWO[0])),
        {f"{_BOOTS}[pxe-bios]": r"waits for any boot server, by broadcast, for type 1 of the boot menu"},
        "pxe-bios",
    ),
)


_EVERYBODY: Final = """
[proxy.offers]
edk2-pxe-efi-bc = "file"
edk2-pxe-arm64 = "file"
pxe-bios = "file"
[boots]
edk2-pxe-efi-bc = "tftp://192.168.99.10/ipxe.efi"
edk2-pxe-arm64 = "tftp://192.168.99.10/ipxe-arm64.efi"
pxe-bios = "tftp://192.168.99.10/undionly.kpxe"
ipxe-x86-64 = "http://192.168.99.40/boot.ipxe"
"""
_ONLY_BIOS: Final = """
bootfile = "undionly.kpxe"
[proxy.offers]
edk2-pxe-x86-64 = "no file"
ipxe-x86-64 = "no file"
pxe-bios = "file"
[boots]
edk2-pxe-x86-64 = { nothing = "the old machines of this hall boot by BIOS" }
ipxe-x86-64 = { nothing = "the old machines of this hall boot by BIOS" }
pxe-bios = "tftp://192.168.99.10/undionly.kpxe"
"""
_MENU_OF_A_SERVER: Final = """
options = [1, 3, 28, 43, 51, 53, 54, 58, 59, 60, 66, 67, 97]
[boots]
pxe-bios = "tftp://192.168.99.40/undionly.kpxe"
"""


def _good(what: str, *causes: Cause, profile: str = "proxydhcp") -> Fault:
    return Fault(f"good menu: {what}", "nothing", "nothing", causes, profile=profile)


GOOD_MENUS: Final = (
    _good(
        "a ProxyDHCP for everybody",
        ContractTerms(_EVERYBODY),
        services(
            'pxe-service=tag:!ipxe,x86PC,"Edge node",undionly.kpxe',
            'pxe-service=tag:!ipxe,X86-64_EFI,"Edge node",ipxe.efi',
            'pxe-service=tag:!ipxe,BC_EFI,"Edge node",ipxe.efi',
            'pxe-service=tag:!ipxe,ARM64_EFI,"Edge node",ipxe-arm64.efi',
            ipxe="http://192.168.99.40/boot.ipxe",
        ),
    ),
    _good(
        "several items and ten seconds",
        ContractTerms(_BIOS_TERMS),
        services(
            _PROMPT,
            _BIOS_SERVICE,
            'pxe-service=tag:!ipxe,x86PC,"Local disk",0',
            *_TWO,
            'pxe-service=tag:!ipxe,X86-64_EFI,"Local disk"',
        ),
    ),
    _good(
        "several items and no wait",
        ContractTerms(_BIOS_TERMS),
        services(
            'pxe-prompt="Edge node",0', _BIOS_SERVICE, 'pxe-service=tag:!ipxe,x86PC,"Local disk",0', *_TWO
        ),
    ),
    _good("a ProxyDHCP for BIOS alone", ContractTerms(_ONLY_BIOS), services(_BIOS_SERVICE, ipxe=None)),
    _good(
        "a server that gives a BIOS its file by a menu",
        ContractTerms(_MENU_OF_A_SERVER),
        added_lines(
            "dhcp-userclass=set:ipxe,iPXE",
            'pxe-service=tag:!ipxe,x86PC,"Edge node",undionly.kpxe,192.168.99.40',
        ),
        profile="poc-fixed",
    ),
)
"""Entries for the runner in which no test may fail."""
