"""The server's health: same instance, running, memory stable, no crash message in its log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from edgeboot.server.protocol import DhcpServer

GROWTH: Final = 1 << 20
"""Bytes by which the server may grow: its largest message has 64 kB, the kernel counts whole pages."""
_CRASH_PATTERNS: Final = re.compile(
    r"(?i)started, version|segfault|segmentation fault|sigsegv|sigabrt|\bassert|buffer overflow"
    r"|stack smashing|double free|corrupt|free\(\): |malloc\(\): |sanitizer|core dumped|\bpanic\b|traceback"
)
"""Log lines that a healthy server never writes after its start."""


@dataclass(slots=True)
class Health:
    """The state of the server at the first check, and how far its log has been read since."""

    server: DhcpServer
    instance: str
    resident_memory: int
    log_read: int

    @classmethod
    def of(cls, server: DhcpServer) -> Self:
        """The health of the server, with its current state as the reference."""
        return cls(server, server.instance, server.resident_memory, server.log.end)

    @property
    def liveness_problems(self) -> tuple[str, ...]:
        """A short text for each problem; only log lines new since the last check count."""
        problems: list[str] = []
        if not self.server.running:
            problems.append("the server has ended")
        elif self.server.instance != self.instance:
            problems.append(f"the server was restarted: was {self.instance}, is {self.server.instance}")
        lines = self.server.log.lines[self.log_read :]
        self.log_read += len(lines)
        problems += [
            f"the server logged {line.text.strip()!r}" for line in lines if _CRASH_PATTERNS.search(line.text)
        ]
        return tuple(problems)

    @property
    def growth(self) -> int:
        """Bytes by which its memory has grown since the first check, or the last reported growth."""
        return self.server.resident_memory - self.resident_memory

    @property
    def problems(self) -> tuple[str, ...]:
        """``liveness_problems``, and memory growth by more than ``GROWTH``, counted from the last report."""
        grown = self.growth
        if grown <= GROWTH:
            return self.liveness_problems
        self.resident_memory += grown
        return (*self.liveness_problems, f"the server holds {grown // 1024} kB more than before")

    @property
    def last_lines(self) -> str:
        """The last five lines of its log."""
        last = [line.text.strip() for line in self.server.log.lines[-5:]]
        return "\n".join(f"  {text}" for text in last) or "  (nothing at all)"
