"""Fuzzing: random malformed messages, reproducible on any machine from a seed and a number.

hypothesis is not used because a crashed server cannot answer again while an example is
shrunk, and because numbered cases can be spread over workers. scapy's ``fuzz`` is not used
because it randomises fields but keeps lengths correct.
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
from edgeboot.stress.malformed.framing import IP_OFFSET, fragments
from edgeboot.stress.malformed.mutations import END, FIELDS, OPTIONS_OFFSET, tlv, without

GENERATED: Final = 1200
"""Number of cases in one run of the generated messages."""
_STATEMENT: Final = "RFC1122-1.2.2-every-error"
_INTERESTING: Final = (0, 1, 2, 3, 4, 6, 7, 16, 17, 63, 64, 127, 128, 192, 254, 255)
_MAX_MUTATIONS: Final = 4
_MAX_PAYLOAD: Final = 1472

RandomMutation = Callable[[random.Random, bytes], bytes]


def generated(seed: int, number: int) -> MalformedCase:
    """The ``number``-th case of a seed; the case's name contains both."""
    rng = random.Random(f"{seed}/{number}")  # noqa: S311 - has to be reproducible, not secret
    message_type = rng.choice((MessageType.DHCPDISCOVER, MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST))
    state = rng.getstate()

    def build(good: WellFormedMessage) -> RawMessages:
        rng.setstate(state)
        payload = _mutated(rng, good.payload)
        return RawMessages(_frames(rng, good, payload), readable(payload))

    return MalformedCase(
        f"generated {number} of seed {seed}", Expectation.EITHER, _STATEMENT, build, message_type
    )


def _mutated(rng: random.Random, good: bytes) -> bytes:
    """The payload after one to four mutations.

    The xid is kept so that replies can be matched. The server recognises the node by chaddr
    or, in every fourth message, by client identifier: for a client it does not know dnsmasq
    would ping the address for 3 s.
    """
    by_client_id = rng.random() < 0.25
    payload = good if by_client_id else without(Code.CLIENT_IDENTIFIER)(good)
    for _ in range(rng.randint(1, _MAX_MUTATIONS)):
        payload = rng.choice(_MUTATIONS)(rng, payload)
    preserved = ["xid"] if by_client_id else ["xid", "htype", "hlen", "chaddr"]
    octets = bytearray(payload[:_MAX_PAYLOAD])
    for name in preserved:
        offset, size = FIELDS[name]
        octets[offset : min(offset + size, len(octets))] = good[offset : min(offset + size, len(octets))]
    return bytes(octets)


def _frames(rng: random.Random, good: WellFormedMessage, payload: bytes) -> tuple[bytes, ...]:
    """Mostly one valid frame; in 10 % a frame with a mutated header, in 5 % two fragments."""
    fraction = rng.random()
    if fraction < 0.1:
        frame = bytearray(good.framed(payload))
        for _ in range(rng.randint(1, 3)):
            frame[rng.randrange(IP_OFFSET, IP_OFFSET + 28)] = rng.choice(_INTERESTING)
        return (bytes(frame),)
    if fraction < 0.15:
        offset = 8 * rng.randrange(1, max(2, len(payload) // 8))
        overlap = 8 * rng.choice((0, 0, 0, 1))
        return fragments((0, offset, True), (offset - overlap, None, False), payload=payload)(good)
    return (good.framed(payload),)


def _flip_bits(rng: random.Random, payload: bytes) -> bytes:
    octets = bytearray(payload)
    for _ in range(rng.randint(1, 16) if octets else 0):
        octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)
    return bytes(octets)


def _set_field(rng: random.Random, payload: bytes) -> bytes:
    offset, size = FIELDS[rng.choice(sorted(FIELDS))]
    value = bytes(rng.choice(_INTERESTING) for _ in range(size))
    return payload[:offset] + value[: max(0, len(payload) - offset)] + payload[offset + size :]


def _truncate(rng: random.Random, payload: bytes) -> bytes:
    return payload[: rng.randint(min(OPTIONS_OFFSET, len(payload)), len(payload))]


def _lengthen(rng: random.Random, payload: bytes) -> bytes:
    return payload + rng.choice((rng.randbytes(rng.randint(1, 800)), bytes(rng.randint(1, 800))))


def _cut_out(rng: random.Random, payload: bytes) -> bytes:
    offset = rng.randint(0, len(payload))
    return payload[:offset] + payload[offset + rng.randint(1, 8) :]


def _repeat(rng: random.Random, payload: bytes) -> bytes:
    offset = rng.randint(min(OPTIONS_OFFSET, len(payload)), len(payload))
    piece = payload[offset : offset + rng.randint(1, 60)]
    return payload[:offset] + piece * rng.randint(2, 6) + payload[offset + len(piece) :]


def _insert_option(rng: random.Random, payload: bytes) -> bytes:
    """Insert an option between two options; its length octet may be wrong."""
    offset = _boundary(rng, payload)
    data = rng.randbytes(rng.choice((0, 1, 2, 3, 4, 5, 16, 64, 255)))
    length = rng.choice((len(data), len(data), rng.choice(_INTERESTING)))
    return payload[:offset] + tlv(_code(rng), data, length=length) + payload[offset:]


def _insert_nested_option(rng: random.Random, payload: bytes) -> bytes:
    """Insert an option with sub-options (relay information, vendor, FQDN) of arbitrary lengths."""
    inner = b"".join(
        tlv(rng.choice(_INTERESTING), rng.randbytes(rng.randint(0, 8)), length=rng.randint(0, 255))
        for _ in range(rng.randint(1, 20))
    )[:255]
    offset = _boundary(rng, payload)
    return payload[:offset] + tlv(rng.choice((43, 77, 81, 82, 119, 124, 125, 175)), inner) + payload[offset:]


def _overload(rng: random.Random, payload: bytes) -> bytes:
    """Put options into ``file`` and ``sname`` too, some of them with option 52 again."""
    offset = _boundary(rng, payload)
    options = b"".join(tlv(_code(rng), rng.randbytes(rng.randint(0, 30))) for _ in range(12))
    loop = tlv(Code.OPTION_OVERLOAD, bytes((rng.randint(0, 3),)))
    sname, file = (loop + options)[:64], (options + loop)[:128]
    mutated = payload[:44] + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + payload[HEADER_LENGTH:offset]
    return mutated + tlv(Code.OPTION_OVERLOAD, bytes((rng.randint(0, 3),))) + payload[offset:]


def _shuffle(rng: random.Random, payload: bytes) -> bytes:
    entries = list(parse_options(payload[HEADER_LENGTH:]))
    rng.shuffle(entries)
    return payload[:OPTIONS_OFFSET] + b"".join(tlv(entry.code, entry.data) for entry in entries) + END


def _boundary(rng: random.Random, payload: bytes) -> int:
    """The offset at which a randomly chosen option begins, or at which the last one ends."""
    offsets = [OPTIONS_OFFSET]
    for entry in parse_options(payload[HEADER_LENGTH:]):
        offsets.append(offsets[-1] + 2 + len(entry.data))
    return min(rng.choice(offsets), len(payload))


def _code(rng: random.Random) -> int:
    """An option code: one of the vocabulary in half of the cases, else any."""
    return rng.choice((rng.choice(list(Code)).value, rng.randint(1, 254)))


_MUTATIONS: Final[tuple[RandomMutation, ...]] = (
    *(_flip_bits, _set_field, _truncate, _lengthen, _cut_out, _repeat),
    *(_insert_option, _insert_option, _insert_nested_option, _overload, _shuffle),
)
