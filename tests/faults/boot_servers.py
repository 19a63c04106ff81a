"""Boot servers of a menu: those that are silent, not listed, or answer where no client listens.

In most of them the site's own DHCP server sends the menu: its list names the ProxyDHCP under test,
which answers on port 4011, and itself, which does not.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from tests.faults.causes import (
    ConfigChange,
    ContractTerms,
    FrameInjection,
    ManifestChange,
    added_lines,
    config_change,
)
from tests.faults.fault import Cause, Fault

_FIRMWARE: Final = "test_firmware.py"
_BOOTS: Final = f"{_FIRMWARE}::test_client_boots_what_the_contract_says"
_EDK2: Final = f"{_BOOTS}[edk2-pxe-x86-64]"
_UNDER_TEST: Final = "192.168.99.10"
_SITE: Final = "192.168.99.2"
_TYPE: Final = 32768
"""The type that dnsmasq gives its first pxe-service."""
_ITEM: Final = f"for type {_TYPE} of the boot menu"
_ONLY_UNICAST: Final = 3
_ONLY_THE_LIST: Final = 7
_ROUTER: Final = "dhcp-option=option:router,192.168.99.1\n"
_ONE_SERVICE: Final = 'pxe-service=X86-64_EFI,"Edge node",ipxe.efi\n'
_ANOTHER_FOR_FIRMWARE: Final = (
    "dhcp-userclass=set:ipxe,iPXE\n"
    'pxe-service=tag:!ipxe,X86-64_EFI,"Edge node",ipxe.efi,192.168.99.40\n'
    'pxe-service=tag:ipxe,X86-64_EFI,"Edge node",ipxe.efi\n'
)
_NO_BIOS: Final = "dhcp-match=set:bios,option:client-arch,0\ndhcp-ignore=tag:bios\n"


def menu_of_the_site(*servers: str, control: int = _ONLY_UNICAST, architecture: int = 7) -> ManifestChange:
    """The site's DHCP server sends firmware of an architecture a menu of one item, and these boot servers."""
    condition = "tag:menu,tag:!ipxe"
    lines = (
        "dhcp-userclass=set:ipxe,iPXE",
        f"dhcp-match=set:menu,option:client-arch,{architecture}",
        f"dhcp-option-force={condition},60,PXEClient",
        f"dhcp-option-force={condition},43,{_option_43(servers, control).hex(':')}",
    )
    return ManifestChange("site-dhcp/dnsmasq.conf", _ROUTER, "\n".join((*lines, _ROUTER)))


def _option_43(servers: tuple[str, ...], control: int) -> bytes:
    kind, text = _TYPE.to_bytes(2), b"Edge node"
    addresses = b"".join(IPv4Address(server).packed for server in servers)
    tags = {
        6: bytes((control,)),
        8: kind + bytes((len(servers),)) + addresses,
        9: kind + bytes((len(text),)) + text,
        10: b"\0PXE",
    }
    return b"".join(bytes((tag, len(data))) + data for tag, data in tags.items()) + b"\xff"


_BIOS_TERMS: Final = """
[proxy.offers]
pxe-bios = "file"
[boots]
pxe-bios = "tftp://192.168.99.10/undionly.kpxe"
"""
_FOR_BIOS: Final = ConfigChange(
    (
        (_ONE_SERVICE, f'pxe-service=tag:!ipxe,x86PC,"Edge node",undionly.kpxe\n{_ONE_SERVICE}'),
        (_NO_BIOS, "dhcp-userclass=set:ipxe,iPXE\n"),
    )
)
_IPXE_TERMS: Final = """
[proxy.offers]
pxe-bios = "no file"
ipxe-bios = "file"
[boots]
ipxe-bios = "tftp://192.168.99.10/boot.ipxe"
"""
_IPXE_MENU: Final = ConfigChange(
    (
        (
            _ONE_SERVICE,
            "dhcp-userclass=set:ipxe,iPXE\n"
            'pxe-prompt="Press F8 for the menu",5\n'
            'pxe-service=tag:ipxe,x86PC,"Install",boot.ipxe\n'
            'pxe-service=tag:ipxe,x86PC,"Rescue",rescue.ipxe\n' + _ONE_SERVICE,
        ),
        (_NO_BIOS, ""),
    )
)


def _fault(
    name: str,
    broken: str,
    symptom: str,
    causes: tuple[Cause, ...],
    caught: dict[str, str],
    also: tuple[str, ...] = (),
    profile: str = "proxydhcp",
) -> Fault:
    return Fault(name, broken, symptom, causes, caught, also, profile=profile, files=(_FIRMWARE,))


BOOT_SERVER_FAULTS: Final = (
    _fault(
        "last boot server of a menu is silent",
        "option 43 tag 8 lists the ProxyDHCP, and behind it a host on which nothing answers port 4011",
        "UEFI machines say PXE-E18 although the first boot server answers them",
        (menu_of_the_site(_UNDER_TEST, _SITE),),
        {
            _EDK2: rf"would boot nothing: it waits for port 4011 of 192\.168\.99\.2, {_ITEM}: it asks each "
            r"boot server of the list \(option 43 tag 8\) and goes by the last one; received nothing.*, "
            rf"after asking port 4011 of 192\.168\.99\.10, {_ITEM} and port 4011 of 192\.168\.99\.2"
        },
    ),
    _fault(
        "boot server names a TFTP server that is not listed",
        "pxe-service names .40, and discovery control allows only the boot servers of the list",
        "UEFI machines say PXE-E53, no boot filename received",
        (
            menu_of_the_site(_UNDER_TEST, control=_ONLY_THE_LIST),
            config_change(_ONE_SERVICE, _ANOTHER_FOR_FIRMWARE),
        ),
        {
            _EDK2: r"would boot nothing: option 43 tag 6 allows only boot servers of the list, "
            r"192\.168\.99\.10; the reply's siaddr is 192\.168\.99\.40, after asking "
            r"port 4011 of 192\.168\.99\.10"
        },
    ),
    _fault(
        "boot server answers to port 68",
        "what is asked from port 4011 is answered to port 68, where DHCP clients listen",
        "UEFI machines say PXE-E16, no valid offer received; iPXE boots",
        (FrameInjection("boot reply to port 68"),),
        {
            _EDK2: r"waits for port 4011 of 192\.168\.99\.10: option 60 PXEClient without boot servers.*; "
            r"received nothing but a DHCPACK with destination port 68 from 192\.168\.99\.10 "
            r"\(52:54:00:12:34:56\)"
        },
        (f"{_FIRMWARE}::test_every_boot_file_field_names_the_same_file[edk2-pxe-x86-64]",),
    ),
    _fault(
        "boot server's reply lacks the menu's item",
        "the DHCPACK from port 4011 has no option 43 with tag 71",
        "iPXE for BIOS waits at its menu's item until it gives up",
        (ContractTerms(_IPXE_TERMS), _IPXE_MENU, FrameInjection("boot reply without the item")),
        {
            f"{_BOOTS}[ipxe-bios]": r"would boot nothing: the reply has to repeat the item \(option 43 "
            r"tag 71\), type 32768; it has none, after asking port 4011 of 192\.168\.99\.10"
        },
    ),
    _fault(
        "no server identifier for UEFI",
        "option 54 is missing from offers and acknowledgements",
        "UEFI machines ask until PXE-E18; iPXE and U-Boot boot",
        (FrameInjection("no server identifier"),),
        {_BOOTS: r"would boot nothing: it ignores an offer without a server identifier \(option 54\)"},
        profile="poc-fixed",
    ),
    Fault(
        "no subnet mask",
        "dhcp-option=1 without a value keeps dnsmasq from sending option 1",
        "UEFI machines decline each address (PXE-E21), and use up the pool",
        (added_lines("dhcp-option=1"),),
        {
            _BOOTS: r"would boot nothing: it declines 192\.168\.99\.\d+ \(DHCPDECLINE\): the offer has no "
            r"subnet mask \(option 1\)"
        },
        profile="poc-fixed",
        files=(_FIRMWARE,),
    ),
)


def _good(what: str, *causes: Cause, profile: str = "proxydhcp") -> Fault:
    return Fault(f"good boot servers: {what}", "nothing", "nothing", causes, profile=profile)


_FILE: Final = "dhcp-boot=signed_ipxe.efi,"
GOOD_BOOT_SERVERS: Final = (
    _good(
        "a slash before the boot file's name",
        ContractTerms('bootfile = "/signed_ipxe.efi"\n'),
        config_change(_FILE, _FILE.replace("=", "=/")),
        profile="poc-fixed",
    ),
    _good("two of them, of which the last answers", menu_of_the_site(_SITE, _UNDER_TEST)),
    _good(
        "two of them for BIOS, of which the first answers",
        ContractTerms(_BIOS_TERMS),
        _FOR_BIOS,
        menu_of_the_site(_UNDER_TEST, _SITE, architecture=0),
    ),
    _good("only those of the list", menu_of_the_site(_SITE, _UNDER_TEST, control=_ONLY_THE_LIST)),
    _good("a menu for iPXE", ContractTerms(_IPXE_TERMS), _IPXE_MENU),
)
"""Entries for the runner in which no test may fail."""
