"""The lines of a dnsmasq.conf, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Directive:
    """One line of a dnsmasq.conf."""

    number: int
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name


def line_of(text: str, number: int) -> str:
    """The line of that number, from 1, as dnsmasq counts; empty where there is none."""
    lines = text.split("\n")
    return lines[number - 1].strip() if number <= len(lines) else ""


def directives(text: str) -> tuple[Directive, ...]:
    """The lines of a dnsmasq.conf that are neither empty nor a comment."""
    lines: list[Directive] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"(^|\s)#.*", "", raw).strip()
        if line:
            name, _, value = line.partition("=")
            lines.append(Directive(number, name.strip(), value.strip()))
    return tuple(lines)
