"""The errors a user may see; each is one line: where, what is wrong, and a hint."""

from __future__ import annotations


class EdgebootError(Exception):
    """Something edgeboot can name: ``where: problem; hint``.

    Args:
        where: the file and field, option or part of the lab concerned.
        problem: what is wrong there.
        hint: what the reader may do about it.
    """

    def __init__(self, where: str, problem: str, hint: str) -> None:
        self.where = where
        self.problem = problem
        self.hint = hint
        super().__init__(f"{where}: {problem}; {hint}")


class UsageError(EdgebootError):
    """An option, contract, manifest or other input is unusable; nothing was started."""


class LabError(EdgebootError):
    """The lab could not be made, or broke: test results after that mean nothing."""


class NotAnswered(AssertionError):
    """An exchange did not end as the test needs; the text says what was received instead, and from whom."""


class ServerDied(AssertionError):
    """The server ended while it handled a message; the text has the message and the last log lines."""


class LeaseNotRecorded(AssertionError):
    """The server's own book lacks a lease that it has given; the text tells what is in it."""
