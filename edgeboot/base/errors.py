"""The errors a user may see; each says where, what and how to mend it, in one line."""

from __future__ import annotations


class EdgebootError(Exception):
    """Something edgeboot can name: ``where: problem; mend``.

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
    """The lab could not come up, or broke; what the tests say after it means nothing."""


class NotAnswered(AssertionError):
    """An exchange did not end as the test needs; the text tells who said what instead."""


class ServerDied(AssertionError):
    """The server ended under a message; the text names the message and the server's last words."""


class LeaseNotRecorded(AssertionError):
    """The server's own book lacks a lease that it has given; the text tells what is in it."""
