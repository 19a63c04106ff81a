"""tools/firmware, where apt does not give it what it asks for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT

_APT: Final = """#!/bin/sh
echo "$1" >>"$ASKED"
[ "$1" = update ]
"""
"""An apt-get that knows no package, whatever its lists are."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """With that apt-get first on PATH, for root and by sudo."""
    for name, content in {"apt-get": _APT, "sudo": '#!/bin/sh\n[ "$1" = -n ] || "$@"\n'}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    asked = {"ASKED": str(tmp_path / "asked"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return {**os.environ, **asked, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_package_that_cannot_be_downloaded_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    """Apt's lists are updated, it is tried once more, and nothing half made is left in the cache."""
    tool = [str(PROJECT / "tools" / "firmware"), "ovmf"]
    run = subprocess.run(tool, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "the firmware of package ovmf cannot be taken" in run.stderr
    assert (tmp_path / "asked").read_text(encoding="utf-8").split() == ["download", "update", "download"]
    assert not list((tmp_path / "cache" / "edgeboot" / "firmware").iterdir())
