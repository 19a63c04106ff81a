"""The units of manifests/systemd, as systemd itself reads them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.environment import check_variables

pytestmark = pytest.mark.harness

UNITS: Final = MANIFESTS / "systemd"
SERVICE: Final = (UNITS / "edgeboot.service").read_text(encoding="utf-8")
INSTALLED: Final = "/opt/edgeboot/bin/edgeboot"
_WORST: Final = 2.5
"""Exposure by systemd-analyze, of 10 for a service without limits: 2.0 by systemd 252, and other versions
weigh other settings. Most of it is the host's network."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that this machine has in place of the installed one."""
    for path in (UNITS / "edgeboot.service", UNITS / "edgeboot.timer"):
        text = path.read_text(encoding="utf-8").replace(INSTALLED, "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return tmp_path


def systemd_analyze(*arguments: str | Path) -> str:
    """What it says, on either output; it must not fail."""
    command = ["systemd-analyze", "--no-pager", *map(str, arguments)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout + said.stderr


def settings(name: str) -> list[str]:
    """The values of a setting of the service, in their order."""
    return [line.partition("=")[2] for line in SERVICE.splitlines() if line.startswith(f"{name}=")]


def test_systemd_has_nothing_to_say_of_the_units(units: Path) -> None:
    """An unknown setting is a line of its words, and no error; the machine's own units may have some."""
    said = systemd_analyze("verify", units / "edgeboot.service", units / "edgeboot.timer")
    assert [line for line in said.splitlines() if "edgeboot" in line] == []


def test_service_is_as_closed_as_it_can_be(units: Path) -> None:
    """By systemd's own score."""
    said = systemd_analyze("security", "--offline=true", units / "edgeboot.service")
    [exposure] = re.findall(r"Overall exposure level for edgeboot.service: ([\d.]+)", said)
    assert float(exposure) <= _WORST, said


def test_service_has_two_rights_of_root() -> None:
    """Those that docs/operations.md names, whoever its user is."""
    rights = "CAP_NET_ADMIN CAP_NET_RAW"
    assert settings("AmbientCapabilities") == settings("CapabilityBoundingSet") == [rights]
    assert settings("User") == ["edgeboot"]


def test_a_verdict_is_not_tried_again() -> None:
    """3 is, and so is a killed run."""
    assert settings("RestartPreventExitStatus") == ["1 2 4 5"]
    assert settings("Restart") == ["on-failure"]


def test_every_option_is_one_of_the_suite_s() -> None:
    """Also those that the example leaves out."""
    text = (UNITS / "nightly.env").read_text(encoding="utf-8")
    options = re.findall(r"^#?(EDGEBOOT_\w+)=(.+)$", text, re.MULTILINE)
    options += re.findall(r"(EDGEBOOT_\w+)=(\S+)", " ".join(settings("Environment")))
    assert len(options) > 8
    check_variables(dict(options))


def test_no_night_has_25_hours() -> None:
    """By which a run would seem to be missing."""
    timer = (UNITS / "edgeboot.timer").read_text(encoding="utf-8")
    [calendar] = re.findall(r"^OnCalendar=(.+)$", timer, re.MULTILINE)
    assert f"Normalized form: {calendar}" in systemd_analyze("calendar", calendar)
    assert calendar.endswith(" UTC")
