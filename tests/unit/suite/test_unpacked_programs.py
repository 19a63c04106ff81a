"""tools/unpacked-programs: a program is found wherever a release's package has it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT

_APT: Final = "[ $1 != download ] || touch client_1.2_all.deb"
_DPKG: Final = """[ $1 = --field ] && echo 1.2 && exit
mkdir -p "$3/$PLACE"
printf '#!/bin/sh\\necho it runs\\n' >"$3/$PLACE/client"
chmod 755 "$3/$PLACE/client"
"""


@pytest.mark.parametrize("place", ["sbin", "usr/sbin"])
def test_program_is_found_with_and_without_a_merged_usr(tmp_path: Path, place: str) -> None:
    """A release with a merged /usr may have all below it."""
    for name, content in {"apt-get": _APT, "dpkg-deb": _DPKG}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{content}", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    environment = {**os.environ, "PLACE": place, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    tool = [str(PROJECT / "tools" / "unpacked-programs"), "clients", "client:sbin/client:client"]
    subprocess.run(tool, env=environment, check=True, capture_output=True)
    program = tmp_path / "cache" / "edgeboot" / "clients" / "client" / "program"
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "it runs\n"
