"""Build hook: what an editable install of this clone has beside the path to it; a wheel has none of it.

pytest looks for its configuration from the paths on its command line, and takes the FILE of
``pytest -m e2e --dhcp-config FILE`` for one of them, since it does not know the option yet. With a
FILE elsewhere it would never find this project. Nothing in the project can help there, for none of
it is loaded, and a plugin of the whole environment would be loaded in other people's projects, too.
So the environment's Python gets one line that looks, as it starts, for a pytest in this clone.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LINE = (
    "import os, sys; "
    "any('pytest' in each for each in sys.orig_argv[:3]) and os.path.exists('.') "
    "and os.path.join(os.getcwd(), '').startswith({clone!r}) "
    "and __import__('tools.joined_options', fromlist=['*']).join_command_line()\n"
)


class EditableBuildHook(BuildHookInterface[Any]):
    """Adds the line to an editable install, in a file that Python reads as it starts (site)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the build; ``version`` is "editable" or "standard"."""
        if version != "editable":
            return
        self._work = tempfile.TemporaryDirectory()  # Until this object ends, after the build.
        line = Path(self._work.name) / "edgeboot_clone.pth"
        line.write_text(_LINE.format(clone=f"{self.root}/"), encoding="utf-8")
        build_data["force_include_editable"] = {str(line): line.name}
