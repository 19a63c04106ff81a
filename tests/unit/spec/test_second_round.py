"""What iPXE boots in its second round, as contracts state it."""

from __future__ import annotations

import pytest

from edgeboot.spec.contract.second_round import script_url
from tests.unit.samples import CONTRACT

FIRMWARE = {"edk2-pxe-x86-64": "tftp://192.168.99.40/signed_ipxe.efi"}


@pytest.mark.parametrize(
    "ipxe, script",
    [
        ("http://192.168.99.40/boot.ipxe", "http://192.168.99.40/boot.ipxe"),
        (FIRMWARE["edk2-pxe-x86-64"], None),
        ("tftp://192.168.99.40/boot.ipxe", None),
        (None, None),
    ],
    ids=["script by HTTP", "itself", "script by TFTP", "not stated"],
)
def test_script_is_what_ipxe_boots_by_http_and_firmware_does_not(
    ipxe: str | None, script: str | None
) -> None:
    """iPXE that is sent the file of firmware loads itself."""
    boots = FIRMWARE | ({} if ipxe is None else {"ipxe-x86-64": ipxe})
    assert script_url(CONTRACT.model_copy(update={"boots": boots})) == script
