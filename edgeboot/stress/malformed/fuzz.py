"""Malformed messages nobody thought of: a seed and a number make the same one on any machine.

Not hypothesis: a server that has died cannot be asked again while an example is shrunk, and
numbered cases spread over workers. Not scapy's fuzz: its fields are random and its lengths right.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from edgeboot.dhcp.message import HEADER_LENGTH
from edgeboot.dhcp.options import parse_options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.malformed.case import (
    Expectation,
    MalformedCase,
    RawMessages,
    WellFormedMessage,
    readable,
)
from edgeboot.stress.malformed.framing import IP_AT, fragments
from edgeboot.stress.malformed.mutations import END, FIELDS, OPTIONS_AT, tlv, without

GENERATED: Final = 1200
"""How many numbers a run of the generated messages has."""
_STATEMENT: Final = "RFC1122-1.2.2-every-error"
_INTERESTING: Final = (0, 1, 2, 3, 4, 6, 7, 16, 17, 63, 64, 127, 128, 192, 254, 255)
_MOST_CHANGES: Final = 4
_LONGEST: Final = 1472

Mutation = Callable[[random.Random, bytes], bytes]


def generated(seed: int, number: int) -> MalformedCase:
    """The ``number``-th case of a seed; its name has both."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - to be had again, not to be secret
    bent = chance.choice((MessageType.DHCPDISCOVER, MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST))
    state = chance.getstate()

    def send_raw(good: WellFormedMessage) -> RawMessages:
        chance.setstate(state)
        payload = _bent(chance, good.payload)
        return RawMessages(_frames(chance, good, payload), readable(payload))

    return MalformedCase(f"generated {number} of seed {seed}", Expectation.EITHER, _STATEMENT, send_raw, bent)


def _bent(chance: random.Random, good: bytes) -> bytes:
    """The payload after one to four mutations.

    The xid stays, so that a reply can be told. The server knows the node by chaddr, or, in
    every fourth message, by client identifier: what it takes for a new client costs 3 s.
    """
    by_client_id = chance.random() < 0.25
    payload = good if by_client_id else without(Code.CLIENT_IDENTIFIER)(good)
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        payload = chance.choice(_MUTATIONS)(chance, payload)
    kept = ["xid"] if by_client_id else ["xid", "htype", "hlen", "chaddr"]
    octets = bytearray(payload[:_LONGEST])
    for name in kept:
        at, size = FIELDS[name]
        octets[at : min(at + size, len(octets))] = good[at : min(at + size, len(octets))]
    return bytes(octets)


def _frames(chance: random.Random, good: WellFormedMessage, payload: bytes) -> tuple[bytes, ...]:
    """Mostly one good frame; now and then one with a bent header, or two fragments."""
    what = chance.random()
    if what < 0.1:
        frame = bytearray(good.framed(payload))
        for _ in range(chance.randint(1, 3)):
            frame[chance.randrange(IP_AT, IP_AT + 28)] = chance.choice(_INTERESTING)
        return (bytes(frame),)
    if what < 0.15:
        at = 8 * chance.randrange(1, max(2, len(payload) // 8))
        overlap = 8 * chance.choice((0, 0, 0, 1))
        return fragments((0, at, True), (at - overlap, None, False), payload=payload)(good)
    return (good.framed(payload),)


def _flip_bits(chance: random.Random, payload: bytes) -> bytes:
    octets = bytearray(payload)
    for _ in range(chance.randint(1, 16) if octets else 0):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def _set_field(chance: random.Random, payload: bytes) -> bytes:
    at, size = FIELDS[chance.choice(sorted(FIELDS))]
    value = bytes(chance.choice(_INTERESTING) for _ in range(size))
    return payload[:at] + value[: max(0, len(payload) - at)] + payload[at + size :]


def _truncate(chance: random.Random, payload: bytes) -> bytes:
    return payload[: chance.randint(min(OPTIONS_AT, len(payload)), len(payload))]


def _lengthen(chance: random.Random, payload: bytes) -> bytes:
    return payload + chance.choice((chance.randbytes(chance.randint(1, 800)), bytes(chance.randint(1, 800))))


def _cut_out(chance: random.Random, payload: bytes) -> bytes:
    at = chance.randint(0, len(payload))
    return payload[:at] + payload[at + chance.randint(1, 8) :]


def _repeat(chance: random.Random, payload: bytes) -> bytes:
    at = chance.randint(min(OPTIONS_AT, len(payload)), len(payload))
    piece = payload[at : at + chance.randint(1, 60)]
    return payload[:at] + piece * chance.randint(2, 6) + payload[at + len(piece) :]


def _lying_option(chance: random.Random, payload: bytes) -> bytes:
    """An option more at a boundary between options, whose length need not be right."""
    at = _boundary(chance, payload)
    data = chance.randbytes(chance.choice((0, 1, 2, 3, 4, 5, 16, 64, 255)))
    length = chance.choice((len(data), len(data), chance.choice(_INTERESTING)))
    return payload[:at] + tlv(_code(chance), data, length=length) + payload[at:]


def _nested_option(chance: random.Random, payload: bytes) -> bytes:
    """An option of options: relay information, vendor options, FQDN, their inner lengths arbitrary."""
    inner = b"".join(
        tlv(
            chance.choice(_INTERESTING), chance.randbytes(chance.randint(0, 8)), length=chance.randint(0, 255)
        )
        for _ in range(chance.randint(1, 20))
    )[:255]
    at = _boundary(chance, payload)
    return payload[:at] + tlv(chance.choice((43, 77, 81, 82, 119, 124, 125, 175)), inner) + payload[at:]


def _overload(chance: random.Random, payload: bytes) -> bytes:
    """Options in ``file`` and ``sname`` too, of which some say so again."""
    at = _boundary(chance, payload)
    more = b"".join(tlv(_code(chance), chance.randbytes(chance.randint(0, 30))) for _ in range(12))
    loop = tlv(Code.OPTION_OVERLOAD, bytes((chance.randint(0, 3),)))
    sname, file = (loop + more)[:64], (more + loop)[:128]
    bent = payload[:44] + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + payload[HEADER_LENGTH:at]
    return bent + tlv(Code.OPTION_OVERLOAD, bytes((chance.randint(0, 3),))) + payload[at:]


def _shuffle(chance: random.Random, payload: bytes) -> bytes:
    entries = list(parse_options(payload[HEADER_LENGTH:]))
    chance.shuffle(entries)
    return payload[:OPTIONS_AT] + b"".join(tlv(each.code, each.data) for each in entries) + END


def _boundary(chance: random.Random, payload: bytes) -> int:
    """Where one of the options begins, or where the last one ends."""
    places = [OPTIONS_AT]
    for each in parse_options(payload[HEADER_LENGTH:]):
        places.append(places[-1] + 2 + len(each.data))
    return min(chance.choice(places), len(payload))


def _code(chance: random.Random) -> int:
    """More often an option the vocabulary has than any."""
    return chance.choice((chance.choice(list(Code)).value, chance.randint(1, 254)))


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(_flip_bits, _set_field, _truncate, _lengthen, _cut_out, _repeat),
    *(_lying_option, _lying_option, _nested_option, _overload, _shuffle),
)
