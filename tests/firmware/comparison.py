"""One client and one row: what the real one did, beside what the suite says of it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a row."""

    client: str
    """The client of the table."""
    version: str
    """Package and version of the real one."""
    row: str
    real: str
    ours: str
    differences: tuple[str, ...] = ()
    """Where its messages are not those of the table."""
    remark: str = ""
    """Beside the verdict."""
    version_asked: bool = True
    """Whether the messages of this version are known (``dhcp/clients/versions``)."""

    @property
    def agrees(self) -> bool:
        """Whether verdict and messages are the same."""
        return self.real == self.ours and not self.differences

    def __str__(self) -> str:
        told = [] if self.real == self.ours else [f"real: {self.real}; ours: {self.ours}"]
        return f"{self.client} ({self.version}), {self.row}: " + "; ".join((*told, *self.differences))


def check(compared: Compared) -> None:
    """Assert that the suite says what the real one did.

    Of a version that was never asked before only the verdict is compared, and a warning says so.
    """
    assert compared.real == compared.ours, compared
    if compared.version_asked:
        assert not compared.differences, compared
    else:
        version = f"{compared.client} ({compared.version})"
        told = f"{version} is not in dhcp/clients/versions: its messages are not compared"
        warnings.warn(told, stacklevel=1)
