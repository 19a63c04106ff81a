"""Standard output that cannot be written: one line, whichever command has printed, and no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from edgeboot.base.errors import UsageError
from edgeboot.cli.exit_status import EXIT_NOT_READ


class _Checked:
    """Standard output whose errors say what they are: any other ``OSError`` is the command's."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As the stream does."""
        with self._errors():
            return self._stream.write(text)

    def flush(self) -> None:
        """As the stream does."""
        with self._errors():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            _discard(self._stream)
            if isinstance(error, BrokenPipeError):
                raise SystemExit(EXIT_NOT_READ) from None
            problem = f"cannot be written ({error.strerror})"
            raise UsageError("standard output", problem, "send it where there is room") from None


class _Dispensable(_Checked):
    """Standard error, which has remarks: that one is lost changes nothing of what a command has found."""

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            _discard(self._stream)


@contextmanager
def checked_output() -> Iterator[None]:
    """For a command: what it has printed is written when this ends, or an error says that it is not.

    Raises:
        UsageError: standard output cannot be written.
        SystemExit: whoever read it has gone, as ``head`` does. Nobody is told, and the status is that of
            a program which SIGPIPE has ended.
    """
    _open_closed()
    out, err = sys.stdout, sys.stderr
    checked, dispensable = _Checked(out), _Dispensable(err)
    sys.stdout, sys.stderr = cast(TextIO, checked), cast(TextIO, dispensable)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
        dispensable.flush()
        checked.flush()


def _open_closed() -> None:
    """In place of a stream that was closed before the program began (``>&-``) one that goes nowhere.

    Whoever closes it wants no words, and has the exit status.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _discard(stream: TextIO) -> None:
    """What the stream still has goes nowhere: the interpreter would try it again, and fail, at its end."""
    with suppress(OSError):  # One that is no file, as in a test.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
