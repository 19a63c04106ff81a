"""The lines of a dnsmasq.conf, of the files it includes and of the command line, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_LONG: Final = re.compile(r"--([a-z0-9-]+)(?:=(.*))?")
_SHORT: Final = {"-5": "no-ping"}
"""Options of the command line by one letter that the suite reads; ``lease_file`` reads ``-l`` itself."""
_INCLUDING: Final = frozenset(
    {
        "conf-file",
        "conf-dir",
        "conf-script",
        "dhcp-optsfile",
        "dhcp-optsdir",
        "dhcp-hostsfile",
        "dhcp-hostsdir",
    }
)
"""Directives that name files with more lines, or a program that prints some."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One line of a dnsmasq.conf, or one option of the command line."""

    number: int
    name: str
    value: str
    file: str | None = None
    """Where it is if not in the configuration itself: an included file, or the arguments' manifest."""

    @property
    def place(self) -> str:
        """Where it is, beside a text that names the configuration's own file."""
        return f"line {self.number}" if self.file is None else f"line {self.number} of {self.file}"

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


def every_line(config: ServerConfig) -> tuple[Directive, ...]:
    """What dnsmasq reads: its command line, its configuration, and what that includes of the ConfigMaps.

    A file of the image, or of another volume, is not known here.
    """
    return (*_arguments(config), *_with_included(config, config.beside))


def unknown_includes(config: ServerConfig) -> Iterator[Directive]:
    """The lines that name files with more lines, of which none is known here.

    The argument that names the configuration itself is none of them.
    """
    known = (config, *config.beside)
    for line in every_line(config):
        if line.name in _INCLUDING and next(_included(line, known), None) is None:
            yield line


def as_cause(line: Directive, config: ServerConfig, reason: str = "") -> Cause:
    """The line as the cause of something, with its own file."""
    return Cause(line.file or shown(config.source), line.number, str(line), reason)


def _arguments(config: ServerConfig) -> Iterator[Directive]:
    at = config.arguments_at
    if at is None or at.file is None or at.line is None:
        return
    for word in config.arguments:
        long = _LONG.fullmatch(word)
        if long is not None:
            yield Directive(at.line, long[1], long[2] or "", at.file)
        elif word in _SHORT:
            yield Directive(at.line, _SHORT[word], "", at.file)


def _with_included(config: ServerConfig, others: tuple[ServerConfig, ...]) -> Iterator[Directive]:
    for line in directives(config.text):
        yield line
        for included in _included(line, others):
            rest = tuple(each for each in others if each is not included)
            for inner in _with_included(included, rest):
                yield inner if inner.file else replace(inner, file=shown(included.source))


def _included(line: Directive, others: Iterable[ServerConfig]) -> Iterator[ServerConfig]:
    """The files that a line includes, those of a directory by their names."""
    path, *filters = (word.strip() for word in line.value.split(","))
    wanted = [each.removeprefix("*") for each in filters if each.startswith("*")]
    refused = tuple(each for each in filters if not each.startswith("*"))
    for each in sorted(others, key=lambda other: other.mount_path):
        place = PurePosixPath(each.mount_path)
        in_directory = str(place.parent) == path.rstrip("/") and (
            place.name.endswith(tuple(wanted)) if wanted else not (refused and place.name.endswith(refused))
        )
        if (line.name == "conf-file" and each.mount_path == path) or (
            line.name == "conf-dir" and in_directory and not place.name.startswith(".")
        ):
            yield each
