"""From the start of a program to its first packet: in the image's container, and in this clone, in turn.

usage: python -m benchmarks.image_start      (make bench-image; as root, needs images/edgeboot/build.sh)

The bound is of processor time, which other work of this machine changes little.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

from edgeboot import __version__
from edgeboot.base.paths import PROJECT

ROUNDS: Final = 5
MOST: Final = 1.5
"""The container's processor time as a multiple of the clone's: its files are compiled beforehand."""
_PROGRAM: Final = (PROJECT / "tests" / "harness" / "first_packet.py").read_text(encoding="utf-8")
_RIGHTS: Final = ("--cap-drop=ALL", "--cap-add=NET_RAW", "--cap-add=NET_ADMIN", "--read-only", "--tmpfs=/tmp")
_MOUNT: Final = 'mount -t sysfs sysfs /sys && exec "$@"'
_OWN_NETWORK: Final = ("unshare", "--net", "--mount", "sh", "-c", _MOUNT, "sh")
_PYTHON: Final = ("--entrypoint=python3.11",)
_IMAGE: Final = f"localhost/edgeboot/edgeboot:{__version__}"
COMMANDS: Final = {
    "clone": (*_OWN_NETWORK, sys.executable, "-c", _PROGRAM),
    "image": ("docker", "run", "--rm", "--network=none", *_RIGHTS, *_PYTHON, _IMAGE, "-c", _PROGRAM),
}


def first_packet(command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds until it, and those of processor time."""
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path("/"))
    found = re.search(r"after ([\d.]+) s, ([\d.]+) s of processor", ran.stdout)
    assert found, ran.stdout
    return float(found[1]), float(found[2])


def main() -> int:
    """Measure and print; the exit status is 1 when the bound is exceeded."""
    rounds = [{name: first_packet(command) for name, command in COMMANDS.items()} for _ in range(ROUNDS)]
    medians = {
        name: [statistics.median(each[name][which] for each in rounds) for which in (0, 1)]
        for name in COMMANDS
    }
    for name, (seconds, processor) in medians.items():
        print(f"{name}: {seconds:.2f} s to the first packet, {processor:.2f} s of processor time")
    ratio = medians["image"][1] / medians["clone"][1]
    print(f"image to clone: {ratio:.2f} of the processor time (at most {MOST})")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
