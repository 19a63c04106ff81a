"""Which versions of clients were asked, as the pages of these runs say it too."""

from __future__ import annotations

import re
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.clients.versions import VERSIONS, version_asked, with_versions

_ROW: Final = re.compile(r"^\| (\S+) \| \S+ (\S+) \| (\d+) \| (\d+) \| [\d.]+ \|", re.MULTILINE)
"""Of a page's table: client, version of its package, rows, and how many agree."""
PAGES: Final = [PROJECT / "docs" / name for name in ("firmware.md", "firmware-releases.md")]
ASKED: Final = [
    row for page in PAGES for row in _ROW.findall(page.read_text(encoding="utf-8")) if row[0] in CLIENTS
]


@pytest.mark.parametrize("client,version,rows,agree", ASKED)
def test_version_is_in_the_table_if_it_did_in_every_row_what_is_said_of_it(
    client: str, version: str, rows: str, agree: str
) -> None:
    """What a page says of a version, the doctor says too."""
    assert (version_asked(client, version) is not None) == (rows == agree)


def test_no_version_is_in_the_table_that_no_page_has() -> None:
    """It would be said to have been asked."""
    named = {(client, version) for client, versions in VERSIONS.items() for version in versions}
    assert named <= {(client, version) for client, version, *_ in ASKED}


def test_later_ipxe_reads_classless_routes() -> None:
    """It asks for 121, and then ignores the router: the answer to the one of the table shows neither."""
    [*_, latest] = with_versions(CLIENTS["ipxe-bios"])
    assert str(latest) == "ipxe-bios 2.0.0+dfsg-5"
    assert set(latest.parameters or ()) - set(CLIENTS["ipxe-bios"].parameters or ()) == {42, 121}
    assert with_versions(CLIENTS["edk2-pxe-x86-64"]) == (CLIENTS["edk2-pxe-x86-64"],)


def test_version_is_of_its_client() -> None:
    """It differs in what it sends, not in its name."""
    assert all(each.name == client for client in VERSIONS for each in VERSIONS[client].values())
    assert version_asked("edk2-pxe-x86-64", "1-1") is None
    assert set(VERSIONS) <= set(CLIENTS)
