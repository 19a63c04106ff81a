"""A terminal, or a pipe, that two write on: pytest its output, and this suite how far the run is."""

from __future__ import annotations

import os
import re
from threading import RLock
from typing import Any, Final, TextIO

from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from edgeboot.report.progress.line import live_line
from edgeboot.report.progress.progress import Moment
from edgeboot.report.values import plain_console

_ESCAPES: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\)")
"""Control sequences and operating system commands of a terminal (ECMA-48)."""
_COLUMNS: Final = 80
"""Of a terminal that does not say how wide it is."""
_ERASE: Final = Control((ControlType.CARRIAGE_RETURN,), (ControlType.ERASE_IN_LINE, 2))


class Screen:
    """Where a run is printed, with at most one line that is drawn anew; safe for several threads.

    It has a descriptor of its own, so that it is not captured with a test's output.

    Args:
        descriptor: of the terminal or pipe.
        colour: False for none, nor bold; otherwise the terminal decides.
    """

    def __init__(self, descriptor: int, *, colour: bool) -> None:
        self._file = os.fdopen(os.dup(descriptor), "w", encoding="utf-8", errors="replace")
        self._console = plain_console(
            file=self._file, force_terminal=True, color_system="auto" if colour else None, highlight=False
        )
        self._lock = RLock()
        self._is_drawn = False
        self._within_line = False

    def shared(self, file: TextIO) -> TextIO:
        """``file``, which prints to the same place, without that line among its output."""
        return _Shared(file, self)  # type: ignore[return-value]  # It is one but for its write.

    def draw(self, moment: Moment) -> None:
        """Draw the line anew; not within a line that somebody else has begun."""
        with self._lock:
            if self._within_line or self._file.closed:
                return
            self.erase()
            width = (os.get_terminal_size(self._file.fileno()).columns or _COLUMNS) - 1
            self._print(live_line(moment, width), width)
            self._is_drawn = True

    def erase(self) -> None:
        """Take the line away, until it is drawn again."""
        with self._lock:
            if self._is_drawn:
                self._console.control(_ERASE)
                self._is_drawn = False

    def say(self, text: str) -> None:
        """Print a line that stays."""
        with self._lock:
            if self._file.closed:
                return
            self.erase()
            self._file.write(f"\n{text}\n" if self._within_line else f"{text}\n")
            self._file.flush()
            self._within_line = False

    def close(self) -> None:
        """Leave it to the others."""
        with self._lock:
            self.erase()
            self._file.close()

    def passes(self, file: TextIO, text: str) -> int:
        """Somebody else prints ``text``."""
        with self._lock:
            self.erase()
            written = file.write(text)
            file.flush()
            plain = _ESCAPES.sub("", text)
            if plain:
                self._within_line = not plain.endswith("\n")
            return written

    def _print(self, text: Text, width: int) -> None:
        self._console.print(text, end="", no_wrap=True, crop=True, width=width, soft_wrap=False)
        self._file.flush()


class _Shared:
    """A text file that prints past the line of a ``Screen``."""

    def __init__(self, file: TextIO, screen: Screen) -> None:
        self._shared = file
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.passes(self._shared, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shared, name)
