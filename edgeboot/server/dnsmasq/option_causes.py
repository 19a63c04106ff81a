"""Which line of dnsmasq.conf is the cause of an option's value."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.dhcp.option_table import OPTIONS, code_of
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_ALSO: Final[dict[int, tuple[str, ...]]] = {
    Code.DOMAIN_NAME: ("domain",),
    Code.HOST_NAME: ("dhcp-host",),
    Code.VENDOR_SPECIFIC: ("pxe-service", "pxe-prompt"),
    Code.VENDOR_CLASS_IDENTIFIER: ("pxe-service",),
}
"""Directives that set an option beside dhcp-option."""
_ENCAPSULATED: Final = re.compile(r"(vendor|encap|vi-encap):")


def option_causes(code: int, expected: object, received: object, config: ServerConfig) -> tuple[Cause, ...]:
    """The lines that set an option to what was received, or the line that is missing.

    Args:
        code: the option.
        expected: the contract's value; a line that holds all of it is no cause.
        received: the value in the reply; None where it was absent.
        config: the server's configuration and its file.
    """
    lines = [line for line in directives(config.text) if sets(line, code)]
    file = shown(config.source)
    if lines:
        expected_words = _words(expected)
        wrong = [line for line in lines if not expected_words or not expected_words <= _parts(line)]
        holding = [line for line in wrong if _words(received) & _parts(line)]
        return tuple(Cause(file, line.number, str(line)) for line in holding or wrong)
    if received is None:
        return (Cause(file, None, f"has no dhcp-option={_designator(code)} line"),)
    if code == Code.DOMAIN_NAME_SERVER:
        default = "dnsmasq then names itself where it serves DNS"
        return (Cause(file, None, f"has no dhcp-option={_designator(code)} line: {default}"),)
    return ()


def sets(line: Directive, code: int) -> bool:
    """Whether a line sets an option, or a part of it."""
    if line.name in _ALSO.get(code, ()):
        return True
    if line.name not in {"dhcp-option", "dhcp-option-force"}:
        return False
    for part in line.value.split(","):
        designator = part.strip()
        if _ENCAPSULATED.match(designator):
            return code == Code.VENDOR_SPECIFIC
        if not designator.startswith(("tag:", "net:", "set:")):
            return _code(designator) == code
    return False


def _code(designator: str) -> int | None:
    try:
        return code_of(designator.removeprefix("option:"))
    except ValueError:
        return None


def _designator(code: int) -> str:
    return f"option:{OPTIONS[code].names[-1]}" if code in OPTIONS else str(code)


def _words(value: object) -> frozenset[str]:
    """How a dnsmasq.conf may write a value, part by part."""
    match value:
        case None:
            return frozenset()
        case bytes():
            return frozenset({value.hex(":")})
        case StaticRoute():
            return frozenset({str(value.network), str(value.router)})
        case tuple():
            return frozenset[str]().union(*map(_words, value))
    return frozenset({str(value)})


def _parts(line: Directive) -> frozenset[str]:
    return frozenset(part.strip() for part in line.value.split(","))
