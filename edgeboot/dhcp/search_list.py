"""Option 119, the domain search list: names as in DNS, compressed (RFC 3397, RFC 1035 section 4.1.4)."""

from __future__ import annotations

from typing import Final

_POINTER: Final = 0xC0
_LONGEST: Final = 63
"""Octets of a label."""


def search_list(data: bytes) -> tuple[str, ...]:
    """The domain names of the option, in their order, without the root's dot.

    Args:
        data: the data of all occurrences of the option, joined: pointers count from its first octet.

    Raises:
        ValueError: a label or pointer leads outside of the data, or a pointer forward.
    """
    names: list[str] = []
    at = 0
    while at < len(data):
        name, at = _name(data, at)
        names.append(name)
    return tuple(names)


def _name(data: bytes, start: int) -> tuple[str, int]:
    """The name at ``start``, and where the next begins."""
    labels: list[str] = []
    at, following, earliest = start, None, start
    while True:
        if at >= len(data):
            raise ValueError(f"the name at octet {start} of {data.hex(' ')} has no end")
        length = data[at]
        if length & _POINTER == _POINTER:
            target = int.from_bytes(data[at : at + 2]) & 0x3FFF
            if at + 1 >= len(data) or target >= earliest:
                raise ValueError(f"the pointer at octet {at} of {data.hex(' ')} leads nowhere")
            following = at + 2 if following is None else following
            at = earliest = target
        elif length > _LONGEST or at + 1 + length > len(data):
            raise ValueError(f"no label at octet {at} of {data.hex(' ')}")
        elif length == 0:
            return ".".join(labels), at + 1 if following is None else following
        else:
            labels.append(data[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
            at += 1 + length
