"""``boots_from``: the rules all client profiles share, and those in which they differ."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
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


@given(
    st.sampled_from(list(CLIENTS.values())),
    st.lists(ANY_REPLY, max_size=3),
    st.lists(st.lists(ANY_REPLY, max_size=2), max_size=3),
)
def test_every_client_has_an_outcome_for_every_reply(
    client: ClientProfile, replies: list[DhcpMessage], last: list[list[DhcpMessage]]
) -> None:
    """For any server reply the outcome is a URL or a reason; no exception is raised."""
    outcome = boots_from(client, replies, from_boot_servers=last)
    assert (outcome.url or "nothing") in str(outcome)


@pytest.mark.covers("OS-address")
@pytest.mark.parametrize("name", ["dhclient", "systemd-networkd", "windows"])
def test_system_boots_nothing(name: str) -> None:
    """The system is running already, so a boot file in the reply does not matter."""
    outcome = boots_from(CLIENTS[name], [promised(CONTRACT)])
    assert outcome == NoBoot(f"{name} does not network-boot; it only requests an address")


@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_promised_offer_boots_every_tftp_client(client: ClientProfile) -> None:
    """An offer that meets the contract boots the same file on every client."""
    assert boots(client, promised(CONTRACT)) == "tftp://192.168.99.40/signed_ipxe.efi"


@pytest.mark.parametrize("client", BOOTING, ids=str)
def test_nothing_is_booted_without_an_address(client: ClientProfile) -> None:
    """With only a ProxyDHCP server, or with no reply, no client boots."""
    assert boots(client, proxy(file(b"a.efi"), siaddr=BOOT_SERVER)) is None
    assert boots_from(client, []) == NoBoot("no address is offered")


@pytest.mark.covers("EDK2-PXE-66-decides-nothing")
@given(st.binary(max_size=40), st.sampled_from(BOOTING))
def test_option_66_decides_nothing(name: bytes, client: ClientProfile) -> None:
    """EDK2, iPXE and U-Boot ignore it, so the proof of concept's repeated option 66 is harmless."""
    offer = message(OFFER, FROM, file(b"a.efi"))
    with_66 = replace(offer, options=Options((option(Code.TFTP_SERVER_NAME, name), *offer.options)))
    assert boots(client, with_66) == boots(client, offer)


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
    """The proof of concept sends two: it does not matter as long as they are equal."""
    offer = message(OFFER, FROM, file(b"first\0"), file(b"second\0"))
    assert boots(client, offer) == f"tftp://192.168.99.40/{chosen}"


@pytest.mark.covers("EDK2-PXE-siaddr", "IPXE-siaddr", "U-BOOT-siaddr")
@pytest.mark.parametrize(
    "client,server", [(EDK2, SERVER), (BIOS, SERVER), (IPXE, None), (U_BOOT, None)], ids=str
)
def test_server_without_siaddr(client: ClientProfile, server: IPv4Address | None) -> None:
    """EDK2 falls back to option 54; boot loaders then have no server, even with option 66."""
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
    """EDK2 adds the NUL itself; a ROM that reads on makes the END octet part of the name."""
    assert boots(client, message(OFFER, FROM, file(b"a.efi"))) == f"tftp://192.168.99.40/{fetched}"


@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_name_ends_at_its_first_nul(client: ClientProfile) -> None:
    """No client uses the octets behind it."""
    assert boots(client, message(OFFER, FROM, file(b"a.efi\0b\0"))) == "tftp://192.168.99.40/a.efi"


@pytest.mark.covers("EDK2-PXE-tftp-only")
@pytest.mark.parametrize("client", [EDK2, IPXE, U_BOOT], ids=str)
def test_leading_slash_of_a_name_is_asked_for(client: ClientProfile) -> None:
    """As on the wire of all three; the URL is compared without it."""
    outcome = boots_from(client, [message(OFFER, FROM, file(b"/a.efi"))])
    assert isinstance(outcome, Boot)
    assert (outcome.url, outcome.name) == ("tftp://192.168.99.40/a.efi", "/a.efi")


@pytest.mark.covers("EDK2-PXE-overload", "IPXE-no-overload")
@pytest.mark.parametrize(
    "client,fetched", [(EDK2, True), (BIOS, True), (U_BOOT, True), (IPXE, False)], ids=str
)
def test_option_67_in_an_overloaded_file_field(client: ClientProfile, fetched: bool) -> None:
    """Option 52 moves options into ``file``; iPXE would read their octets as a name."""
    overloaded = message(
        OFFER, FROM, option(Code.OPTION_OVERLOAD, 1), file=file(b"a.efi\0").encode() + b"\xff"
    )
    received = DhcpMessage.decode(overloaded.encode())
    assert boots(client, received) == ("tftp://192.168.99.40/a.efi" if fetched else None)


@pytest.mark.covers("EDK2-PXE-order")
def test_proxy_offer_takes_precedence_over_the_file_of_the_leasing_server() -> None:
    """EDK2 prefers the proxy offer; iPXE the server of the address; U-Boot ignores proxies."""
    named = message(OFFER, FROM, file(b"dhcp.efi"))
    offers = [named, proxy(vendor((6, b"\x08")), header=b"proxy.efi", siaddr=PROXY)]
    assert boots(EDK2, *offers) == f"tftp://{PROXY}/proxy.efi"
    assert boots(IPXE, *offers) == boots(U_BOOT, *offers) == "tftp://192.168.99.40/dhcp.efi"


@pytest.mark.covers("EDK2-PXE-order")
@pytest.mark.parametrize("client", TFTP_CLIENTS, ids=str)
def test_order_of_arrival_of_proxy_and_server_does_not_matter(client: ClientProfile) -> None:
    """Clients collect all offers before they select one."""
    offers = (PLAIN, proxy(vendor((6, b"\x08")), header=b"a.efi", siaddr=PROXY))
    assert len({boots(client, *order) for order in permutations(offers)}) == 1


@pytest.mark.covers("U-BOOT-file")
def test_u_boot_without_a_named_file_does_not_boot() -> None:
    """It would request a name derived from its address, and such a file need not exist."""
    outcome = boots_from(U_BOOT, [message(OFFER, FROM)])
    assert isinstance(outcome, NoBoot)
    assert "request C0A86364.img from 192.168.99.40" in outcome.reason
