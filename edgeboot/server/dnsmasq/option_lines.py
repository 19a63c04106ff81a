"""The ``dhcp-option`` lines of a dnsmasq.conf: code, values and tags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.option_names import option_code
from edgeboot.server.dnsmasq.tags import ClientTags, Tagged, winner

_NAMES: Final = frozenset({"dhcp-option", "dhcp-option-force", "dhcp-option-pxe"})
_UNASKED: Final = frozenset({58, 59, 66, 67, 255})
"""Options that count without being asked for: in another option's place, or in the header."""
_OTHER: Final = ("option6:", "vi-encap:")


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One line about one option."""

    tagged: Tagged
    code: int
    values: tuple[str, ...]
    vendor_class: str | None = None
    """For clients with this vendor class only, as a sub-option of 43; None for an option of its own."""
    is_part: bool = False
    """Whether it is one sub-option of the option ``code``: several such lines apply together."""

    def is_for(self, request: DhcpMessage) -> bool:
        """Whether the client's vendor class is the line's."""
        sent = request.options.get(Code.VENDOR_CLASS_IDENTIFIER) or b""
        if self.tagged.line.name == "dhcp-option-pxe" and not sent.startswith(PXE_CLASS.encode()):
            return False
        return self.vendor_class is None or self.vendor_class.encode() in sent

    def is_sent_to(self, request: DhcpMessage) -> bool:
        """Whether the client asks for the option, by its list (55) or by having none, or gets it unasked."""
        asked = request.options.get(Code.PARAMETER_REQUEST_LIST)
        is_forced = self.tagged.line.name != "dhcp-option" or self.code in _UNASKED
        return is_forced or asked is None or self.code in asked


def option_lines(lines: Iterable[Directive]) -> tuple[OptionLine, ...]:
    """Every line about a DHCPv4 option, in the order of the file."""
    found = (_read(Tagged.of(line)) for line in lines if line.name in _NAMES)
    return tuple(each for each in found if each is not None)


def applied_options(
    options: Iterable[OptionLine], request: DhcpMessage, tags: ClientTags
) -> tuple[OptionLine, ...]:
    """The lines that dnsmasq applies to a client: one of each option, and every fitting sub-option."""
    fitting = [each for each in options if each.is_for(request)]
    whole: dict[int, list[OptionLine]] = {}
    for each in fitting:
        if not each.is_part:
            whole.setdefault(each.code, []).append(each)
    winners = [winner([each.tagged for each in group], tags) for group in whole.values()]
    parts = [each for each in fitting if each.is_part and each.tagged.applies(tags.all)]
    return (*parts, *(each for each in fitting if not each.is_part and each.tagged in winners))


def _read(tagged: Tagged) -> OptionLine | None:
    words, needed = list(tagged.words), list(tagged.needed)
    while words:
        word = words.pop(0)
        if word.startswith(_OTHER):
            return None
        bare = replace(tagged, words=tuple(words), needed=tuple(needed))
        if word.startswith("vendor:"):
            return OptionLine(bare, Code.VENDOR_SPECIFIC, tuple(words), word.partition(":")[2], is_part=True)
        if word.startswith("encap:"):
            outer = option_code(word.partition(":")[2])
            return None if outer is None else OptionLine(bare, outer, tuple(words), is_part=True)
        code = option_code(word)
        if code is not None:
            return OptionLine(bare, code, tuple(words))
        needed.append(word)  # Its older form: a tag without tag:.
    return None
