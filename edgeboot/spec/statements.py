"""What RFCs, firmware and Kubernetes state, as data (``docs/statements/*.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import STATEMENTS, shown
from edgeboot.base.strict_model import StrictModel, read_toml, validated

_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9.]*(-[A-Za-z0-9.]+)+")
_PLACE: Final = re.compile(r"(?P<document>.+?),? (?P<place>(?:section|table|figure|appendix|chapter)s? .+)")
_NUMBER: Final = re.compile(r"(\d+)")
_HINT: Final = "see docs/coverage.md, which says how a statement is written"


def _well_formed(identifier: str) -> str:
    if _ID.fullmatch(identifier) is None:
        raise ValueError(
            f"is no id such as RFC2131-4.3.2-other-server (letters, digits and dots, parted by "
            f"hyphens), found {identifier!r}"
        )
    return identifier


def _one_line(text: str) -> str:
    return " ".join(text.split())


Sentence = Annotated[str, Field(min_length=10), AfterValidator(_one_line)]


class Statement(StrictModel):
    """One sentence that a test proves, or the reason why none does."""

    id: Annotated[str, AfterValidator(_well_formed)]
    source: str = Field(min_length=3)
    """The document and where in it: ``RFC 2131 section 4.3.2``."""
    says: Sentence
    not_covered: Sentence | None = None
    """Why no test proves it; without this and without a test the statement is open."""


class Document(StrictModel):
    """A source of statements, as the heading of its part of the page."""

    name: str
    """What the ``source`` of its statements starts with."""
    title: str
    url: str | None = None
    """Where it can be read; an RFC's address follows from its name."""


class StatementFile(StrictModel):
    """One file of docs/statements."""

    document: tuple[Document, ...] = ()
    statement: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All statements by id, and the documents in the order in which they are to be read."""

    statements: Mapping[str, Statement]
    documents: tuple[Document, ...] = ()

    def place(self, statement: Statement) -> tuple[Document, str]:
        """The document that makes a statement, and where in it (empty: nowhere in particular).

        A document nobody described is known by what stands before ``section``.
        """
        source = statement.source
        for document in sorted(self.documents, key=lambda each: -len(each.name)):
            rest = source.removeprefix(document.name)
            if rest != source and not rest[:1].isalnum() and not re.match(r"\.\d", rest):
                return document, rest.lstrip(" ,:")
        found = _PLACE.fullmatch(source)
        name, place = (source, "") if found is None else (found["document"], found["place"])
        return Document(name=name, title=""), place

    def by_document(self) -> dict[Document, list[Statement]]:
        """Each document's statements in the order of its sections; described documents first."""
        found: dict[Document, list[Statement]] = {document: [] for document in self.documents}
        for statement in self.statements.values():
            found.setdefault(self.place(statement)[0], []).append(statement)
        return {
            document: sorted(each, key=lambda statement: natural_order(self.place(statement)[1]))
            for document, each in found.items()
            if each
        }


def load_statements(directory: Path = STATEMENTS) -> Catalogue:
    """Read every TOML file of the directory, by name.

    Raises:
        UsageError: a file is unreadable, a field missing, wrong or unknown, or an id is
            stated twice.
    """
    statements: dict[str, Statement] = {}
    documents: list[Document] = []
    stated_in: dict[str, Path] = {}
    for path in sorted(directory.glob("*.toml")):
        read = validated(StatementFile, read_toml(path, shown(path)), path, _HINT)
        documents += read.document
        for statement in read.statement:
            if statement.id in stated_in:
                raise UsageError(
                    f"{shown(path)}: field id",
                    f"{statement.id} is stated in {shown(stated_in[statement.id])} already",
                    "give each statement an id of its own",
                )
            stated_in[statement.id] = path
            statements[statement.id] = statement
    return Catalogue(statements, tuple(documents))


def natural_order(place: str) -> tuple[tuple[int, str], ...]:
    """A key that puts section 3.10 behind 3.9, and tables behind sections."""
    return tuple((int(each), "") if each.isdigit() else (-1, each) for each in _NUMBER.split(place))


def unknown_statements(named: Iterable[str], catalogue: Catalogue) -> list[str]:
    """The ids among ``named`` that nobody states, each once."""
    return [each for each in dict.fromkeys(named) if each not in catalogue.statements]
