"""Which boot servers of a menu are asked, one after the other, and whose reply counts."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import BootRequest, NoBoot, boots_from
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import ACK, BIOS, EDK2, FROM_PROXY, PLAIN, PROXY, PXE, proxy, vendor
from tests.unit.samples import OFFER, message

IPXE_BIOS: Final = CLIENTS["ipxe-bios"]
ONE: Final = IPv4Address("192.168.99.30")
TWO: Final = IPv4Address("192.168.99.31")
THREE: Final = IPv4Address("192.168.99.32")
GROUP: Final = IPv4Address("224.0.1.2")
ITEM: Final = 0x8000
AT_ONCE: Final = ((9, b"\x80\0\x04ipxe"), (10, b"\0PXE"))
BOTH: Final = (8, b"\x80\0\x02" + ONE.packed + TWO.packed)
TWO_ENTRIES: Final = (8, b"\x80\0\x01" + ONE.packed + b"\x80\0\x01" + TWO.packed)
REPEATED: Final = vendor((71, b"\x80\0\0\0"))


def menu(control: int, *tags: tuple[int, bytes]) -> list[DhcpMessage]:
    """A plain offer with an address, and a ProxyDHCP's with a menu and this discovery control."""
    return [PLAIN, proxy(vendor((6, bytes((control,))), *AT_ONCE, *tags))]


def named(file: str, server: IPv4Address, *, of: IPv4Address | None = None) -> DhcpMessage:
    """A boot server's DHCPACK; its option 54 is ``of``, else the server in ``siaddr``."""
    identifier = option(Code.SERVER_IDENTIFIER, of or server)
    return message(ACK, identifier, PXE, REPEATED, file=file.encode(), siaddr=server)


FIRST: Final = named("one.efi", ONE)
SECOND: Final = named("two.efi", TWO)


def url(client: ClientProfile, offers: list[DhcpMessage], *replies: list[DhcpMessage]) -> str | None:
    """What the client fetches after these replies to its boot requests."""
    return boots_from(client, offers, from_boot_servers=replies).url


@pytest.mark.covers("EDK2-PXE-boot-servers", "PXE-2.1-boot-servers", "IPXE-boot-servers")
@pytest.mark.parametrize(
    "replies,of_edk2,of_the_others",
    [
        ([[FIRST], [SECOND]], f"tftp://{TWO}/two.efi", f"tftp://{ONE}/one.efi"),
        ([[], [SECOND]], f"tftp://{TWO}/two.efi", f"tftp://{TWO}/two.efi"),
        ([[FIRST], []], None, f"tftp://{ONE}/one.efi"),
        ([[], []], None, None),
    ],
    ids=["both answer", "the second alone", "the first alone", "neither"],
)
def test_edk2_goes_by_the_last_boot_server_and_others_by_the_first_that_answers(
    replies: list[list[DhcpMessage]], of_edk2: str | None, of_the_others: str | None
) -> None:
    """EDK2 asks each of the list whatever those before have answered."""
    fetched = [url(client, menu(3, BOTH), *replies) for client in (EDK2, BIOS, IPXE_BIOS)]
    assert fetched == [of_edk2, of_the_others, of_the_others]


@pytest.mark.covers("EDK2-PXE-boot-servers")
def test_silence_of_the_last_boot_server_is_told_with_the_rule() -> None:
    """What an operator could not guess: one server that is switched off, and no boot."""
    outcome = boots_from(EDK2, menu(3, BOTH), from_boot_servers=[[FIRST], []])
    rule = "it asks each boot server of the list (option 43 tag 8) and goes by the last one"
    assert str(outcome).endswith(f"port 4011 of {TWO}, for type {ITEM} of the boot menu: {rule}")
    silent = str(boots_from(BIOS, menu(3, BOTH), from_boot_servers=[[], []]))
    assert f"waits for port 4011 of {ONE}" in silent
    assert f"and then for port 4011 of {TWO}" in silent


@pytest.mark.covers("EDK2-PXE-boot-servers", "PXE-2.1-boot-servers", "IPXE-boot-servers")
@pytest.mark.parametrize(
    "client,control,tags,servers",
    [
        (EDK2, 3, [TWO_ENTRIES], [ONE]),
        (BIOS, 3, [TWO_ENTRIES], [ONE, TWO]),
        (IPXE_BIOS, 3, [TWO_ENTRIES], [ONE, TWO]),
        (EDK2, 2, [BOTH], [None]),
        (BIOS, 2, [BOTH], [ONE, TWO, None]),
        (IPXE_BIOS, 2, [BOTH], [None, ONE, TWO]),
        (EDK2, 0, [BOTH, (7, GROUP.packed)], [GROUP]),
        (BIOS, 0, [BOTH, (7, GROUP.packed)], [ONE, TWO, None, GROUP]),
        (IPXE_BIOS, 0, [BOTH, (7, GROUP.packed)], [GROUP, None, ONE, TWO]),
        (EDK2, 7, [(8, b"\x80\0\0")], []),
        (BIOS, 7, [(8, b"\x80\0\0")], []),
        (EDK2, 3, [(8, b"")], []),
        (BIOS, 3, [], []),
        (IPXE_BIOS, 3, [], []),
    ],
    ids=str,
)
def test_discovery_control_says_who_is_asked_until_somebody_answers(
    client: ClientProfile,
    control: int,
    tags: list[tuple[int, bytes]],
    servers: list[IPv4Address | None],
) -> None:
    """By multicast, by broadcast (None), at the addresses of the list: each client in its own order."""
    asked = boots_from(client, menu(control, *tags), from_boot_servers=[[]] * 9).requests
    assert [each.server for each in asked] == servers


@pytest.mark.covers("EDK2-PXE-only-listed", "PXE-2.1-only-listed", "IPXE-boot-servers")
@pytest.mark.parametrize("client", [EDK2, BIOS, IPXE_BIOS], ids=str)
def test_with_bit_2_only_a_listed_server_s_reply_is_taken(client: ClientProfile) -> None:
    """Of those that answer a broadcast; without the bit the first reply counts."""
    stranger = named("three.efi", THREE)
    assert url(client, menu(6, BOTH), [stranger, FIRST]) == f"tftp://{ONE}/one.efi"
    assert "only boot servers of the list" in str(
        boots_from(client, menu(6, BOTH), from_boot_servers=[[stranger]] * 4)
    )
    assert url(client, menu(2, BOTH), [stranger, FIRST]) == f"tftp://{THREE}/three.efi"


@pytest.mark.covers("EDK2-PXE-only-listed")
def test_edk2_knows_a_listed_server_by_siaddr_and_others_by_option_54() -> None:
    """Option 54 is the listed server's, and siaddr another's: EDK2 ends with PXE-E53."""
    elsewhere = named("one.efi", THREE, of=ONE)
    dropped = boots_from(EDK2, menu(7, BOTH), from_boot_servers=[[elsewhere], [elsewhere]])
    assert f"the reply's siaddr is {THREE}" in str(dropped)
    for client in (BIOS, IPXE_BIOS):
        assert url(client, menu(7, BOTH), [elsewhere]) == f"tftp://{THREE}/one.efi"


@pytest.mark.covers("EDK2-PXE-menu")
@pytest.mark.parametrize(
    "control,tags,server",
    [(3, [BOTH], TWO), (2, [BOTH], THREE), (1, [(7, GROUP.packed)], THREE)],
    ids=["list", "broadcast", "multicast"],
)
def test_edk2_fetches_from_the_server_it_asked_by_address(
    control: int, tags: list[tuple[int, bytes]], server: IPv4Address
) -> None:
    """Else from siaddr of the reply; seen on the wire with tag 6 at 3, where siaddr was another's."""
    reply = named("a.efi", THREE, of=ONE)
    assert url(EDK2, menu(control, *tags), [reply], [reply]) == f"tftp://{server}/a.efi"


@pytest.mark.covers("IPXE-boot-item")
@pytest.mark.parametrize(
    "vendor_options,why", [([], "it has none"), ([vendor((71, b"\0\x02\0\0"))], "it has 2")]
)
def test_ipxe_drops_a_reply_that_does_not_repeat_the_item(vendor_options: list[DhcpOption], why: str) -> None:
    """EDK2 and a ROM do not look at it."""
    reply = message(ACK, FROM_PROXY, PXE, *vendor_options, file=b"a.efi", siaddr=PROXY)
    assert why in str(boots_from(IPXE_BIOS, menu(3, BOTH), from_boot_servers=[[reply], [reply]]))
    assert url(BIOS, menu(3, BOTH), [reply]) == f"tftp://{PROXY}/a.efi"


@pytest.mark.covers("PXE-2.1-menu")
def test_rom_takes_no_dhcp_server_s_answer_to_its_broadcast_for_a_boot_server_s() -> None:
    """Every server hears it; only a boot server's reply has option 60 PXEClient."""
    ack = message(ACK, FROM_PROXY, file=b"a.efi")
    outcome = boots_from(BIOS, menu(2), from_boot_servers=[[ack]])
    assert "a reply without option 60 PXEClient is no boot server's" in str(outcome)
    assert url(BIOS, menu(2), [ack, FIRST]) == f"tftp://{ONE}/one.efi"


@pytest.mark.covers("EDK2-PXE-binl")
def test_edk2_asks_every_proxy_without_a_file_until_one_names_it() -> None:
    """PxeBcHandleDhcp4Offer goes through the offers; a reply without a file does not end it."""
    other = message(OFFER, option(Code.SERVER_IDENTIFIER, ONE), PXE, yiaddr=IPv4Address(0), siaddr=ONE)
    offers, empty = [PLAIN, proxy(), other], message(ACK, FROM_PROXY, PXE)
    assert url(EDK2, offers, [empty], [FIRST]) == url(EDK2, offers, [], [FIRST]) == f"tftp://{ONE}/one.efi"
    silent = boots_from(EDK2, offers, from_boot_servers=[[], []])
    assert f"port 4011 of {PROXY}, and then for port 4011 of {ONE}: option 60" in str(silent)


@pytest.mark.covers("EDK2-PXE-menu", "EDK2-PXE-binl")
def test_menu_may_come_from_port_4011() -> None:
    """dnsmasq sends UEFI clients there for a menu of several items: then it is asked twice."""
    shown = message(ACK, FROM_PROXY, PXE, vendor((6, b"\x03"), *AT_ONCE, BOTH))
    offers: list[Any] = [PLAIN, proxy(siaddr=PROXY)]
    asked = boots_from(EDK2, offers, from_boot_servers=[[shown], [FIRST]])
    assert isinstance(asked, NoBoot)
    assert [each.server for each in asked.requests] == [PROXY, ONE, TWO]
    assert url(EDK2, offers, [shown], [FIRST], [SECOND]) == f"tftp://{TWO}/two.efi"


@pytest.mark.covers("EDK2-PXE-4011", "IPXE-4011")
@pytest.mark.parametrize(
    "client,control,port", [(EDK2, 3, 4011), (EDK2, 2, 68), (BIOS, 3, 68), (IPXE_BIOS, 3, 68)], ids=str
)
def test_boot_request_leaves_from_the_port_that_the_client_listens_on(
    client: ClientProfile, control: int, port: int
) -> None:
    """Captures of EDK2 show 4011 unless it broadcasts, those of iPXE 68."""
    [request] = boots_from(client, menu(control, BOTH)).requests
    assert request.client_port == port


@pytest.mark.covers("PXE-2.1-boot-item")
def test_boot_request_carries_the_item_as_edk2_sends_it() -> None:
    """Type and layer, in options that ascend by their codes, as in a capture of EDK2."""
    node, address = EdgeNodeIdentity.numbered(1), IPv4Address("192.168.99.100")
    sent = node.ask_boot_server(7, address, BootRequest(ONE, 0x8001))
    assert (sent.ciaddr, sent.flags) == (address, 0)
    assert sent.options.get(Code.VENDOR_SPECIFIC) == bytes.fromhex("470480010000ff")
    assert list(sent.options.codes) == [43, 53, 55, 57, 60, 93, 94, 97]
    assert Code.VENDOR_SPECIFIC not in node.ask_boot_server(7, address, BootRequest(ONE)).options


@pytest.mark.covers("IPXE-4011")
def test_ipxe_s_boot_request_has_the_b_flag_and_a_proxy_s_identifier() -> None:
    """As in captures of its BIOS build; to a menu's boot server it sends no option 54."""
    node = EdgeNodeIdentity.numbered(1, client=IPXE_BIOS)
    [to_proxy] = boots_from(IPXE_BIOS, [PLAIN, proxy()]).requests
    [to_server] = boots_from(IPXE_BIOS, menu(3, BOTH)).requests
    sent = [node.ask_boot_server(7, ONE, request) for request in (to_proxy, to_server)]
    assert [each.wants_broadcast for each in sent] == [True, True]
    assert [each.options.get(Code.SERVER_IDENTIFIER) for each in sent] == [PROXY.packed, None]
