"""The options field as it is on the wire: original order, duplicates kept.

scapy's own option parser turns values into Python objects and loses what the tests
check: the order, repeated codes, terminators and the overloaded fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, Flag
from typing import Final

from edgeboot.dhcp.vocabulary import MAGIC_COOKIE, OptionCode, option_name


class Field(Enum):
    """The part of the message that carried an option (RFC 2131 section 4.1)."""

    OPTIONS = "options"
    FILE = "file"
    SNAME = "sname"


class Overload(Flag):
    """Option 52: which header fields also hold options (RFC 2132 section 9.3)."""

    FILE = 1
    SNAME = 2


@dataclass(frozen=True, slots=True)
class DhcpOption:
    """One option as received: its code, its octets and the field that carried it."""

    code: int
    data: bytes
    field: Field = Field.OPTIONS

    def encode(self) -> bytes:
        """Code, length, data (RFC 2132 section 2).

        Raises:
            ValueError: the data is longer than one option can carry.
        """
        if len(self.data) > 255:
            raise ValueError(
                f"option {option_name(self.code)} has {len(self.data)} octets; one holds at most 255"
            )
        return bytes((self.code, len(self.data))) + self.data


@dataclass(frozen=True, slots=True)
class Options:
    """All options of one message, in the order in which a client parses them.

    ``faults`` lists format errors of the field itself, as text: a missing END, an option
    that runs past the end, a bad magic cookie.
    """

    entries: tuple[DhcpOption, ...] = ()
    faults: tuple[str, ...] = ()
    _first: dict[int, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = {each.code: each.data for each in reversed(self.entries)}
        object.__setattr__(self, "_first", first)

    def __iter__(self) -> Iterator[DhcpOption]:
        return iter(self.entries)

    def __contains__(self, code: int) -> bool:
        return code in self._first

    def get(self, code: int) -> bytes | None:
        """The data of the first option with this code, as EDK2 and most clients read it."""
        return self._first.get(code)

    def all(self, code: int) -> tuple[bytes, ...]:
        """The data of every option with this code, in order."""
        return tuple(option.data for option in self.entries if option.code == code)

    @property
    def has_repeated(self) -> bool:
        """Whether a code occurs more than once."""
        return len(self._first) < len(self.entries)

    @property
    def codes(self) -> tuple[int, ...]:
        """Every code, in order, repetitions included."""
        return tuple(option.code for option in self.entries)

    @property
    def repeated(self) -> dict[int, tuple[bytes, ...]]:
        """The codes that occur more than once, with the data of each occurrence.

        RFC 3396 allows a long option to be split. Where the value fits into one option
        and is repeated nevertheless, clients differ in which occurrence they use.
        """
        return {code: self.all(code) for code, times in Counter(self.codes).items() if times > 1}

    def encode(self) -> bytes:
        """The options field with magic cookie and END, unpadded.

        Options received in ``file`` or ``sname`` are left out: those fields still hold them.
        """
        body = b"".join(option.encode() for option in self.entries if option.field is Field.OPTIONS)
        return MAGIC_COOKIE + body + bytes((OptionCode.END,))


_OVERLOADED: Final = ((Overload.FILE, Field.FILE), (Overload.SNAME, Field.SNAME))


def parse_options(area: bytes, *, file: bytes = b"", sname: bytes = b"") -> Options:
    """Parse the options field and, where option 52 says so, ``file`` and then ``sname``.

    Args:
        area: everything after the BOOTP header, magic cookie included.
        file: the header's ``file`` field, 128 octets.
        sname: the header's ``sname`` field, 64 octets.

    Malformed input raises no exception: the options parsed so far are returned with the faults.
    """
    if area[:4] != MAGIC_COOKIE:
        return Options(faults=(f"magic cookie is {area[:4].hex() or 'missing'}, not 63825363",))
    entries, faults = _parse_field(area[4:], Field.OPTIONS)
    overload = next((entry.data for entry in entries if entry.code == OptionCode.OPTION_OVERLOAD), b"")
    flags = overload[0] if overload else 0
    contents = {Field.FILE: file, Field.SNAME: sname}
    for flag, part in _OVERLOADED:
        if flags & flag.value:
            field_entries, field_faults = _parse_field(contents[part], part)
            entries += field_entries
            faults += field_faults
    return Options(tuple(entries), tuple(faults))


_END: Final = int(OptionCode.END)
_PAD: Final = int(OptionCode.PAD)


def _parse_field(octets: bytes, field: Field) -> tuple[list[DhcpOption], list[str]]:
    entries: list[DhcpOption] = []
    offset = 0
    while offset < len(octets):
        code = octets[offset]
        if code == _END:
            return entries, []
        if code == _PAD:
            offset += 1
            continue
        if offset + 1 >= len(octets):
            return entries, [f"{field.value}: option {option_name(code)} has no length octet"]
        length = octets[offset + 1]
        data = octets[offset + 2 : offset + 2 + length]
        if len(data) < length:
            problem = f"option {option_name(code)} says {length} octets and has {len(data)}"
            return entries, [f"{field.value}: {problem}"]
        entries.append(DhcpOption(code, data, field))
        offset += 2 + length
    return entries, [f"{field.value}: no END option"]
