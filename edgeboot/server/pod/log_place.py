"""Up to where a container's log was read, by the times that the API has for its lines."""

from __future__ import annotations

from datetime import datetime


class LogPlace:
    """Tells the lines that were read from those behind them, when the log is followed again.

    By their times and not by their number: a kubelet that has rotated the log begins with a new file.
    """

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._of_last = 0
        """How many lines of that time were read: the API's nanoseconds are microseconds here."""
        self._again = 0
        self._behind = True
        """From there on a line is new whatever its time is: a node's clock may be set back."""
        self._words: set[str] = set()

    def begin(self) -> None:
        """The log is followed again: by its lines that were read, as far as the kubelet has them."""
        self._again, self._behind = 0, self._last is None

    def new(self, line: str) -> str | None:
        """The text of a line, as the API has it with ``timestamps``; None where it was read before."""
        moment, _, text = line.partition(" ")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:  # The kubelet's own words, such as why it has no log; not the container's.
            repeated = line in self._words
            self._words.add(line)
            return None if repeated else line
        return text if self._is_new(at) else None

    def _is_new(self, at: datetime) -> bool:
        if self._last is not None and not self._behind and at <= self._last:
            self._again += at == self._last
            self._behind = self._again == self._of_last
            return False
        self._behind = True
        self._of_last = self._of_last + 1 if at == self._last else 1
        self._last = at
        return True
