"""Values in a report, as a person would write them."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address

import pytest

from edgeboot.report.values import shown_comparison, shown_value
from tests.unit.samples import BOOT_SERVER, CONTRACT, SERVER


@pytest.mark.parametrize(
    "value,text",
    [
        (None, "nothing"),
        ((), "nothing"),
        (timedelta(hours=12), "12:00:00"),
        (timedelta(seconds=2**32 - 1), "infinite"),
        (CONTRACT.pool, "192.168.99.100-192.168.99.200"),
        ((IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")), "10.0.0.1, 10.0.0.2"),
        ({67, 66}, "tftp-server-name (66), bootfile-name (67)"),
        (frozenset(), "none"),
        (frozenset({"68/UDP", "67/UDP"}), "67/UDP, 68/UDP"),
        ("a.efi", "a.efi"),
        (3, "3"),
    ],
)
def test_value_is_shown_as_a_person_would_write_it(value: object, text: str) -> None:
    """No Python in a report."""
    assert shown_value(value) == text


@pytest.mark.parametrize(
    "op,left,right,text",
    [
        ("==", SERVER, BOOT_SERVER, f"expected {BOOT_SERVER}, received {SERVER}"),
        ("!=", SERVER, SERVER, f"expected another than {SERVER}, received {SERVER}"),
        ("in", 3, {1, 2}, "3 is not in subnet-mask (1), time-offset (2)"),
        ("not in", "a", ("a", "b"), "a is in a, b"),
        ("==", "x" * 400, "", None),
        (">", 1, 2, None),
    ],
    ids=["equal", "different", "in", "not in", "too long", "order"],
)
def test_comparison_shows_what_was_expected_and_received(
    op: str, left: object, right: object, text: str | None
) -> None:
    """What would fill more than a line is left to pytest."""
    assert shown_comparison(op, left, right) == text
