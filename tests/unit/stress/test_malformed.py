"""The tables of malformed messages: each case is bent as its name says, and generated ones come again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import parse_options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.machine.wire.frame import Checksum, Frame, dissect, layers
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.contract import load_contract
from edgeboot.spec.contract.segment import Segment
from edgeboot.stress.malformed.case import Change, Expectation, MalformedCase, WellFormedMessage
from edgeboot.stress.malformed.corpus import CORPUS, expecting
from edgeboot.stress.malformed.framing import fragments, giant, ip, udp
from edgeboot.stress.malformed.fuzz import GENERATED, generated
from edgeboot.stress.malformed.mutations import (
    END,
    OPTIONS_AT,
    cut,
    header,
    instead,
    only,
    plus,
    spaced,
    tlv,
    without,
)
from edgeboot.stress.malformed.runner import judged, told
from tests.unit.samples import CONTRACT, NODE, SERVER, SERVER_MAC, XID, exchange, promised, reply

LONGEST_FRAME: Final = 1514
KNOWN: Final = replace(NODE, client_id=b"\0malformed")
SEGMENT: Final = Segment(CONTRACT, SERVER_MAC, IPv4Address("192.168.99.1"))
GOOD: Final = WellFormedMessage(KNOWN.discover(XID), KNOWN.mac, SEGMENT)
REQUEST: Final = WellFormedMessage(KNOWN.select(XID, CONTRACT.pool.first, SERVER), KNOWN.mac, SEGMENT)
OFFER: Final = reply(promised(CONTRACT))


def good(case: MalformedCase) -> WellFormedMessage:
    """The message the case bends."""
    return GOOD if case.bent is MessageType.DHCPDISCOVER else REQUEST


def named(name: str) -> MalformedCase:
    """The hand-made case of this name."""
    [case] = [each for each in CORPUS if each.name == name]
    return case


def octets(case: MalformedCase) -> bytes:
    """What the case's one frame carries."""
    [frame] = case.send_raw(good(case)).frames
    datagram = dissect(Frame(frame, 0.0))
    assert datagram is not None
    return datagram.payload


def test_corpus_is_large_and_its_names_are_ids() -> None:
    """At least 120 cases, of each expectation some, and no name twice."""
    assert len(CORPUS) >= 120
    assert [name for name, times in Counter(case.name for case in CORPUS).items() if times > 1] == []
    assert all(expecting(expected) for expected in Expectation)


def test_every_case_differs_from_the_good_message_and_from_every_other() -> None:
    """A case that bends nothing proves nothing."""
    names: dict[tuple[bytes, ...], list[str]] = {}
    for case in CORPUS:
        names.setdefault(case.send_raw(good(case)).frames, []).append(case.name)
    assert [same for same in names.values() if len(same) > 1] == []
    assert {(each.framed(each.payload),) for each in (GOOD, REQUEST)} & names.keys() == set()


def test_every_frame_can_be_sent() -> None:
    """A packet socket refuses frames longer than the MTU."""
    longest = {case.name: max(map(len, case.send_raw(good(case)).frames)) for case in CORPUS}
    assert {name: length for name, length in longest.items() if length > LONGEST_FRAME} == {}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Segment:
    """Another segment, with a server of another make."""
    (tmp_path / "other.toml").write_text(
        (CONTRACTS / "poc.toml").read_text().replace("192.168.99", "10.20.30")
    )
    mac = MacAddress.parse("02:42:00:00:00:0a")
    return Segment(load_contract(tmp_path / "other.toml"), mac, IPv4Address("10.20.30.1"))


def test_cases_name_addresses_of_the_segment_they_are_sent_on(elsewhere: Segment) -> None:
    """Another's name neither the server, nor its MAC, nor any address of this one."""
    request = KNOWN.select(XID, elsewhere.contract.pool.first, elsewhere.server)
    messages = {MessageType.DHCPDISCOVER: KNOWN.discover(XID), MessageType.DHCPREQUEST: request}
    for case in CORPUS:
        [*frames] = case.send_raw(WellFormedMessage(messages[case.bent], KNOWN.mac, elsewhere)).frames
        assert SERVER.packed[:3] not in b"".join(frames), case.name
        assert SERVER_MAC.packed not in b"".join(frames), case.name


def test_replies_to_a_case_can_be_told_by_xid() -> None:
    """The message a case is read as has the good xid, where it is not the xid that is bent or cut off."""
    other = {case.name for case in CORPUS if case.send_raw(good(case)).message.xid != XID}
    assert other == {
        *("header all zero", "header all ones", "xid 0", "xid all ones"),
        *("empty datagram", "cut to 1 octet", "cut inside xid"),
    }


@pytest.mark.parametrize(
    "change,wanted",
    [
        (header(op=2), lambda message: message.op == 2),
        (header(giaddr="10.0.0.1"), lambda message: message.giaddr == IPv4Address("10.0.0.1")),
        (header(chaddr=b"\xff" * 6), lambda message: message.chaddr == MacAddress(b"\xff" * 6)),
        (header(cookie=0), lambda message: "magic cookie" in message.options.faults[0]),
        (cut(-1), lambda message: message.options.faults == ("options: no END option",)),
        (only(END), lambda message: message.options.entries == ()),
        (plus(tlv(224, b"ab")), lambda message: message.options.get(224) == b"ab"),
        (plus(tlv(224, b"a", length=9)), lambda message: "says 9 octets" in message.options.faults[0]),
        (without(53), lambda message: 53 not in message.options),
        (instead(53, tlv(53, b"\7")), lambda message: message.options.all(53) == (b"\7",)),
        (spaced(3), lambda message: message.options == GOOD.message.options),
    ],
)
def test_change_does_what_it_says(change: Change, wanted: object) -> None:
    """As our own parser reads the result."""
    assert callable(wanted)
    assert wanted(DhcpMessage.decode(change(GOOD.payload)))


def test_only_the_changed_field_changes() -> None:
    """The other octets are the good message's."""
    pairs = enumerate(zip(header(hlen=17)(GOOD.payload), GOOD.payload, strict=True))
    assert [at for at, (new, old) in pairs if new != old] == [2]


@pytest.mark.parametrize(
    "name,checksums",
    [
        ("IP checksum zero", (Checksum.WRONG, Checksum.VALID)),
        ("UDP checksum inverted in one octet", (Checksum.VALID, Checksum.WRONG)),
        ("last octet changed, checksum not", (Checksum.VALID, Checksum.WRONG)),
        ("no UDP checksum", (Checksum.VALID, Checksum.ABSENT)),
        ("TTL 1", (Checksum.VALID, Checksum.VALID)),
    ],
)
def test_frame_has_the_checksums_its_name_says(name: str, checksums: tuple[Checksum, Checksum]) -> None:
    """Only what is bent is wrong, or the kernel would drop the frame for something else."""
    [frame] = named(name).send_raw(GOOD).frames
    datagram = dissect(Frame(frame, 0.0))
    assert datagram is not None
    assert (datagram.ip_checksum, datagram.udp_checksum) == checksums


def test_other_ip_and_udp_fields_stay_good() -> None:
    """An override does not disturb its neighbours."""
    for framing in (ip(tos=1), udp(sport=1000)):
        [frame] = framing(GOOD)
        datagram = dissect(Frame(frame, 0.0))
        assert datagram is not None
        assert (datagram.payload, datagram.destination_port) == (GOOD.payload, 67)


@pytest.mark.parametrize("framing", [fragments((0, 160, True), (160, None, False)), giant(9000)])
def test_fragments_are_the_whole_datagram(framing: object) -> None:
    """Their data in order is UDP header and message; all but the last say that more follows."""
    assert callable(framing)
    parts = [layers(Frame(frame, 0.0))["IP"] for frame in framing(GOOD)]
    data = b"".join(bytes(part.payload) for part in parts)
    assert data[8:].startswith(GOOD.payload)
    assert [bool(int(part.flags) & 1) for part in parts] == [True] * (len(parts) - 1) + [False]
    assert [8 * part.frag for part in parts][1] == len(bytes(parts[0].payload))


@given(st.integers(0, 2**32 - 1), st.integers(0, GENERATED - 1))
def test_generated_message_comes_again_and_keeps_its_xid(seed: int, number: int) -> None:
    """Same seed, same number, same frames, as often as asked for; and they can be sent."""
    case = generated(seed, number)
    first = case.send_raw(good(case))
    assert first == case.send_raw(good(case)) == generated(seed, number).send_raw(good(case))
    assert first.frames
    assert max(map(len, first.frames)) <= LONGEST_FRAME
    assert first.message.xid == XID


def test_generated_messages_differ() -> None:
    """Numbers and seeds make different ones; now and then what was bent is put back."""
    frames = [generated(seed, number).send_raw(GOOD).frames for seed in (1, 2) for number in range(100)]
    assert len(set(frames)) > 190


@pytest.mark.parametrize(
    "expected,replies,complaint",
    [
        (Expectation.SILENCE, (), ""),
        (
            Expectation.SILENCE,
            (OFFER,),
            "expected silence, received DHCPOFFER of 192.168.99.100 from 192.168",
        ),
        (Expectation.ANSWER, (OFFER,), ""),
        (Expectation.ANSWER, (), "expected an answer, received nothing within 1.000 s"),
        (Expectation.EITHER, (), ""),
        (Expectation.EITHER, (OFFER,), ""),
    ],
)
def test_verdict_is_what_was_expected(
    expected: Expectation, replies: tuple[Reply, ...], complaint: str
) -> None:
    """Silence and answers are held against the case; survival takes both."""
    case = MalformedCase("a case", expected, "RFC0-0-none", CORPUS[0].send_raw)
    assert "; ".join(judged(case, exchange(*replies))).startswith(complaint)
    assert bool(judged(case, exchange(*replies))) is bool(complaint)


def test_malformed_answer_is_complained_of() -> None:
    """Whatever was asked: what a server says is well-formed."""
    broken = Reply(DhcpMessage.decode(OFFER.message.encode()[:OPTIONS_AT]), OFFER.datagram, OFFER.frame)
    asked = Exchange(GOOD.message, OFFER.frame, (broken,), timedelta(seconds=1))
    assert "malformed itself: options: no END" in "".join(judged(named("hlen 0"), asked))


def test_complaint_names_case_statement_and_octets() -> None:
    """Enough to send it again by hand, and no endless list of fragments."""
    case = named("giant message of 9000 octets")
    text = told(case, case.send_raw(GOOD), "expected nothing")
    assert text.startswith("giant message of 9000 octets (RFC1122-1.2.2-every-error): expected nothing\n")
    assert case.send_raw(GOOD).frames[0].hex() in text
    assert text.endswith("and 3 more")


def test_parameters_in_two_parts_are_two_options() -> None:
    """As RFC 3396 splits them."""
    parsed = parse_options(octets(named("parameter request list in two parts"))[236:])
    assert parsed.all(Code.PARAMETER_REQUEST_LIST) == (b"\1\3", b"\x33\x36")
    assert option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPDISCOVER) in parsed.entries
