"""Why a client lacks a tag: which lines give it, and what the client sends of what they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.matches import NUMBER_WIDTHS
from edgeboot.server.dnsmasq.option_names import option_code
from edgeboot.server.dnsmasq.tags import Tagged


def lacking(needed: Iterable[str], has: Iterable[str]) -> list[str]:
    """The tags of a line's conditions that a client lacks."""
    own = set(has)
    return [tag for tag in needed if not tag.startswith("!") and tag not in own]


def why_lacking(tag: str, lines: Sequence[Directive], request: DhcpMessage) -> str:
    """``no line gives tag efi``; or which line does, and what the client sends in its place."""
    givers = [each for each in map(Tagged.of, lines) if tag in each.given]
    if not givers:
        return f"no line gives tag {tag}"
    places = ", ".join(f"{each.line.place} {each.line}" for each in givers)
    codes = dict.fromkeys(code for code in map(_asked, givers) if code is not None)
    sent = ", ".join(_sent(codes, request))
    return f"{places} gives tag {tag}" + (f", and the client sends {sent}" if sent else "")


def _asked(giver: Tagged) -> int | None:
    """The option that a line asks for; None if it asks for something else."""
    match giver.line.name:
        case "dhcp-match":
            return option_code(giver.words[0]) if giver.words else None
        case "dhcp-vendorclass":
            return Code.VENDOR_CLASS_IDENTIFIER
        case "dhcp-userclass":
            return Code.USER_CLASS
    return None


def _sent(codes: Iterable[int], request: DhcpMessage) -> Iterator[str]:
    for code in codes:
        data = request.options.get(code)
        yield f"no option {code}" if data is None else f"option {code} as {_shown(code, data)}"


def _shown(code: int, data: bytes) -> str:
    if len(data) == NUMBER_WIDTHS.get(code):
        return str(int.from_bytes(data))
    text = data.decode("ascii", errors="replace")
    return repr(text) if text.isprintable() and "\ufffd" not in text else data.hex(":")
