"""Clients that a contract does not name: what is wrong at any site, and what is not."""

from __future__ import annotations

import tomllib
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.report.unstated import wrong_at_any_site
from edgeboot.spec.contract.contract import Contract

TERMS: Final = tomllib.loads((CONTRACTS / "poc-fixed.toml").read_text(encoding="utf-8"))
BY_ARCHITECTURE: Final = {
    "edk2-pxe-x86-64": "tftp://192.168.99.40/ipxe.efi",
    "edk2-pxe-arm64": "tftp://192.168.99.40/arm64/ipxe.efi",
    "pxe-bios": "tftp://192.168.99.40/undionly.kpxe",
}
ONE_FILE: Final = "tftp://192.168.99.40/signed_ipxe.efi"
SCRIPT: Final = {"ipxe-x86-64": "http://192.168.99.40/boot.ipxe"}


def wrong(client: str, url: str, boots: dict[str, str]) -> str | None:
    """Why the client cannot be meant to boot the URL, where firmware boots as the contract says."""
    contract = Contract.model_validate(TERMS | {"boots": boots})

    def boots_as(firmware: ClientProfile) -> Boot | NoBoot:
        stated = contract.url_for(firmware)
        return NoBoot("no boot file is named") if stated is None else Boot(stated)

    return wrong_at_any_site(CLIENTS[client], url, contract, boots_as)


@pytest.mark.parametrize("client,firmware", [("ipxe-bios", "pxe-bios"), ("ipxe-arm64", "edk2-pxe-arm64")])
def test_ipxe_that_starts_itself_beside_one_that_does_not_is_wrong(client: str, firmware: str) -> None:
    """The site's scripts come by DHCP, and this architecture has been forgotten."""
    why = wrong(client, BY_ARCHITECTURE[firmware], BY_ARCHITECTURE | SCRIPT)
    assert why is not None
    assert why.startswith(
        f"from which {firmware} has just started it: it starts itself for ever, where ipxe-x86"
    )


@pytest.mark.parametrize(
    "client,url,boots",
    [
        ("ipxe-bios", "http://192.168.99.40/boot.ipxe", BY_ARCHITECTURE | SCRIPT),
        ("ipxe-bios", BY_ARCHITECTURE["edk2-pxe-x86-64"], BY_ARCHITECTURE | SCRIPT),
        ("ipxe-bios", BY_ARCHITECTURE["pxe-bios"], BY_ARCHITECTURE),
        (
            "ipxe-bios",
            BY_ARCHITECTURE["pxe-bios"],
            BY_ARCHITECTURE | {"ipxe-x86-64": BY_ARCHITECTURE["edk2-pxe-x86-64"]},
        ),
        ("ipxe-bios", "tftp://a/pxelinux.0", BY_ARCHITECTURE | SCRIPT | {"pxe-bios": "tftp://a/pxelinux.0"}),
        ("ipxe-bios", ONE_FILE, {"edk2-pxe-x86-64": ONE_FILE, "pxe-bios": ONE_FILE} | SCRIPT),
        ("u-boot-arm64", BY_ARCHITECTURE["pxe-bios"], BY_ARCHITECTURE),
    ],
    ids=[
        "script",
        "other firmware's",
        "no iPXE stated",
        "all reload",
        "other loader",
        "one file",
        "other family",
    ],
)
def test_ipxe_that_may_be_meant_is_not_wrong(client: str, url: str, boots: dict[str, str]) -> None:
    """A script, an embedded one, or a boot loader that is no iPXE."""
    assert wrong(client, url, boots) is None


def test_firmware_that_is_sent_another_processor_s_file_is_wrong() -> None:
    """By HTTP as by TFTP: the path is the file's."""
    why = wrong("edk2-http-arm64", "http://192.168.99.40/ipxe.efi", BY_ARCHITECTURE)
    assert why == (
        "the file of edk2-pxe-x86-64, which is another processor's; "
        "edk2-pxe-arm64 gets tftp://192.168.99.40/arm64/ipxe.efi"
    )


@pytest.mark.parametrize(
    "client,url",
    [
        ("edk2-http-arm64", "http://192.168.99.40/arm64/ipxe.efi"),
        ("edk2-http-arm64", "http://192.168.99.40/other.efi"),
        ("edk2-pxe-ia32", "tftp://192.168.99.40/ipxe.efi"),
    ],
    ids=["its own", "a file of no other", "no file for its processor"],
)
def test_firmware_that_may_be_meant_is_not_wrong(client: str, url: str) -> None:
    """The contract says nothing of such a machine."""
    assert wrong(client, url, BY_ARCHITECTURE) is None
