"""Which line of dnsmasq.conf makes a client boot something else than was expected."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from tests.unit.samples import OFFER, XID, config, message

HOST: Final = "192.168.99.40"
FILE: Final = f"dhcp-boot=signed_ipxe.efi,name,{HOST}"
Parts = tuple[str, ...]
ITSELF: Final = (f"tftp://{HOST}/signed_ipxe.efi", HOST, "signed_ipxe.efi")
SCRIPT: Final = (f"http://{HOST}/boot.ipxe", HOST, "boot.ipxe")
BY_HTTP: Final = (f"http://{HOST}/signed_ipxe.efi", HOST, "signed_ipxe.efi")
FOR_HTTP: Final = (
    f"dhcp-match=set:http,option:client-arch,{{}}\ndhcp-boot=tag:http,{BY_HTTP[0]},name,{HOST}\n"
)


def discover(client: str) -> DhcpMessage:
    """The client's DHCPDISCOVER."""
    return EdgeNodeIdentity.numbered(1, client=CLIENTS[client]).discover(XID)


def blamed(client: str, text: str, received: Parts, expected: Parts, file: str = "") -> list[str]:
    """The causes in words, where the offer names this file."""
    names = [option(Code.BOOTFILE_NAME, file.encode() + b"\0")] if file else []
    sent = Sent(discover(client), message(OFFER, *names))
    causes = likely_causes("boots", received, config(text), expected=expected, sent=sent)
    return [str(cause).removeprefix("dnsmasq.conf") for cause in causes]


@pytest.mark.parametrize(
    "line,why",
    [
        (
            "dhcp-vendorclass=set:ipxe,iPXE",
            "gives tag ipxe, and the client sends option 60 as 'PXEClient:Arch:00007:UNDI:003010'",
        ),
        ("dhcp-userclass=set:ipxe,ipxe", "gives tag ipxe, and the client sends option 77 as 'iPXE'"),
        ("dhcp-match=set:ipxe,option:client-arch,0", "and the client sends option 93 as 7"),
        ("dhcp-match=set:ipxe,225", "and the client sends no option 225"),
        (
            "dhcp-match=set:iPXE,175",
            "the client's tags are iPXE: line 2 wants tag ipxe; no line gives tag ipxe",
        ),
    ],
)
def test_tag_that_a_client_lacks_is_told_with_what_would_give_it(line: str, why: str) -> None:
    """The line that won is right for firmware; the tag of the other one is what is wrong."""
    [found] = blamed("ipxe-x86-64", f"{line}\ndhcp-boot=tag:ipxe,{SCRIPT[0]}\n{FILE}", ITSELF, SCRIPT)
    assert found.startswith(f":3 {FILE} (")
    assert why in found


NO_CLASS: Final = (
    " has no dhcp-option-force=60,HTTPClient line for a client with the tags http: UEFI HTTP Boot drops an "
    "offer without it"
)


@pytest.mark.parametrize(
    "text,words",
    [
        (
            FOR_HTTP.format(10),
            (
                " has no dhcp-boot line with what was expected for a client with the tags none "
                "(line 2 wants tag http; line 1 dhcp-match=set:http,option:client-arch,10 gives tag http, "
                "and the client sends option 93 as 16)"
            ),
        ),
        (FOR_HTTP.format(16), NO_CLASS),
        (
            f"{FOR_HTTP.format(16)}dhcp-option-force=tag:htp,60,HTTPClient",
            f"{NO_CLASS} (line 3 wants tag htp; no line gives tag htp)",
        ),
    ],
    ids=["another architecture", "no class", "class for others"],
)
def test_http_boot_that_takes_no_offer_is_told_by_the_line_that_lacks(text: str, words: str) -> None:
    """Firmware says nothing; either its URL or its class is not sent to it."""
    assert blamed("edk2-http-x86-64", f"{text}\n{FILE}", (), BY_HTTP) == [words]


def test_line_whose_file_a_client_reads_in_its_own_way_is_named() -> None:
    """iPXE fetches a name without a scheme by TFTP, GRUB a file beside the one that is named."""
    script = "dhcp-boot=boot.ipxe,name,192.168.99.40"
    received = (f"tftp://{HOST}/boot.ipxe", HOST, "boot.ipxe")
    assert blamed("ipxe-x86-64", script, received, SCRIPT, "boot.ipxe") == [f":1 {script}"]
    beside = "dhcp-boot=EFI/signed_ipxe.efi,name,192.168.99.40"
    menu, wanted = (
        (f"tftp://{HOST}/EFI/grub.cfg", HOST, "EFI/grub.cfg"),
        (f"tftp://{HOST}/grub.cfg", HOST, "grub.cfg"),
    )
    assert blamed("grub", beside, menu, wanted, "EFI/signed_ipxe.efi") == [f":1 {beside}"]


def test_line_that_did_not_give_the_file_is_not_named() -> None:
    """The server was started with another configuration."""
    received = (f"tftp://{HOST}/other.efi", HOST, "other.efi")
    assert blamed("edk2-pxe-x86-64", FILE, received, ITSELF, "other.efi") == []
