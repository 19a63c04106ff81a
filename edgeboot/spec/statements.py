"""Statements of RFCs, firmware and Kubernetes that tests prove (``docs/statements/*.toml``)."""

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
            f"is no id such as RFC2131-4.3.2-other-server (letters, digits and dots, separated by "
            f"hyphens), found {identifier!r}"
        )
    return identifier


def _one_line(text: str) -> str:
    return " ".join(text.split())


Sentence = Annotated[str, Field(min_length=10), AfterValidator(_one_line)]


class Statement(StrictModel):
    """One sentence of a document that tests prove, or the reason why no test does."""

    id: Annotated[str, AfterValidator(_well_formed)]
    source: str = Field(min_length=3)
    """Document and place in it, such as ``RFC 2131 section 4.3.2``."""
    says: Sentence
    not_covered: Sentence | None = None
    """Why no test proves it; without a reason and without a test the statement counts as open."""


class Document(StrictModel):
    """A source of statements, one section of docs/coverage.md."""

    name: str
    """The prefix of the ``source`` of its statements."""
    title: str
    url: str | None = None
    """Its URL; None for an RFC, whose URL is derived from its name."""


class StatementFile(StrictModel):
    """The content of one file in docs/statements."""

    document: tuple[Document, ...] = ()
    statement: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All statements by id, and the documents in the order of the page."""

    statements: Mapping[str, Statement]
    documents: tuple[Document, ...] = ()

    def place(self, statement: Statement) -> tuple[Document, str]:
        """The document of a statement and the place in it, which may be empty.

        For a document without an entry the name is the text before ``section``.
        """
        source = statement.source
        for document in sorted(self.documents, key=lambda document: -len(document.name)):
            rest = source.removeprefix(document.name)
            if rest != source and not rest[:1].isalnum() and not re.match(r"\.\d", rest):
                return document, rest.lstrip(" ,:")
        match = _PLACE.fullmatch(source)
        name, place = (source, "") if match is None else (match["document"], match["place"])
        return Document(name=name, title=""), place

    def by_document(self) -> dict[Document, list[Statement]]:
        """The statements of each document in the order of its sections; described documents first."""
        grouped: dict[Document, list[Statement]] = {document: [] for document in self.documents}
        for statement in self.statements.values():
            grouped.setdefault(self.place(statement)[0], []).append(statement)
        return {
            document: sorted(statements, key=lambda statement: natural_order(self.place(statement)[1]))
            for document, statements in grouped.items()
            if statements
        }


def load_statements(directory: Path = STATEMENTS) -> Catalogue:
    """Read every TOML file of the directory, sorted by file name.

    Raises:
        UsageError: a file is unreadable, a field is missing, invalid or unknown, or an id is
            used twice.
    """
    statements: dict[str, Statement] = {}
    documents: list[Document] = []
    stated_in: dict[str, Path] = {}
    for path in sorted(directory.glob("*.toml")):
        file = validated(StatementFile, read_toml(path, shown(path)), path, _HINT)
        documents += file.document
        for statement in file.statement:
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
    """A sort key that compares numbers by value: section 3.10 follows 3.9, tables follow sections."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _NUMBER.split(place))


def unknown_statements(identifiers: Iterable[str], catalogue: Catalogue) -> list[str]:
    """The ids that are not in the catalogue, without duplicates."""
    return [identifier for identifier in dict.fromkeys(identifiers) if identifier not in catalogue.statements]
