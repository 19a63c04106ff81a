"""``edgeboot contract --interface`` at a port of a segment with real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.spec.contract.reading import load_contract
from tests.harness.probed_segment import ProbedSegment, probed_segment

pytestmark = pytest.mark.harness

_KNOWN: Final = "52:54:00:00:99:07"
CONFIG: Final = f"""port=0
bind-interfaces
interface=eth0
dhcp-range=192.168.99.100,192.168.99.109,12h
dhcp-option=option:router,192.168.99.1
dhcp-host={_KNOWN},192.168.99.21
dhcp-match=set:bios,option:client-arch,0
dhcp-match=set:ipxe,175
dhcp-boot=signed_ipxe.efi,,192.168.99.40
dhcp-boot=tag:bios,undionly.kpxe,,192.168.99.40
dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe
"""


@pytest.fixture
def segment(environment: dict[str, str]) -> Iterator[ProbedSegment]:
    """A segment without a server."""
    with probed_segment(environment) as segment:
        yield segment


def test_draft_says_what_each_client_would_boot(segment: ProbedSegment, tmp_path: Path) -> None:
    """It is a valid contract, with the file of each client by the offer to it."""
    segment.serve(CONFIG, "192.168.99.10/24")
    drafted, file = segment.draft(), tmp_path / "draft.toml"
    assert drafted.returncode == 0, drafted.stderr
    file.write_text(drafted.stdout, encoding="utf-8")
    contract = load_contract(file)
    assert str(contract.server_identifier) == "192.168.99.10"
    assert {name: contract.boots[name] for name in ("edk2-pxe-x86-64", "pxe-bios", "ipxe-x86-64")} == {
        "edk2-pxe-x86-64": "tftp://192.168.99.40/signed_ipxe.efi",
        "pxe-bios": "tftp://192.168.99.40/undionly.kpxe",
        "ipxe-x86-64": "http://192.168.99.40/boot.ipxe",
    }


def test_server_of_known_machines_is_asked_as_one(segment: ProbedSegment) -> None:
    """It answers no other: the error says what to do."""
    segment.serve(f"{CONFIG}dhcp-ignore=tag:!known\n", "192.168.99.10/24")
    unknown, known = segment.draft(), segment.draft("--mac", _KNOWN)
    assert "nobody offers an address there; " in unknown.stderr
    assert "--mac" in unknown.stderr
    assert 'pool = { first = "192.168.99.21"' in known.stdout, known.stderr
