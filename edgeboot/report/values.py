"""Values as a person would write them, and tables as text."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import Enum
from ipaddress import IPv4Address
from typing import Any, Final

from rich.console import Console

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.dhcp.vocabulary import INFINITE_LEASE, option_name
from edgeboot.spec.contract.address_pool import AddressPool, AddressRange

WIDTH: Final = 110
"""Columns of a table in a file."""
_LONGEST: Final = 300
"""Characters of a comparison in one line."""
_HIDDEN: Final = {"Cc", "Cf", "Co", "Cs"}
"""Categories of characters that are not seen, or that turn what stands beside them."""


def shown_value(value: object) -> str:
    """A value as a person would write it; a set of numbers is one of option codes."""
    match value:
        case None:
            return "nothing"
        case timedelta():
            return "infinite" if value == INFINITE_LEASE else str(value)
        case AddressPool() | AddressRange() | StaticRoute():
            return str(value)
        case bytes():
            return f"hex {value.hex(' ')}" if value else "no octets"
        case tuple():
            return ", ".join(shown_value(item) for item in value) or "nothing"
        case set() | frozenset():
            in_order = (
                sorted(value) if all(isinstance(each, int) for each in value) else sorted(value, key=str)
            )
            names = (option_name(each) if isinstance(each, int) else str(each) for each in in_order)
            return ", ".join(names) or "none"
        case Enum():
            return value.name
        case IPv4Address() | MacAddress() | str():
            return str(value)
        case _:
            return repr(value)


def visible(text: str) -> str:
    """The text with every character that would not be seen, or would reorder others, by its number."""
    return "".join(
        each if each in "\n\t" or unicodedata.category(each) not in _HIDDEN else f"\\u{ord(each):04x}"
        for each in text
    )


def as_text(renderable: object, width: int = WIDTH) -> str:
    """A rich renderable without colours or control codes, for reports and files."""
    console = plain_console(width=width, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get().rstrip("\n")


def plain_console(**options: Any) -> Console:
    """A console that shows a server's text as it is: ``[b]`` is no markup, ``:ab:`` no emoji."""
    return Console(markup=False, emoji=False, **options)


def shown_comparison(op: str, left: object, right: object) -> str | None:
    """``expected RIGHT, received LEFT`` for a comparison that does not hold; of membership, what is in what.

    Which side of ``in`` was received cannot be told: it is said of neither.

    None where the values are too long for a line, or the operator is none of equality and
    membership: pytest's own explanation is better then.
    """
    wanted = {"==": "", "is": "", "!=": "another than "}.get(op)
    member = {"in": "is not in", "not in": "is in"}.get(op)
    if wanted is not None:
        text = f"expected {wanted}{shown_value(right)}, received {shown_value(left)}"
    elif member is not None:
        text = f"{shown_value(left)} {member} {shown_value(right)}"
    else:
        return None
    return None if len(text) > _LONGEST else text
