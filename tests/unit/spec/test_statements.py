"""The statements: read strictly, each id once, and put in the order of their documents."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.spec.statements import Catalogue, Document, Statement, load_statements, natural_order

GOOD: Final = 'id = "RFC2131-4.1-ports"\nsource = "RFC 2131 section 4.1"\nsays = "From 67 to 68."\n'
RFC: Final = Document(name="RFC 2131", title="DHCP")
EDK2: Final = Document(name="EDK2", title="firmware")


def written(directory: Path, **files: str) -> Path:
    """A folder of statement files; each text is one statement."""
    for name, text in files.items():
        (directory / f"{name}.toml").write_text(f"[[statement]]\n{text}", encoding="utf-8")
    return directory


def statement(source: str, identifier: str = "A-1") -> Statement:
    """A statement from somewhere."""
    return Statement(id=identifier, source=source, says="Something is so.")


def catalogue(*sources: str, documents: tuple[Document, ...] = (RFC, EDK2)) -> Catalogue:
    """Statements A-0, A-1 … of these sources."""
    numbered = [statement(source, f"A-{number}") for number, source in enumerate(sources)]
    return Catalogue({each.id: each for each in numbered}, documents)


def test_statements_of_the_project_are_read() -> None:
    """All files of the project load, and their documents are described."""
    found = load_statements()
    assert "RFC2131-4.3.2-other-server" in found.statements
    assert found.documents[0].name == "RFC 2131"


def test_sentence_is_one_line_however_it_was_written(tmp_path: Path) -> None:
    """A line break would break the row of the table."""
    text = GOOD.replace('"From 67 to 68."', '"""\nFrom 67\n  to 68."""')
    found = load_statements(written(tmp_path, one=text)).statements["RFC2131-4.1-ports"]
    assert found.says == "From 67 to 68."


@pytest.mark.parametrize(
    "wrong", ["", "RFC2131", "RFC 2131-4.1", "-4.1", "RFC2131-", "4.1-ports", "a-ü", "a--b"]
)
def test_malformed_id_is_refused_with_its_file(wrong: str, tmp_path: Path) -> None:
    """The error has the wrong id and a correct example."""
    folder = written(tmp_path, one=GOOD.replace("RFC2131-4.1-ports", wrong))
    with pytest.raises(
        UsageError, match=r"one\.toml: field statement\.0\.id: is no id such as RFC2131-4\.3"
    ) as e:
        load_statements(folder)
    assert f"found {wrong!r}" in str(e.value)


@pytest.mark.parametrize(
    "text,problem",
    [
        (GOOD + 'test = "test_boot"\n', r"field statement\.0\.test: is not known"),
        (GOOD.replace("says", "say"), r"field statement\.0\.says: is missing"),
        (GOOD + 'not_covered = "later"\n', r"field statement\.0\.not_covered: .* at least 10 characters"),
        (GOOD + "[[statements]]\n", r"field statements: is not known"),
    ],
    ids=["unknown field", "missing field", "short reason", "unknown table"],
)
def test_wrong_field_is_named_with_its_file(text: str, problem: str, tmp_path: Path) -> None:
    """No part of a file is ignored silently."""
    with pytest.raises(UsageError, match=rf"rules\.toml: {problem}"):
        load_statements(written(tmp_path, rules=text))


def test_id_stated_twice_is_refused_with_both_files(tmp_path: Path) -> None:
    """An id identifies exactly one statement."""
    with pytest.raises(
        UsageError, match=r"two\.toml: field id: RFC2131-4\.1-ports is stated in \S*one\.toml"
    ):
        load_statements(written(tmp_path, one=GOOD, two=GOOD))


@pytest.mark.parametrize(
    "source,document,place",
    [
        ("RFC 2131 section 4.1", "RFC 2131", "section 4.1"),
        ("RFC 2131, table 3", "RFC 2131", "table 3"),
        ("RFC 2131", "RFC 2131", ""),
        ("EDK2 PxeBcDhcp4.c", "EDK2", "PxeBcDhcp4.c"),
        ("RFC 21310 section 1", "RFC 21310", "section 1"),
        ("EDK22", "EDK22", ""),
        ("PXE 2.1 section 2.2", "PXE 2.1", "section 2.2"),
        ("GRUB 2.12 netboot", "GRUB 2.12 netboot", ""),
    ],
)
def test_source_tells_document_and_place(source: str, document: str, place: str) -> None:
    """A described document by its name; any other by the text before its section."""
    found, where = catalogue().place(statement(source))
    assert (found.name, where) == (document, place)


def test_longest_name_wins() -> None:
    """PXE 2.1 is no section of PXE."""
    two = (Document(name="PXE", title=""), Document(name="PXE 2.1", title=""))
    assert catalogue(documents=two).place(statement("PXE 2.1 table 1"))[0].name == "PXE 2.1"


def test_documents_keep_their_order_and_strangers_come_last() -> None:
    """A document without statements is left out."""
    found = catalogue("GRUB section 1", "EDK2 here").by_document()
    assert [document.name for document in found] == ["EDK2", "GRUB"]


def test_sections_are_in_their_natural_order() -> None:
    """Tables follow the sections, and 4.10 follows 4.9."""
    places = ["", "section 3", "section 4.3.2", "section 4.9", "section 4.10", "table 3", "table 10"]
    shuffled = [places[at] for at in (5, 2, 6, 0, 4, 1, 3)]
    assert sorted(shuffled, key=natural_order) == places
