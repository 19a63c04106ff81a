"""The errors shown to users; each is one line: ``where: problem; hint``."""

from __future__ import annotations


class EdgebootError(Exception):
    """An error with a place, a problem and a hint: ``where: problem; hint``.

    Args:
        where: the file and field, option or part of the lab concerned.
        problem: what is wrong there.
        hint: what the user can do about it.
    """

    def __init__(self, where: str, problem: str, hint: str) -> None:
        self.where = where
        self.problem = problem
        self.hint = hint
        super().__init__(f"{where}: {problem}; {hint}")

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, so that it passes from a worker process to the one that waits for it."""
        return _again, (type(self), self.args, vars(self))


def _again(kind: type[EdgebootError], args: tuple[str, ...], parts: dict[str, str]) -> EdgebootError:
    """The error that was pickled; the parameters of some kinds are not those of every error."""
    error = kind.__new__(kind, *args)
    vars(error).update(parts)
    return error


class UsageError(EdgebootError):
    """An option, contract, manifest or other input is unusable; nothing was started."""


class LabError(EdgebootError):
    """The lab could not be made, or broke; test results after that are not valid."""


class NotAnswered(AssertionError):
    """An exchange lacks the expected reply; the text has what was received instead, and its sender."""


class ServerDied(AssertionError):
    """The server ended while it handled a message; the text has the message and the last log lines."""


class LeaseNotRecorded(AssertionError):
    """The lease database has no entry for a lease the server granted; the text lists its entries."""
