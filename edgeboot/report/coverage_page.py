"""docs/coverage.md: for each statement the tests that prove it, or why there is none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from edgeboot.report.coverage import Coverage, Proof, ProofStatus
from edgeboot.spec.statements import Document, Statement

_HEAD: Final = """\
# What the tests prove

<!-- Made by `make coverage`: edit docs/statements/*.toml and the tests' markers instead. -->

An edge node boots because its server, its firmware and its cluster keep to certain rules. Each
row below is one such rule, in our own words: where it is written, what it says, and the tests
that fail when it is broken.

The last column tells where those tests run: in the named labs, with real packets against a
real server, or as *unit* tests. Unit tests feed crafted messages to this project's own code;
they prove the rules by which it reads an answer as firmware does, and nothing about a server.

**Not covered** gives the reason why no test proves a rule. **Open** is a rule that waits for
its test.
"""
_FOOT: Final = """\
## How a statement is written

As an entry of a file of [statements](statements); a test names it by its id, which stands
below it here, and `make coverage` writes this page anew.

```toml
[[statement]]
id = "RFC2131-4.3.2-other-server"
source = "RFC 2131 section 4.3.2"   # a document of statements/documents.toml, and where in it
says = "…"                          # and not_covered = "why", where no test can prove it
```

```python
@pytest.mark.covers("RFC2131-4.3.2-other-server")
```
"""
_COLUMNS: Final = "| where | statement | proven by | in |\n|---|---|---|---|"
_WIDTH: Final = 32
_RFC: Final = re.compile(r"RFC (\d+)")
_SECTION: Final = re.compile(r"(section|appendix) ([A-Z]?[\d.]*)")


def page(coverage: Coverage) -> str:
    """The whole page, as GitHub renders Markdown.

    Raises:
        UsageError: a test proves a statement that is marked as not covered.
    """
    by_document = coverage.catalogue.by_document()
    parts = [_part(document, statements, coverage) for document, statements in by_document.items()]
    return "\n".join([_HEAD, _summary(by_document, coverage), *parts, *_others(coverage), _FOOT])


def _summary(by_document: dict[Document, list[Statement]], coverage: Coverage) -> str:
    """How many statements of each document stand how."""
    rows = [
        _counts(f"[{_heading(document)}](#{_anchor(document)})", statements, coverage)
        for document, statements in by_document.items()
    ]
    total = _counts("**all**", list(coverage.catalogue.statements.values()), coverage)
    names = " | ".join(each.value for each in ProofStatus)
    ruler = "|---|---:|" + "---:|" * len(ProofStatus)
    return "\n".join([f"| source | statements | {names} |", ruler, *rows, total]) + "\n"


def _counts(name: str, statements: list[Statement], coverage: Coverage) -> str:
    statuses = [coverage.status(statement) for statement in statements]
    counts = " | ".join(str(statuses.count(each) or "") for each in ProofStatus)
    return f"| {name} | {len(statements)} | {counts} |"


def _part(document: Document, statements: list[Statement], coverage: Coverage) -> str:
    """A document's heading and table; a place that repeats the row above is left out."""
    rows, above = [], None
    for statement in statements:
        place = coverage.catalogue.place(statement)[1]
        where = "" if place == above else _link(document, place)
        says = f"{_prose(statement.says)}<br><sub>{statement.id}</sub>"
        rows.append(f"| {where} | {says} | {_proof_cells(statement, coverage)} |")
        above = place
    links = [f"[Where to read it]({document.url})\n"] if document.url else []
    return "\n".join([f"## {_heading(document)}\n", *links, _COLUMNS, *rows]) + "\n"


def _proof_cells(statement: Statement, coverage: Coverage) -> str:
    """The last two cells of a row: what proves it, and in which labs."""
    match coverage.status(statement):
        case ProofStatus.COVERED | ProofStatus.BY_UNIT_TESTS:
            proofs = coverage.proofs(statement)
            labs = [_labs(proof, coverage) for proof in proofs]
            shown = labs if len(set(labs)) > 1 else labs[:1]
            return f"{'<br>'.join(map(_test, proofs))} | {'<br>'.join(shown)}"
        case ProofStatus.NOT_COVERED:
            return f"**not covered**: {_prose(statement.not_covered or '')} |"
        case ProofStatus.OPEN:
            return "**open** |"


def _test(proof: Proof) -> str:
    """A test with its cases, where it has several, and where it is known to fail."""
    link, cases = f"[{_breakable(proof.function)}](../{proof.file})", len(proof.cases)
    notes = [f"{cases} of {proof.of} cases" if cases < proof.of else f"{cases} cases"] if proof.of > 1 else []
    if proof.defects:
        notes.append(f"*{len(proof.defects)} a known defect of {', '.join(proof.defect_of)}*")
    return f"{link} ({', '.join(notes)})" if notes else link


def _breakable(name: str) -> str:
    """A name that may go on in a second line, so that a long one leaves room for the statement."""
    lines = [""]
    for word in re.findall(r"[^_]*_?", name):
        if len(lines[-1] + word) > _WIDTH:
            lines.append("")
        lines[-1] += word
    return "<wbr>".join(lines)


def _labs(proof: Proof, coverage: Coverage) -> str:
    return "all" if set(proof.labs) == set(coverage.labs) else ", ".join(proof.labs)


def _others(coverage: Coverage) -> Iterator[str]:
    tests = coverage.tests_without_statement()
    if tests:
        links = [f"- [{function}](../{file})" for file, function in tests]
        yield "\n".join(["## Tests that prove none of these\n", *links]) + "\n"


def _heading(document: Document) -> str:
    return f"{document.name}, {document.title}" if document.title else document.name


def _anchor(document: Document) -> str:
    """The heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", _heading(document).lower()).replace(" ", "-")


def _link(document: Document, place: str) -> str:
    """Where in the document; a section of an RFC is linked."""
    shown = _prose(place.removeprefix("section ") or document.name)
    rfc, section = _RFC.fullmatch(document.name), _SECTION.match(place)
    if rfc is None:
        return shown
    anchor = "" if section is None else f"#{section[1]}-{section[2]}"
    return f"[{shown}](https://www.rfc-editor.org/rfc/rfc{rfc[1]}{anchor})"


def _prose(text: str) -> str:
    """Text for a cell: no column ends in it, and no tag begins outside of code."""
    parts = text.replace("|", r"\|").split("`")
    return "`".join(part if at % 2 else html.escape(part, quote=False) for at, part in enumerate(parts))
