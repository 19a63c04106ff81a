"""``edgeboot explain``: what it prints, and its exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED, EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap
from tests.unit.report.captured import who_has
from tests.unit.report.story_told.stories import BOOTED, GONE, MACHINES, offered, written
from tests.unit.samples import CONTRACT, promised

POC: Final = ["--contract", str(CONTRACTS / "poc.toml")]
OTHER: Final = MACHINES.parent / "several" / "x64a.pcap"
MAC: Final = "52:54:00:eb:00:01"


@pytest.mark.parametrize(
    "files, status",
    [([BOOTED], 0), ([GONE], EXIT_FOUND_WANTING), ([BOOTED, GONE], EXIT_FOUND_WANTING)],
    ids=["booted", "stopped", "both"],
)
def test_status_says_whether_the_clients_booted(files: list[Path], status: int) -> None:
    """One that did not boot is enough."""
    assert main(["explain", *map(str, files)]) == status


ASKED: Final = (*offered(promised(CONTRACT))[:1], who_has(1.0))
"""A client asks, and the capture ends a second later."""


@pytest.mark.parametrize(
    "frames, outcome, told, status",
    [
        (ASKED, "unknown", "1 of unknown end", EXIT_NOTHING_JUDGED),
        (read_pcap(GONE), "not_yet", "1 had not booted when the capture ended", EXIT_FOUND_WANTING),
    ],
    ids=["asked", "gone"],
)
def test_text_json_and_status_agree(
    frames: Sequence[Frame],
    outcome: str,
    told: str,
    status: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of a capture that ends before its client does."""
    file = str(written(tmp_path, frames))
    assert main(["explain", file]) == status
    assert told in capsys.readouterr().out
    assert main(["explain", "--json", file]) == status
    assert json.loads(capsys.readouterr().out)[0]["clients"][0]["outcome"] == outcome


def test_capture_without_a_client_is_nothing_to_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be wrong to say that all went well."""
    assert main(["explain", str(written(tmp_path, [who_has(0.0)]))]) == EXIT_NOTHING_JUDGED
    assert "no client asks by DHCP in it; 1 packet" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"a text, and no capture at all"])
def test_unusable_file_is_named(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not there, or is no capture."""
    file = tmp_path / "some.pcap"
    if content is not None:
        file.write_bytes(content)
    assert main(["explain", str(file)]) == EXIT_USAGE
    assert f"edgeboot: {file}: " in capsys.readouterr().err


def test_one_client_alone_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """A capture of a switch's port has many others."""
    assert main(["explain", "--client", MAC, str(GONE)]) == EXIT_FOUND_WANTING
    assert f"{MAC}, EDK2 (PXE), UEFI x86-64" in capsys.readouterr().out


def test_client_that_does_not_ask_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody has mistyped it: who asks is said."""
    assert main(["explain", "--client", "52:54:00:00:00:99", str(GONE)]) == EXIT_USAGE
    assert f"in it ask: {MAC}" in capsys.readouterr().err


def test_file_without_the_client_has_a_note(capsys: pytest.CaptureFixture[str]) -> None:
    """Of many captures the others are explained all the same."""
    assert main(["explain", "--client", MAC, str(OTHER), str(GONE)]) == EXIT_FOUND_WANTING
    told = capsys.readouterr().out
    assert f"note: {MAC} does not ask by DHCP in it" in told
    assert f"{MAC}, EDK2 (PXE), UEFI x86-64" in told


@pytest.mark.parametrize("kept", [GONE.read_bytes(), b"some text"], ids=["one of the captures", "a text"])
def test_report_does_not_overwrite_what_is_no_page(
    kept: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shell's star may name a capture behind --report."""
    file = tmp_path / "some.pcap"
    file.write_bytes(kept)
    assert main(["explain", "--report", str(file), str(GONE)]) == EXIT_USAGE
    assert file.read_bytes() == kept
    assert f"--report {file}: exists and is no page" in capsys.readouterr().err


def test_report_replaces_a_page(tmp_path: Path) -> None:
    """That of the last time; its directory is made."""
    page = tmp_path / "pages" / "boot.html"
    for file in (BOOTED, GONE):
        main(["explain", "--report", str(page), str(file)])
    assert "refused with status 404" in page.read_text(encoding="utf-8")


def test_standard_input_is_read_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The second time nothing would be in it."""
    assert main(["explain", "-", "-"]) == EXIT_USAGE
    assert "FILE -: is named twice" in capsys.readouterr().err


def test_standard_input_that_is_closed_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as a service manager leaves it."""
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["explain", "-"]) == EXIT_USAGE
    assert "standard input: is closed" in capsys.readouterr().err


def test_json_has_each_file_and_client(capsys: pytest.CaptureFixture[str]) -> None:
    """For a program that reads them."""
    main(["explain", "--json", str(BOOTED), str(GONE)])
    booted, gone = json.loads(capsys.readouterr().out)
    assert [booted["clients"][0]["outcome"], gone["clients"][0]["outcome"]] == ["booted", "not_yet"]
    assert booted["clients"][0]["rounds"][0]["downloads"][1]["sha256"].startswith("ce9967a0")
    assert gone["clients"][0]["diagnoses"][0]["sentence"] in gone["clients"][0]["headline"]


def test_good_replies_do_not_differ_from_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A capture of the server that the contract states."""
    main(["explain", *POC, str(written(tmp_path, offered(promised(CONTRACT))))])
    assert "not as the contract says" not in capsys.readouterr().out


def test_answer_to_a_request_sent_again_is_in_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Firmware asks again with the same xid where it has no use for an offer."""
    again = [replace(each, at=each.at + 8) for each in offered(promised(CONTRACT))]
    main(["explain", *POC, str(written(tmp_path, [*offered(promised(CONTRACT)), *again]))])
    assert "first_answer_time" not in capsys.readouterr().out


def test_reply_that_differs_from_the_contract_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the words of a run's finding, and its sender."""
    lease = option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4)
    good = promised(CONTRACT)
    others = [each for each in good.options if each.code != lease.code]
    wrong = replace(good, options=replace(good.options, entries=(*others, lease)))
    assert main(["explain", *POC, str(written(tmp_path, offered(wrong)))]) == EXIT_FOUND_WANTING
    said = "not as the contract says: lease_time: expected 12:00:00, received 1:00:00 from 192.168.99.10"
    assert said in capsys.readouterr().out
