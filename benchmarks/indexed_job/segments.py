"""The segments' file, and the two programs that a site starts with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from tests.control_plane.plane import ControlPlane

ON_A_NODE: Final = 200
"""Segments of a node: one VLAN each, of a machine that they all lead to."""
_ROW: Final = """
[[segment]]
name = "segment-{0:05}"
interface = "vlan{0}"
profile = "poc-fixed"
nodes = {{"kubernetes.io/hostname" = "{1}"}}
"""


def node(index: int) -> str:
    """The node that is on the segment of this index."""
    return f"node-{index // ON_A_NODE}"


def rendered(directory: Path, segments: int, parallelism: int) -> str:
    """What ``edgeboot segments render`` prints of so many segments."""
    file = directory / "segments.toml"
    rows = "".join(_ROW.format(index, node(index)) for index in range(segments))
    file.write_text(f"[job]\nparallelism = {parallelism}\n{rows}", encoding="utf-8")
    command = (*_SEGMENTS, "render", str(file))
    return subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def placing(plane: ControlPlane, namespace: str) -> Iterator[int]:
    """The process id of ``edgeboot segments place``, which ends with this process, however that ends."""
    place = ("place", f"--kubeconfig={plane.kubeconfig}", f"--namespace={namespace}")
    with (plane.directory / "place.log").open("wb") as log:
        command = ("setpriv", "--pdeathsig=KILL", *_SEGMENTS, *place)
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


_SEGMENTS: Final = (sys.executable, "-m", "edgeboot.cli.main", "segments")
