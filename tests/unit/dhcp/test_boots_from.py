"""Would it boot, and from what: what all clients of the table have in common, and where they differ."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import NoBoot, boots_from
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import (
    ANY_REPLY,
    BIOS,
    BOOTING,
    EDK2,
    FROM,
    IPXE,
    PLAIN,
    PROXY,
    TFTP_CLIENTS,
    U_BOOT,
    boots,
    file,
    proxy,
    vendor,
)
from tests.unit.samples import BOOT_SERVER, CONTRACT, OFFER, SERVER, message, promised


@given(st.sampled_from(list(CLIENTS.values())), st.lists(ANY_REPLY, max_size=3), st.none() | ANY_REPLY)
def test_every_client_has_an_answer_to_every_reply(
    client: ClientProfile, replies: list[DhcpMessage], last: DhcpMessage | None
) -> None:
    """Whatever a server says, the outcome is a URL or words; nothing is raised."""
    outcome = boots_from(client, replies, from_4011=last)
    assert (outcome.url or "nothing") in str(outcome)


@pytest.mark.covers("OS-address")
@pytest.mark.parametrize("name", ["dhclient", "systemd-networkd", "windows"])
def test_system_boots_nothing(name: str) -> None:
    """It has booted already; what a server names is not for it."""
    outcome = boots_from(CLIENTS[name], [promised(CONTRACT)])
    assert outcome == NoBoot(f"{name} wants an address and boots nothing")


@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_promised_offer_boots_every_tftp_client(client: ClientProfile) -> None:
    """An offer that keeps the contract leaves no client a choice."""
    assert boots(client, promised(CONTRACT)) == "tftp://192.168.99.40/signed_ipxe.efi"


@pytest.mark.parametrize("client", BOOTING, ids=str)
def test_nothing_is_booted_without_an_address(client: ClientProfile) -> None:
    """A ProxyDHCP server alone, or nobody at all."""
    assert boots(client, proxy(file(b"a.efi"), siaddr=BOOT_SERVER)) is None
    assert boots_from(client, []) == NoBoot("no address is offered")


@pytest.mark.covers("EDK2-PXE-66-decides-nothing")
@given(st.binary(max_size=40), st.sampled_from(BOOTING))
def test_option_66_decides_nothing(name: bytes, client: ClientProfile) -> None:
    """Not for EDK2, iPXE or U-Boot, however often it comes: the proof of concept's second one is harmless."""
    offer = message(OFFER, FROM, file(b"a.efi"))
    more = replace(offer, options=Options((option(Code.TFTP_SERVER_NAME, name), *offer.options)))
    assert boots(client, more) == boots(client, offer)


@pytest.mark.covers("EDK2-PXE-67-before-file", "BIOS-file-before-67", "IPXE-file-before-67", "U-BOOT-file")
@pytest.mark.parametrize(
    "client,chosen",
    [(EDK2, "option.efi"), (BIOS, "header.efi"), (IPXE, "header.efi"), (U_BOOT, "header.efi")],
    ids=str,
)
def test_header_or_option_67(client: ClientProfile, chosen: str) -> None:
    """Where both name a file, clients differ."""
    offer = message(OFFER, FROM, file(b"option.efi\0"), file=b"header.efi")
    assert boots(client, offer) == f"tftp://192.168.99.40/{chosen}"


@pytest.mark.covers("EDK2-PXE-first-67", "U-BOOT-file")
@pytest.mark.parametrize(
    "client,chosen", [(EDK2, "first"), (BIOS, "first"), (IPXE, "first"), (U_BOOT, "second")], ids=str
)
def test_first_or_last_option_67(client: ClientProfile, chosen: str) -> None:
    """The proof of concept sends two: as long as they agree nobody sees it."""
    offer = message(OFFER, FROM, file(b"first\0"), file(b"second\0"))
    assert boots(client, offer) == f"tftp://192.168.99.40/{chosen}"


@pytest.mark.covers("EDK2-PXE-siaddr", "IPXE-siaddr", "U-BOOT-siaddr")
@pytest.mark.parametrize(
    "client,server", [(EDK2, SERVER), (BIOS, SERVER), (IPXE, None), (U_BOOT, None)], ids=str
)
def test_server_without_siaddr(client: ClientProfile, server: IPv4Address | None) -> None:
    """EDK2 falls back on option 54; loaders have no server then, whatever option 66 says."""
    named = option(Code.TFTP_SERVER_NAME, b"192.168.99.41")
    offer = message(OFFER, FROM, named, file(b"a.efi\0"), siaddr=UNSPECIFIED)
    assert boots(client, offer) == (None if server is None else f"tftp://{server}/a.efi")


@pytest.mark.covers("EDK2-PXE-nul", "BIOS-reads-on")
@pytest.mark.parametrize(
    "client,fetched",
    [(EDK2, "a.efi"), (BIOS, r"a.efi\xff"), (IPXE, "a.efi"), (U_BOOT, "a.efi")],
    ids=str,
)
def test_option_67_without_a_nul(client: ClientProfile, fetched: str) -> None:
    """EDK2 ends it itself; a ROM that reads on asks for the END octet too."""
    assert boots(client, message(OFFER, FROM, file(b"a.efi"))) == f"tftp://192.168.99.40/{fetched}"


@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_name_ends_at_its_first_nul(client: ClientProfile) -> None:
    """What stands behind it is fetched by nobody."""
    assert boots(client, message(OFFER, FROM, file(b"a.efi\0b\0"))) == "tftp://192.168.99.40/a.efi"


@pytest.mark.covers("EDK2-PXE-overload", "IPXE-no-overload")
@pytest.mark.parametrize(
    "client,fetched", [(EDK2, True), (BIOS, True), (U_BOOT, True), (IPXE, False)], ids=str
)
def test_option_67_in_an_overloaded_file_field(client: ClientProfile, fetched: bool) -> None:
    """Option 52 moves options into ``file``; iPXE would take their octets for a name."""
    overloaded = message(
        OFFER, FROM, option(Code.OPTION_OVERLOAD, 1), file=file(b"a.efi\0").encode() + b"\xff"
    )
    received = DhcpMessage.decode(overloaded.encode())
    assert boots(client, received) == ("tftp://192.168.99.40/a.efi" if fetched else None)


@pytest.mark.covers("EDK2-PXE-order")
def test_proxy_comes_before_a_file_of_the_address_s_server() -> None:
    """EDK2 prefers the pair; iPXE the server that gave the address; U-Boot hears no proxy."""
    named = message(OFFER, FROM, file(b"dhcp.efi"))
    offers = [named, proxy(vendor((6, b"\x08")), header=b"proxy.efi", siaddr=PROXY)]
    assert boots(EDK2, *offers) == f"tftp://{PROXY}/proxy.efi"
    assert boots(IPXE, *offers) == boots(U_BOOT, *offers) == "tftp://192.168.99.40/dhcp.efi"


@pytest.mark.covers("EDK2-PXE-order")
@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_order_of_arrival_of_proxy_and_server_is_nothing(client: ClientProfile) -> None:
    """All offers are collected before one is taken."""
    offers = (PLAIN, proxy(vendor((6, b"\x08")), header=b"a.efi", siaddr=PROXY))
    assert len({boots(client, *each) for each in permutations(offers)}) == 1


@pytest.mark.covers("U-BOOT-file")
def test_u_boot_without_a_name_is_told_nothing_to_boot() -> None:
    """It would ask for a name made of its address, of which nobody has said that it exists."""
    outcome = boots_from(U_BOOT, [message(OFFER, FROM)])
    assert isinstance(outcome, NoBoot)
    assert "192.168.99.40 for C0A86364.img" in outcome.reason
