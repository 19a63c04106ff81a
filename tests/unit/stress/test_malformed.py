"""The tables of malformed messages, the mutations, and the reproducible generated messages."""

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
from edgeboot.host.wire.frame import Checksum, Frame, dissect, layers
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.contract.segment import Segment
from edgeboot.stress.malformed.case import Expectation, MalformedCase, PayloadMutation, WellFormedMessage
from edgeboot.stress.malformed.corpus import CORPUS, expecting
from edgeboot.stress.malformed.framing import fragments, giant, ip, udp
from edgeboot.stress.malformed.fuzz import GENERATED, generated
from edgeboot.stress.malformed.mutations import (
    END,
    OPTIONS_OFFSET,
    appended,
    cut,
    header,
    only,
    replaced,
    tlv,
    with_pads,
    without,
)
from edgeboot.stress.malformed.runner import reply_problems, shown_frames, told
from tests.unit.samples import CONTRACT, NODE, SERVER, SERVER_MAC, XID, exchange, promised, reply

LONGEST_FRAME: Final = 1514
KNOWN: Final = replace(NODE, client_id=b"\0malformed")
SEGMENT: Final = Segment(CONTRACT, SERVER_MAC, IPv4Address("192.168.99.1"))
GOOD: Final = WellFormedMessage(KNOWN.discover(XID), KNOWN.mac, SEGMENT)
REQUEST: Final = WellFormedMessage(KNOWN.select(XID, CONTRACT.pool.first, SERVER), KNOWN.mac, SEGMENT)
OFFER: Final = reply(promised(CONTRACT))


def good(case: MalformedCase) -> WellFormedMessage:
    """The well-formed message the case is built from."""
    return GOOD if case.message_type is MessageType.DHCPDISCOVER else REQUEST


def named(name: str) -> MalformedCase:
    """The case of the corpus with this name."""
    [case] = [case for case in CORPUS if case.name == name]
    return case


def octets(case: MalformedCase) -> bytes:
    """The UDP payload of the case's only frame."""
    [frame] = case.build(good(case)).frames
    datagram = dissect(Frame(frame, 0.0))
    assert datagram is not None
    return datagram.payload


def test_corpus_is_large_and_its_names_are_ids() -> None:
    """There are at least 120 cases, some of each expectation, and names are unique."""
    assert len(CORPUS) >= 120
    assert [name for name, times in Counter(case.name for case in CORPUS).items() if times > 1] == []
    assert all(expecting(expected) for expected in Expectation)


def test_every_case_differs_from_the_good_message_and_from_every_other() -> None:
    """A case without a mutation would prove nothing."""
    names: dict[tuple[bytes, ...], list[str]] = {}
    for case in CORPUS:
        names.setdefault(case.build(good(case)).frames, []).append(case.name)
    assert [same for same in names.values() if len(same) > 1] == []
    assert {(case.framed(case.payload),) for case in (GOOD, REQUEST)} & names.keys() == set()


def test_every_frame_can_be_sent() -> None:
    """A packet socket rejects frames longer than the MTU."""
    longest = {case.name: max(map(len, case.build(good(case)).frames)) for case in CORPUS}
    assert {name: length for name, length in longest.items() if length > LONGEST_FRAME} == {}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Segment:
    """Another segment, with a server of another vendor."""
    (tmp_path / "other.toml").write_text(
        (CONTRACTS / "poc.toml").read_text().replace("192.168.99", "10.20.30")
    )
    mac = MacAddress.parse("02:42:00:00:00:0a")
    return Segment(load_contract(tmp_path / "other.toml"), mac, IPv4Address("10.20.30.1"))


def test_cases_name_addresses_of_the_segment_they_are_sent_on(elsewhere: Segment) -> None:
    """On another segment no frame has an address of this segment or its server's MAC."""
    request = KNOWN.select(XID, elsewhere.contract.pool.first, elsewhere.server)
    messages = {MessageType.DHCPDISCOVER: KNOWN.discover(XID), MessageType.DHCPREQUEST: request}
    for case in CORPUS:
        [*frames] = case.build(WellFormedMessage(messages[case.message_type], KNOWN.mac, elsewhere)).frames
        assert SERVER.packed[:3] not in b"".join(frames), case.name
        assert SERVER_MAC.packed not in b"".join(frames), case.name


def test_replies_to_a_case_can_be_matched_by_xid() -> None:
    """The decoded message keeps the xid, unless the case mutates or truncates the xid itself."""
    other = {case.name for case in CORPUS if case.build(good(case)).message.xid != XID}
    assert other == {
        *("header all zero", "header all ones", "xid 0", "xid all ones"),
        *("empty datagram", "cut to 1 octet", "cut inside xid"),
    }


@pytest.mark.parametrize(
    "mutation,is_expected",
    [
        (header(op=2), lambda message: message.op == 2),
        (header(giaddr="10.0.0.1"), lambda message: message.giaddr == IPv4Address("10.0.0.1")),
        (header(chaddr=b"\xff" * 6), lambda message: message.chaddr == MacAddress(b"\xff" * 6)),
        (header(cookie=0), lambda message: "magic cookie" in message.options.faults[0]),
        (cut(-1), lambda message: message.options.faults == ("options: no END option",)),
        (only(END), lambda message: message.options.entries == ()),
        (appended(tlv(224, b"ab")), lambda message: message.options.get(224) == b"ab"),
        (appended(tlv(224, b"a", length=9)), lambda message: "says 9 octets" in message.options.faults[0]),
        (without(53), lambda message: 53 not in message.options),
        (replaced(53, tlv(53, b"\7")), lambda message: message.options.all(53) == (b"\7",)),
        (with_pads(3), lambda message: message.options == GOOD.message.options),
    ],
)
def test_mutation_does_what_its_name_says(mutation: PayloadMutation, is_expected: object) -> None:
    """The project's own parser reads the expected result."""
    assert callable(is_expected)
    assert is_expected(DhcpMessage.decode(mutation(GOOD.payload)))


def test_only_the_changed_field_changes() -> None:
    """All other octets are unchanged."""
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
    """Only the mutated field is wrong, or the kernel would drop the frame for another reason."""
    [frame] = named(name).build(GOOD).frames
    datagram = dissect(Frame(frame, 0.0))
    assert datagram is not None
    assert (datagram.ip_checksum, datagram.udp_checksum) == checksums


def test_other_ip_and_udp_fields_stay_good() -> None:
    """Setting one field leaves payload and ports unchanged."""
    for framing in (ip(tos=1), udp(sport=1000)):
        [frame] = framing(GOOD)
        datagram = dissect(Frame(frame, 0.0))
        assert datagram is not None
        assert (datagram.payload, datagram.destination_port) == (GOOD.payload, 67)


@pytest.mark.parametrize("framing", [fragments((0, 160, True), (160, None, False)), giant(9000)])
def test_fragments_are_the_whole_datagram(framing: object) -> None:
    """Their data joined is UDP header and message; all but the last have More Fragments set."""
    assert callable(framing)
    parts = [layers(Frame(frame, 0.0))["IP"] for frame in framing(GOOD)]
    data = b"".join(bytes(part.payload) for part in parts)
    assert data[8:].startswith(GOOD.payload)
    assert [bool(int(part.flags) & 1) for part in parts] == [True] * (len(parts) - 1) + [False]
    assert [8 * part.frag for part in parts][1] == len(bytes(parts[0].payload))


@given(st.integers(0, 2**32 - 1), st.integers(0, GENERATED - 1))
def test_generated_message_is_reproducible_and_keeps_its_xid(seed: int, number: int) -> None:
    """Seed and number determine the frames, which fit into the MTU."""
    case = generated(seed, number)
    built = case.build(good(case))
    assert built == case.build(good(case)) == generated(seed, number).build(good(case))
    assert built.frames
    assert max(map(len, built.frames)) <= LONGEST_FRAME
    assert built.message.xid == XID


def test_generated_messages_differ() -> None:
    """Seeds and numbers give different messages; now and then two mutations cancel each other."""
    frames = [generated(seed, number).build(GOOD).frames for seed in (1, 2) for number in range(100)]
    assert len(set(frames)) > 190


@pytest.mark.parametrize(
    "expected,replies,problem",
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
def test_replies_are_compared_with_the_expectation(
    expected: Expectation, replies: tuple[Reply, ...], problem: str
) -> None:
    """Silence and answers are checked against the case; survival accepts both."""
    case = MalformedCase("a case", expected, "RFC0-0-none", CORPUS[0].build)
    assert "; ".join(reply_problems(case, exchange(*replies))).startswith(problem)
    assert bool(reply_problems(case, exchange(*replies))) is bool(problem)


def test_malformed_answer_is_a_problem() -> None:
    """A server's reply has to be well-formed, whatever it replies to."""
    broken = Reply(DhcpMessage.decode(OFFER.message.encode()[:OPTIONS_OFFSET]), OFFER.datagram, OFFER.frame)
    asked = Exchange(GOOD.message, OFFER.frame, (broken,), timedelta(seconds=1))
    assert "malformed itself: options: no END" in "".join(reply_problems(named("hlen 0"), asked))


def test_failure_names_case_and_statement() -> None:
    """In one line."""
    case = named("giant message of 9000 octets")
    expected = "giant message of 9000 octets (RFC1122-1.2.2-every-error): expected nothing"
    assert told(case, "expected nothing") == expected


def test_failure_shows_the_octets() -> None:
    """It has what is needed to send the case again by hand, without a long list of fragments."""
    raw = named("giant message of 9000 octets").build(GOOD)
    assert raw.frames[0].hex() in shown_frames(raw)
    assert shown_frames(raw).endswith("and 3 more")


def test_parameters_in_two_parts_are_two_options() -> None:
    """RFC 3396 defines how an option is split."""
    parsed = parse_options(octets(named("parameter request list in two parts"))[236:])
    assert parsed.all(Code.PARAMETER_REQUEST_LIST) == (b"\1\3", b"\x33\x36")
    assert option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPDISCOVER) in parsed.entries
