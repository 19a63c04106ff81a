"""Captures of real clients with their verdicts, which were written by hand from what their servers did."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from tests.unit.report.story_told.stories import read

CAPTURES: Final = sorted((PROJECT / "tests" / "captures").rglob("*.pcap"))


def verdicts(path: Path) -> dict[str, list[str]]:
    """The diagnoses that stand beside a capture, by the client's MAC address; by none for its only client."""
    why = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))["why"]
    return dict(why) if isinstance(why, dict) else {"": why}


def diagnosed(path: Path) -> dict[str, tuple[Diagnosis, ...]]:
    """Those that are made, in the same way."""
    found = {str(story.mac): story.diagnoses for story in read(read_pcap(path)).stories}
    return {"": next(iter(found.values()))} if len(found) == 1 and "" in verdicts(path) else found
