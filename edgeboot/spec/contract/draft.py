"""One term of a drafted contract, in TOML, with what it was derived from."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.vocabulary import INFINITE_LEASE
from edgeboot.spec.contract.client_terms import ClientTerms
from edgeboot.spec.contract.terms import written_duration


@dataclass(frozen=True, slots=True)
class Term:
    """One field of a draft."""

    name: str
    value: str
    """As TOML has it."""
    source: str
    """For a comment: the line, or the option, that it is from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract to be corrected."""

    terms: tuple[Term, ...]
    base: str
    """The profile whose contract it is based on."""
    removed: tuple[str, ...] = ("boots",)
    """Entries of that contract that do not hold."""
    notes: tuple[str, ...] = ()
    """What a person has to complete or correct, a line each."""


def client_of_nodes(boots: Iterable[Term]) -> ClientProfile:
    """The client that the suite's nodes run where these terms hold: bootfile and next_server are its own."""
    stated = "\n".join(f"{term.name} = {term.value}" for term in boots)
    return ClientTerms.model_validate(tomllib.loads(stated)).default_client


def place(line: object) -> str:
    """A line of a configuration with its number, as comments show it."""
    return f"line {getattr(line, 'number', '?')}: {line}"


def text(value: object) -> str:
    """A value as a TOML string."""
    return json.dumps(str(value))


def duration(time: timedelta) -> str:
    """A time, such as ``"10h30m"``, or ``"infinite"``."""
    return json.dumps("infinite" if time == INFINITE_LEASE else written_duration(time))
