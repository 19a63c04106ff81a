"""Which tests prove which statement, and how far each statement is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.spec.statements import Catalogue, Statement

UNIT: Final = "unit"
"""In place of a lab for a test that needs none: crafted messages, no packets."""


class ProofStatus(Enum):
    """How far a statement is proven."""

    COVERED = "on the wire"
    BY_UNIT_TESTS = "unit tests only"
    NOT_COVERED = "not covered"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ProvingCase:
    """One collected test, with its parameters: what it proves and where it runs."""

    file: str
    """Path relative to the project, such as ``tests/e2e/test_boot.py``."""
    function: str
    statements: frozenset[str] = frozenset()
    labs: tuple[str, ...] = ()
    """The labs with the features it needs, or only ``UNIT``."""
    defect_of: tuple[str, ...] = ()
    """The profiles in which it is expected to fail (known_defects of their contracts)."""

    @property
    def test(self) -> tuple[str, str]:
        """File and function, the same for all cases of a test."""
        return self.file, self.function


@dataclass(frozen=True, slots=True)
class Proof:
    """The cases of one test function that prove a statement, and how many cases it has."""

    cases: tuple[ProvingCase, ...]
    of: int

    @property
    def file(self) -> str:
        """The file of the test."""
        return self.cases[0].file

    @property
    def function(self) -> str:
        """The test's name."""
        return self.cases[0].function

    @property
    def labs(self) -> tuple[str, ...]:
        """The labs in which at least one of the cases runs."""
        return tuple(dict.fromkeys(lab for case in self.cases for lab in case.labs))

    @property
    def defects(self) -> tuple[ProvingCase, ...]:
        """The cases that are expected to fail in some profile."""
        return tuple(case for case in self.cases if case.defect_of)

    @property
    def defect_of(self) -> tuple[str, ...]:
        """The profiles in which one of the cases is expected to fail."""
        return tuple(sorted({profile for case in self.cases for profile in case.defect_of}))


@dataclass(frozen=True)
class Coverage:
    """The statements, and the collected cases that prove them."""

    catalogue: Catalogue
    cases: Sequence[ProvingCase]
    labs: tuple[str, ...]
    """The names of all labs."""

    def proofs(self, statement: Statement) -> list[Proof]:
        """The tests that prove a statement, in the order of collection."""
        by_test: dict[tuple[str, str], list[ProvingCase]] = {}
        for case in self.cases:
            if statement.id in case.statements:
                by_test.setdefault(case.test, []).append(case)
        return [Proof(tuple(cases), self._cases_of[test]) for test, cases in by_test.items()]

    def status(self, statement: Statement) -> ProofStatus:
        """Covered on the wire or by unit tests only, not covered for a reason, or open.

        Raises:
            UsageError: a test proves a statement that is marked as not covered.
        """
        proofs = self.proofs(statement)
        if not proofs:
            return ProofStatus.OPEN if statement.not_covered is None else ProofStatus.NOT_COVERED
        if statement.not_covered is not None:
            raise UsageError(
                f"statement {statement.id}: field not_covered",
                f"{proofs[0].file}::{proofs[0].function} covers it",
                "remove one of the two",
            )
        unit_only = all(proof.labs == (UNIT,) for proof in proofs)
        return ProofStatus.BY_UNIT_TESTS if unit_only else ProofStatus.COVERED

    def tests_without_statement(self) -> list[tuple[str, str]]:
        """File and function of each test none of whose cases proves a statement."""
        proving = {case.test for case in self.cases if case.statements}
        return [test for test in self._cases_of if test not in proving]

    @cached_property
    def _cases_of(self) -> Counter[tuple[str, str]]:
        return Counter(case.test for case in self.cases)
