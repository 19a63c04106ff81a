"""What a result, a failed test's report and the page have of a machine's boot."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.machine_boot.text import text
from edgeboot.report.page.material import Material
from edgeboot.report.page.render import page
from edgeboot.report.page.run_directory import keep_run
from edgeboot.report.seen import Seen
from edgeboot.report.verdict.verdict import verdict
from tests.unit.report.machine_boot.test_captured_boots import boot
from tests.unit.report.test_result import RESULT

STOPPED: Final = replace(boot("nobody"), mend="dnsmasq.conf:3 dhcp-boot=ipxe.efi,,192.168.99.41")
STARTED: Final = boot("started")


@pytest.mark.parametrize("record", [STOPPED, STARTED], ids=["stopped", "started"])
def test_record_comes_back_from_json(record: MachineBoot) -> None:
    """As the result has it."""
    assert MachineBoot.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_text_has_stages_reason_words_line_and_console() -> None:
    """Everything to act on."""
    told = text(STOPPED)
    assert re.search(r"boot file fetched +MISSING$", told, re.MULTILINE)
    for part in (
        "stopped after DHCPACK",
        "on the wire: nobody on the segment has the address 192.168.99.41",
        "firmware: PXE-E18: Server response timeout.: no usable offer, or",
        "to mend: dnsmasq.conf:3",
        "NBP filename is signed_ipxe.efi",
    ):
        assert part in told


def test_stage_that_nothing_could_show_is_told_so() -> None:
    """It is neither missing nor expected."""
    blind = replace(STOPPED, unseen=((BootStage.KERNEL, "nobody sees its console"),))
    assert MachineBoot.from_json(json.loads(json.dumps(blind.to_json()))) == blind
    assert re.search(
        r"kernel started +cannot be seen here: nobody sees its console$", text(blind), re.MULTILINE
    )


def test_page_has_a_section_of_the_machines(tmp_path: Path) -> None:
    """A stopped one is open, with its stages and the picture of its screen, where that was left."""
    pictured = replace(STOPPED, screenshot="screen-node-1.png")
    boots = tuple(pictured.placed_in(test) for test in ("a-test", "b-test", "c-test"))
    result = replace(RESULT, seen=Seen(boots=(*boots, STARTED)))
    keep_run(tmp_path, "run", result, verdict(result))
    for test in ("a-test", "b-test"):
        evidence = tmp_path / "run" / test
        evidence.mkdir()
        (evidence / "screen-node-1.png").write_bytes(test.encode())
    shown = page(Material.read(tmp_path / "run"))
    assert "What machines with real firmware did" in shown
    assert "no boot file fetched" in shown
    pictures = re.findall(r'<img src="([^"]+)"', shown)
    assert [base64.b64decode(each.partition(",")[2]) for each in pictures] == [b"a-test", b"b-test"]


def test_headline_of_a_boot_that_went_well_names_its_last_stage() -> None:
    """Nothing is missing."""
    assert STARTED.headline == f"node-1 reached {BootStage.STARTED.title}"
