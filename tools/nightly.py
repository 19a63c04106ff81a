"""The run of ``tox -e nightly``: installs what it needs, then becomes pytest on the suite.

It needs nothing but Python and pip. Until the suite has a verdict, the result file has none: what
an earlier night left there is replaced first, and an installation that fails has status 3, as a lab
that could not come up.

usage: python tools/nightly.py [PYTEST-ARGUMENT ...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

PROJECT: Final = Path(__file__).resolve().parents[1]
LAB_BROKEN: Final = 3
USAGE: Final = 4
_PIP: Final = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
INSTALLATIONS: Final = (
    (*_PIP, "--require-hashes", "-r", str(PROJECT / "requirements.lock")),
    # libvirt-python is compiled, against the machine's libvirt.
    (*_PIP, "--require-hashes", "-r", str(PROJECT / "requirements-kind.lock")),
    (*_PIP, "--no-deps", "--no-build-isolation", "-e", str(PROJECT)),
)
_HINT: Final = "what compiling needs of this machine: tools/system-packages kind"


def main(arguments: Sequence[str]) -> int:
    """Run tonight's suite; returns only where it could not be started."""
    directory = Path(os.environ.get("EDGEBOOT_RESULTS") or "results")
    result, junit = directory / "result.json", directory / "junit.xml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        junit.unlink(missing_ok=True)
        result.write_text(no_verdict("running, or killed"), encoding="utf-8")
    except OSError as error:
        print(f"EDGEBOOT_RESULTS {directory}: cannot be written ({error.strerror})", file=sys.stderr)
        return USAGE
    for command in INSTALLATIONS:
        installed = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if installed.returncode:
            sys.stderr.write(installed.stderr)
            said = (installed.stderr.strip().splitlines() or ["nothing"])[-1]
            problem = f"{' '.join(command[2:4])} {Path(command[-1]).name}: failed, saying {said!r}; {_HINT}"
            text = no_verdict("lab could not come up", status=LAB_BROKEN, error=problem)
            result.write_text(text, encoding="utf-8")
            print(f"nightly: {problem}", file=sys.stderr)
            return LAB_BROKEN
    return become_pytest(result, junit, arguments)


def become_pytest(result: Path, junit: Path, arguments: Sequence[str]) -> NoReturn:
    """Signals and the exit status are pytest's own."""
    lab = os.environ.get("EDGEBOOT_LAB") or "orchestrator"
    files = (f"--junit-xml={junit}", f"--result={result}")
    command = (sys.executable, "-m", "pytest", "-m", "e2e", f"--lab={lab}", *files, *arguments)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def no_verdict(meaning: str, *, status: int | None = None, error: str | None = None) -> str:
    """A result without a test (edgeboot.report.result), by an interpreter that has no packages yet."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    subject = dict.fromkeys(("run", "lab", "lab_reason", "profile", "contract", "options"))
    segment = os.environ.get("EDGEBOOT_SEGMENT") or None
    counts = dict.fromkeys(("passed", "failed", "errors", "skipped", "known_defects", "not_run"), 0)
    fields: dict[str, object] = {
        "schema": 3,
        **subject,
        "segment": segment,
        "started": now,
        "ended": None if status is None else now,
        "status": status,
        "meaning": meaning,
        "server": None,
        "changed": None,
        "error": error,
        "counts": counts,
        "failures": [],
        "not_stated": [],
        "tests": [],
        "not_run": [],
        "triage": None,
        "advisories": [],
        "known_defects": [],
        "latencies": [],
        "storms": [],
        "provenance": None,
        "seen": None,
    }
    return json.dumps(fields, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
