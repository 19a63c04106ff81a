"""For how many nodes of a storm there are addresses, said before it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from edgeboot.cli import storm
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING
from edgeboot.cli.main import main
from tests.unit.cli.test_storm import RESULT

SMALL: Final = "interface=eth0\ndhcp-range=192.168.99.100,192.168.99.119,12h\n"


@pytest.fixture(autouse=True)
def _nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Storms are not made, and what others left is not removed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "400")  # A path is not broken in its middle.
    monkeypatch.setattr(storm, "one_storm", lambda *_: RESULT)


def noted(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said before the storm, which is made all the same."""
    assert main(["storm", *arguments]) == EXIT_FOUND_WANTING
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "arguments,needed",
    [
        (("--profile=poc", "--nodes=101"), None),
        (("--profile=poc", "--nodes=102"), "102 addresses, and"),
        (("--profile=scale", "--nodes=1000"), None),
        (("--profile=scale", "--nodes=1001"), "1001 addresses, and"),
        (
            ("--profile=poc", "--nodes=60", "--rounds=firmware,ipxe,system"),
            "120 addresses, 2 for each node in its rounds, and",
        ),
    ],
)
def test_more_nodes_than_the_contract_has_addresses_are_told(
    arguments: tuple[str, ...], needed: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be what is asked; machines of a list have addresses beside the pool."""
    said = noted(capsys, *arguments)
    words = f"the contract's pool has 101 addresses: the storm needs {needed} shows what becomes of the rest"
    assert ("addresses" in said) is (needed is not None)
    assert needed is None or words in said


@pytest.mark.parametrize(
    "config,nodes,told",
    [
        (SMALL, 21, True),
        (SMALL, 20, False),
        (f"{SMALL}dhcp-range=192.168.99.130,192.168.99.149,12h\n", 40, False),
        (f"{SMALL}dhcp-range=192.168.50.100,192.168.50.200,255.255.255.0,12h\n", 21, True),
        (f"{SMALL}conf-file=/etc/more.conf\n", 21, False),
    ],
    ids=["too few", "enough", "two ranges", "another network's", "a file that is not known"],
)
def test_pool_of_a_candidate_that_is_too_small_is_told(
    config: str, nodes: int, told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its line; what is not known is not said."""
    file = tmp_path / "candidate.conf"
    file.write_text(config, encoding="utf-8")
    said = noted(capsys, f"--dhcp-config={file}", f"--nodes={nodes}")
    told_line = "candidate.conf:2 dhcp-range=192.168.99.100,192.168.99.119,12h): the storm needs 21 addresses"
    assert ("the server's pool has 20 addresses (" in said) is told
    assert (told_line in said) is told
