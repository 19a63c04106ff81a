"""What the kernel's table of neighbours shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.host import neighbour_table
from edgeboot.host.neighbour_table import NeighbourTable

STATISTICS = """entries  allocs   table_fulls
000003ff 0000001d 0000000a
000003ff 0000003d 00000010
"""


@pytest.fixture
def statistics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of statistics, beside one with the limit."""
    file, limit = tmp_path / "arp_cache", tmp_path / "gc_thresh3"
    limit.write_text("1024\n", encoding="ascii")
    monkeypatch.setattr(neighbour_table, "_STATISTICS", file)
    monkeypatch.setattr(neighbour_table, "LIMIT", limit)
    return file


def test_each_processor_counts_for_itself(statistics: Path) -> None:
    """In hexadecimal."""
    statistics.write_text(STATISTICS, encoding="ascii")
    assert NeighbourTable.now() == NeighbourTable(refused=26, limit=1024)


@pytest.mark.parametrize("text", [None, "", "entries allocs\n00 00\n"], ids=["absent", "empty", "older"])
def test_what_a_kernel_does_not_show_is_not_known(statistics: Path, text: str | None) -> None:
    """In a container it may be absent; before Linux 4.14 it has no such column."""
    if text is not None:
        statistics.write_text(text, encoding="ascii")
    assert NeighbourTable.now() is None
