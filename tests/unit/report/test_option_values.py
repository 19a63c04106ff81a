"""An option's octets as a person reads them."""

from __future__ import annotations

import pytest

from edgeboot.report.option_values import shown_option


@pytest.mark.parametrize(
    "code,data,shown",
    [
        (3, bytes.fromhex("c0a8630ac0a8630b"), "192.168.99.10, 192.168.99.11"),
        (3, b"\1\2\3", "hex:01 02 03"),
        (51, bytes.fromhex("0000a8c0"), "12:00:00"),
        (51, b"\1", "hex:01"),
        (26, bytes.fromhex("05aa"), "1450"),
        (53, b"\2", "DHCPOFFER"),
        (53, b"\x63", "hex:63"),
        (60, b"PXEClient", "PXEClient"),
        (67, b"a.efi\0", "a.efi"),
        (67, b"a\0b", "hex:61 00 62"),
        (67, b"\0", "hex:00"),
        (43, b"\x06\x01\x08\xff", "hex:06 01 08 ff"),
        (250, b"text", "hex:74 65 78 74"),
        (43, b"", "no data"),
        (43, b"\1" * 65, f"hex:{' '.join(['01'] * 64)} … (65 octets)"),
    ],
)
def test_data_is_shown_by_the_option_s_code(code: int, data: bytes, shown: str) -> None:
    """What has not that form is shown octet by octet, and nothing is left out unseen."""
    assert shown_option(code, data) == shown
