"""Edge node identities and the DHCP messages built from them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS, EDK2_PARAMETERS, WITHOUT_BOOT_OPTIONS
from edgeboot.dhcp.identity import EdgeNodeIdentity, is_ours
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import Architecture, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.samples import NODE, SERVER, XID

EDK2_ASKS: Final = bytes.fromhex(
    "01 02 03 04 05 06 0c 0d 0f 11 12 16 17 1c 28 29 2a 2b 32 33 36 3a 3b 3c 42 43 61 80 81 82 83 84 85 86 87"
)
"""Option 55 as captured from EDK2's PXE client."""
LEASED: Final = IPv4Address("192.168.99.123")
NUMBER: Final = st.integers(0, 2**16 - 1)


@given(NUMBER, NUMBER)
def test_numbered_identity_is_the_same_in_every_run(number: int, group: int) -> None:
    """Number and group determine MAC and UUID; by its first octets the MAC is known to be ours."""
    identity = EdgeNodeIdentity.numbered(number, group)
    assert identity == EdgeNodeIdentity.numbered(number, group)
    assert str(identity.mac).startswith("02:eb:")
    assert is_ours(identity.mac)


@given(st.sets(st.tuples(NUMBER, NUMBER), min_size=2, max_size=8))
def test_two_numbers_are_two_nodes(numbers: set[tuple[int, int]]) -> None:
    """No MAC and no UUID is used twice, within a group or across groups."""
    made = [EdgeNodeIdentity.numbered(number, group) for number, group in numbers]
    assert len({node.mac for node in made}) == len({node.machine for node in made}) == len(numbers)


def test_discover_has_the_options_of_edk2_in_order() -> None:
    """Options 53, 57, 55, 97, 94, 93 and 60, and no option 61."""
    options = NODE.discover(XID).options
    assert options.codes == (53, 57, 55, 97, 94, 93, 60)
    assert options.get(Code.MAXIMUM_DHCP_MESSAGE_SIZE) == (1472).to_bytes(2, "big")
    assert options.get(Code.PARAMETER_REQUEST_LIST) == EDK2_ASKS
    assert options.get(Code.CLIENT_NETWORK_INTERFACE) == b"\x01\x03\x00"


def test_machine_identifier_has_the_pxe_format() -> None:
    """Option 97 is a zero type octet followed by the UUID in little-endian fields."""
    machine = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
    options = replace(NODE, machine=machine).discover(XID).options
    identifier = options.get(Code.CLIENT_MACHINE_IDENTIFIER)
    assert identifier == bytes.fromhex("00 33221100 5544 7766 8899 aabbccddeeff")


@pytest.mark.parametrize(
    "client,vendor_class,code",
    [
        ("pxe-bios", b"PXEClient:Arch:00000:UNDI:002001", b"\0\x00"),
        ("edk2-pxe-x86-64", b"PXEClient:Arch:00007:UNDI:003000", b"\0\x07"),
        ("edk2-pxe-efi-bc", b"PXEClient:Arch:00009:UNDI:003000", b"\0\x09"),
        ("edk2-pxe-arm64", b"PXEClient:Arch:00011:UNDI:003000", b"\0\x0b"),
        ("edk2-http-x86-64", b"HTTPClient:Arch:00016:UNDI:003000", b"\0\x10"),
        ("edk2-http-arm64", b"HTTPClient:Arch:00019:UNDI:003000", b"\0\x13"),
        ("edk2-http-ia32", b"HTTPClient:Arch:00015:UNDI:003000", b"\0\x0f"),
        ("raspberry-pi", b"PXEClient:Arch:00000:UNDI:002001", b"\0\0"),
        ("ipxe-x86-64", b"PXEClient:Arch:00007:UNDI:003010", b"\0\x07"),
        ("ipxe-arm64", b"PXEClient:Arch:00011:UNDI:003010", b"\0\x0b"),
        ("ipxe-bios", b"PXEClient:Arch:00000:UNDI:002001", b"\0\0"),
        ("u-boot-arm64", b"U-Boot.armv8", b"\0\x16"),
        ("u-boot-http-arm64", b"U-Boot.armv8", b"\0\x18"),
        ("udhcpc", b"udhcp 1.35.0", None),
        ("windows", b"MSFT 5.0", None),
        ("dhclient", None, None),
    ],
)
def test_class_and_architecture_agree(client: str, vendor_class: bytes | None, code: bytes | None) -> None:
    """Option 60 has the architecture in decimal, option 93 in two octets; systems send neither."""
    options = NODE.as_client(CLIENTS[client]).discover(XID).options
    assert options.get(Code.VENDOR_CLASS_IDENTIFIER) == vendor_class
    assert options.get(Code.CLIENT_SYSTEM_ARCHITECTURE) == code


def test_changed_architecture_is_sent_in_both_options() -> None:
    """A test that varies option 93 gets the matching class in option 60."""
    options = replace(NODE, architecture=Architecture.EFI_ARM64).discover(XID).options
    assert options.get(Code.VENDOR_CLASS_IDENTIFIER) == b"PXEClient:Arch:00011:UNDI:003000"
    assert options.get(Code.CLIENT_SYSTEM_ARCHITECTURE) == b"\0\x0b"


@pytest.mark.parametrize(
    "client,codes",
    [
        ("edk2-http-x86-64", (53, 57, 55, 97, 94, 93, 60)),
        ("ipxe-x86-64", (53, 57, 93, 94, 60, 77, 55, 175, 61, 97)),
        ("u-boot-arm64", (53, 57, 93, 94, 60, 55)),
        ("dhclient", (53, 55)),
        ("systemd-networkd", (53, 61, 55, 57)),
        ("systemd-networkd-255", (53, 61, 55, 57, 80)),
        ("dhcpcd", (53, 55, 57, 61, 80, 145)),
        ("udhcpc", (53, 57, 55, 60, 61)),
        ("grub", (53,)),
        ("raspberry-pi", (53, 55, 93, 94, 97, 60)),
        ("ipxe-bios", (53, 57, 93, 94, 60, 77, 55, 175, 61, 97)),
        ("windows", (53, 61, 60, 55)),
    ],
)
def test_client_sends_its_own_options_in_its_order(client: str, codes: tuple[int, ...]) -> None:
    """The order of option codes differs from client to client."""
    assert NODE.as_client(CLIENTS[client]).discover(XID).options.codes == codes


@pytest.mark.parametrize(
    "client,begins,length",
    [
        ("ipxe-x86-64", b"\x01" + NODE.mac.packed, 7),
        ("windows", b"\x01" + NODE.mac.packed, 7),
        ("systemd-networkd", b"\xff" + NODE.mac.packed[-4:] + bytes.fromhex("00020000ab11"), 19),
        ("dhcpcd", b"\xff" + NODE.mac.packed[-4:] + bytes.fromhex("00010001"), 19),
    ],
)
def test_client_identifier_has_the_format_of_its_client(client: str, begins: bytes, length: int) -> None:
    """Hardware type and MAC, or IAID and DUID: to a server the same machine is another client."""
    sent = NODE.as_client(CLIENTS[client]).client_id
    assert sent is not None
    assert (sent[: len(begins)], len(sent)) == (begins, length)


def test_rapid_commit_is_asked_for_in_a_discover_alone() -> None:
    """RFC 4039 section 3.1: a DHCPREQUEST has no option 80."""
    node = NODE.as_client(CLIENTS["dhcpcd"])
    asked = [
        Code.RAPID_COMMIT in sent.options for sent in (node.discover(XID), node.select(XID, LEASED, SERVER))
    ]
    assert asked == [True, False]


def test_option_without_a_place_in_the_order_comes_last() -> None:
    """A client that is like another one may send more."""
    client = replace(CLIENTS["dhclient"], user_class=b"till", architecture=40000)
    assert NODE.as_client(client).discover(XID).options.codes == (53, 55, 77, 93)


def test_machine_keeps_mac_and_uuid_as_another_client() -> None:
    """MAC and UUID belong to the machine, everything else to the client; switching back works."""
    ipxe = NODE.as_client(CLIENTS["ipxe-x86-64"])
    assert (ipxe.mac, ipxe.machine, ipxe.discover(XID).wants_broadcast) == (NODE.mac, NODE.machine, False)
    assert ipxe.as_client(NODE.client) == NODE


@pytest.mark.parametrize("parameters", [EDK2_PARAMETERS, WITHOUT_BOOT_OPTIONS, None])
def test_parameter_list_is_sent_as_given_or_not_at_all(parameters: tuple[int, ...] | None) -> None:
    """None leaves option 55 out, which differs from sending it empty."""
    asked = replace(NODE, parameters=parameters).discover(XID).options.get(Code.PARAMETER_REQUEST_LIST)
    assert (None if asked is None else tuple(asked)) == parameters


def test_client_identifier_is_sent_where_there_is_one() -> None:
    """Every message has option 61, DHCPRELEASE too: without it the server cannot match the lease."""
    node = replace(NODE, client_id=b"\xff1234")
    sent = [node.discover(XID), node.select(XID, LEASED, SERVER), node.release(XID, LEASED, SERVER)]
    assert {node.options.get(Code.CLIENT_IDENTIFIER) for node in sent} == {b"\xff1234"}


@pytest.mark.parametrize("broadcast,flags", [(True, 0x8000), (False, 0)])
def test_broadcast_argument_sets_the_flag(broadcast: bool, flags: int) -> None:
    """DISCOVER and REQUEST both carry the B flag of the caller; the other bits are zero."""
    sent = [
        NODE.discover(XID, broadcast=broadcast),
        NODE.select(XID, LEASED, SERVER, broadcast=broadcast),
    ]
    assert {node.flags for node in sent} == {flags}


def test_discover_may_ask_for_an_address_and_a_time() -> None:
    """It sends options 50 and 51 (RFC 2131 section 4.4.1)."""
    options = NODE.discover(XID, requested_address=LEASED, lease_time=timedelta(minutes=2)).options
    assert options.get(Code.REQUESTED_IP_ADDRESS) == LEASED.packed
    assert options.get(Code.IP_ADDRESS_LEASE_TIME) == b"\0\0\0\x78"


def test_request_selects_an_offer_without_claiming_its_address() -> None:
    """In SELECTING state ciaddr is zero; options 50 and 54 name the address and the server."""
    sent = NODE.select(XID, LEASED, SERVER, lease_time=timedelta(hours=1))
    assert (sent.message_type, sent.ciaddr) == (MessageType.DHCPREQUEST, UNSPECIFIED)
    assert sent.options.get(Code.REQUESTED_IP_ADDRESS) == LEASED.packed
    assert sent.options.get(Code.SERVER_IDENTIFIER) == SERVER.packed
    assert sent.options.get(Code.IP_ADDRESS_LEASE_TIME) == b"\0\0\x0e\x10"


def test_release_has_the_address_in_ciaddr_and_no_parameter_list() -> None:
    """RFC 2131 table 5: ciaddr and option 54 are set, option 55 is not sent."""
    sent = NODE.release(XID, LEASED, SERVER)
    assert (sent.ciaddr, sent.options.codes) == (LEASED, (53, 54))


def test_message_goes_over_the_wire_unchanged() -> None:
    """Encoding and decoding gives the same message."""
    sent = NODE.discover(XID, lease_time=timedelta(hours=1))
    received = DhcpMessage.decode(sent.encode())
    assert (received.options, received.chaddr, received.xid) == (sent.options, NODE.mac, XID)
