"""Results of real clients that a run leaves for the next one: what was asked is not asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.firmware.comparison import Compared
from tests.firmware.offer import Row
from tests.firmware.page import Cost
from tests.firmware.results import Asked, read_results, result_of, with_result, write_results

AT = datetime(2026, 11, 28, 5, 28, tzinfo=UTC)


def asked(version: str, real: str = "nothing") -> Asked:
    """A client in this version that was asked one row."""
    told = Compared("u-boot-arm64", version, "67", real, real, ("secs is 1",), "2 DHCPDISCOVERs")
    return Asked(Cost("u-boot-arm64", version, 1, 0.5, AT), (told,), ("a row: not decided",))


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Every field: the page is made of them."""
    results = (asked("u-boot-qemu 2021.01"), asked("u-boot-qemu 2025.01"))
    write_results(tmp_path / "results.json", results)
    assert read_results(tmp_path / "results.json") == results


def test_first_run_has_no_results(tmp_path: Path) -> None:
    """Its file is made."""
    assert read_results(tmp_path / "results.json") == ()


@pytest.mark.parametrize(
    "version,rows,found",
    [("1", ("67",), True), ("2", ("67",), False), ("1", ("67", "header"), False)],
    ids=["asked", "another version", "another row"],
)
def test_client_that_was_asked_all_rows_is_not_asked_again(
    version: str, rows: tuple[str, ...], found: bool
) -> None:
    """A row that was not there then is asked, with all others of its client."""
    result = result_of((asked("1"),), "u-boot-arm64", version, map(Row, rows))
    assert (result is not None) is found


def test_client_that_is_asked_again_has_its_last_result() -> None:
    """In its place; another version of it stays."""
    old, other, new = asked("1"), asked("2"), asked("1", "tftp://192.168.99.40/o67.efi")
    assert with_result((old, other), new) == (new, other)
