"""Contract terms about tests that fail for a known reason."""

from __future__ import annotations

from pydantic import Field

from edgeboot.base.strict_model import StrictModel
from edgeboot.spec.contract.terms import MINIMUM_REASON_LENGTH


class KnownDefect(StrictModel):
    """A test that fails for a known reason; once it passes, the entry has to be removed."""

    test: str
    """The test's name, with its parameters in brackets if only that case fails."""
    cases: tuple[str, ...] = ()
    """The parameters of each failing case, without brackets, if several fail for one reason."""
    reason: str = Field(min_length=MINIMUM_REASON_LENGTH)
    always: bool = Field(default=True, strict=True)
    """False if it fails only sometimes; the run then does not complain when it passes."""
    field: str | None = None
    """The field that is not as expected, as a finding names it; any other failure of the test counts."""
    words: str | None = Field(default=None, min_length=1)
    """Words of the failure's message; a failure whose message lacks them counts."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the failing tests or cases."""
        return frozenset(f"{self.test}[{case}]" for case in self.cases) or frozenset({self.test})
