"""The options field: order and duplicates kept, malformed input reported as faults, not raised."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.options import DhcpOption, Field, Options, parse_options
from edgeboot.dhcp.vocabulary import MAGIC_COOKIE, OptionCode
from tests.unit.samples import OPTIONS

HOST_A: Final = bytes((12, 1)) + b"a"
HOST_B: Final = bytes((12, 1)) + b"b"
END: Final = b"\xff"


def overloaded(flags: int) -> Options:
    """Options of a message whose option 52 has these flags; file and sname hold an option each."""
    return parse_options(MAGIC_COOKIE + bytes((52, 1, flags)) + END, file=HOST_A + END, sname=HOST_B + END)


@given(st.lists(OPTIONS))
def test_what_is_encoded_is_parsed_again(options: list[DhcpOption]) -> None:
    """Any options are parsed in the order encoded, without a fault."""
    assert parse_options(Options(tuple(options)).encode()) == Options(tuple(options))


@given(st.binary(), st.binary(max_size=128), st.binary(max_size=64))
def test_no_octets_make_the_parser_raise(area: bytes, file: bytes, sname: bytes) -> None:
    """Unreadable input becomes a fault in the result, with the magic cookie and without."""
    assert parse_options(area, file=file, sname=sname) is not None
    overload = MAGIC_COOKIE + bytes((52, 1, 3))
    assert parse_options(overload + area, file=file, sname=sname).codes[0] == 52


@given(st.lists(OPTIONS, min_size=1), st.data())
def test_a_field_cut_short_has_a_fault_and_keeps_what_came_before(
    options: list[DhcpOption], data: st.DataObject
) -> None:
    """The options before the cut are returned unchanged, with at least one fault."""
    whole = Options(tuple(options)).encode()
    cut = parse_options(whole[: data.draw(st.integers(4, len(whole) - 1))])
    assert cut.faults
    assert cut.entries == tuple(options[: len(cut.entries)])


def test_first_of_two_options_counts() -> None:
    """``get`` returns the first, as EDK2 and most clients read it; ``all`` returns both."""
    options = parse_options(MAGIC_COOKIE + HOST_A + HOST_B + END)
    assert options.get(OptionCode.HOST_NAME) == b"a"
    assert options.all(OptionCode.HOST_NAME) == (b"a", b"b")


def test_only_repeated_codes_are_repeated() -> None:
    """Each code that occurs more than once is listed with the data of every occurrence."""
    options = Options((DhcpOption(66, b"a"), DhcpOption(67, b"b"), DhcpOption(66, b"c")))
    assert options.repeated == {66: (b"a", b"c")}


def test_absent_option_is_none_and_not_contained() -> None:
    """``get``, ``all`` and ``in`` agree about an option that was not sent."""
    options = parse_options(MAGIC_COOKIE + HOST_A + END)
    assert (options.get(66), options.all(66), 66 in options, 12 in options) == (None, (), False, True)


def test_empty_option_is_present() -> None:
    """``get`` returns empty data for an option of length 0, not None."""
    assert parse_options(MAGIC_COOKIE + bytes((80, 0)) + END).get(80) == b""


def test_pads_are_skipped_and_nothing_is_read_after_the_end() -> None:
    """PAD has no length octet; octets behind END are padding."""
    options = parse_options(MAGIC_COOKIE + b"\0\0" + HOST_A + b"\0" + END + HOST_B)
    assert (options.codes, options.faults) == ((12,), ())


@pytest.mark.parametrize(
    "area,fault",
    [
        (b"", "magic cookie is missing, not 63825363"),
        (b"\x63\x82\x53", "magic cookie is 638253, not 63825363"),
        (b"\0\0\0\0" + HOST_A, "magic cookie is 00000000, not 63825363"),
        (MAGIC_COOKIE, "options: no END option"),
        (MAGIC_COOKIE + HOST_A + b"\0", "options: no END option"),
        (MAGIC_COOKIE + HOST_A + b"\x43", "options: option bootfile-name (67) has no length octet"),
        (MAGIC_COOKIE + b"\x43\x05ab", "options: option bootfile-name (67) says 5 octets and has 2"),
    ],
)
def test_fault_says_what_is_malformed(area: bytes, fault: str) -> None:
    """The fault's text names the field, the option and the lengths."""
    assert parse_options(area).faults == (fault,)


@pytest.mark.parametrize(
    "flags,carried",
    [
        (0, []),
        (1, [(Field.FILE, b"a")]),
        (2, [(Field.SNAME, b"b")]),
        (3, [(Field.FILE, b"a"), (Field.SNAME, b"b")]),
    ],
)
def test_overloaded_fields_are_read_after_the_options(flags: int, carried: list[tuple[Field, bytes]]) -> None:
    """Option 52 says which fields hold options: file before sname (RFC 2131 section 4.1)."""
    entries = overloaded(flags).entries
    assert [(option.field, option.data) for option in entries[1:]] == carried


def test_fault_in_an_overloaded_field_names_that_field() -> None:
    """A boot file name where option 52 announces options is a fault of ``file``."""
    options = parse_options(MAGIC_COOKIE + bytes((52, 1, 1)) + END, file=b"boot.efi")
    assert [fault.partition(":")[0] for fault in options.faults] == ["file"]


def test_option_too_long_for_one_is_refused_by_name() -> None:
    """256 octets exceed an option's length octet, and the error names the option."""
    with pytest.raises(ValueError, match=r"bootfile-name \(67\) has 256 octets"):
        DhcpOption(67, bytes(256)).encode()
