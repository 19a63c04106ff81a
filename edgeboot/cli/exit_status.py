"""The exit statuses of ``edgeboot``'s commands beside 0; ``edgeboot verify`` has pytest's and the suite's."""

from __future__ import annotations

from typing import Final

EXIT_FOUND_WANTING: Final = 1
EXIT_NOTHING_JUDGED: Final = 2
"""Of a capture that does not show how any client's boot ended."""
EXIT_LAB_BROKEN: Final = 3
EXIT_USAGE: Final = 4
EXIT_INTERRUPTED: Final = 130
EXIT_NOT_READ: Final = 141
"""As of a process that SIGPIPE has ended."""
