"""Runs the suite against faults, several at once, each in a process with a lab of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from edgeboot.paths import PROJECT
from tests.faults.fault import MALFORMED, Fault
from tests.faults.outcome import Outcome, Verdict, verdict

LIMIT: Final = 300.0
"""Seconds for one run."""
KIND: Final = "kind"
IN_MEMORY: Final = next((each for each in ("/dev/shm",) if os.access(each, os.W_OK)), None)  # noqa: S108
"""dnsmasq syncs its book to the disk with every lease: ten labs at once wait for each other there."""
_HUNG: Final = -1
_TESTS: Final = PROJECT / "tests" / "e2e"


def run_all(faults: Iterable[Fault], jobs: int) -> Iterator[Verdict]:
    """The verdicts, as they come; the runs that take longest begin first."""
    in_order = sorted(faults, key=lambda each: bool(each.only))
    with ExitStack() as stack:
        given: tuple[str, ...] = ()
        if any(each.lab == KIND for each in in_order):
            # One cluster for all of them, and one run at a time: its labs share this host's bridge.
            from tests.faults.kept_cluster import kept_cluster  # noqa: PLC0415 - needs that lab's packages

            given, jobs = stack.enter_context(kept_cluster()), 1
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        for each in as_completed([pool.submit(meet, fault, given) for fault in in_order]):
            yield each.result()


def meet(fault: Fault, given: tuple[str, ...] = ()) -> Verdict:
    """Run what can see the fault against it."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-fault-", dir=IN_MEMORY) as name:
        return verdict(fault, outcome(fault, Path(name), given))


def outcome(fault: Fault, directory: Path, given: tuple[str, ...]) -> Outcome:
    """One run of the suite with the fault in place; what it needs is in the directory."""
    junit = directory / "junit.xml"
    command = [
        *(sys.executable, "-m", "pytest", "-m", "e2e", f"--lab={fault.lab}", f"--profile={fault.profile}"),
        *("--numprocesses=0", f"--junitxml={junit}", f"--evidence={directory / 'evidence'}"),
    ]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "EDGEBOOT_"))
    } | {"XDG_STATE_HOME": str(directory / "state"), "TMPDIR": str(directory), "COLUMNS": "600"}
    for cause in fault.causes:
        setup = cause.prepared(fault.profile, directory)
        command += setup.arguments
        environment |= setup.environment
    command += [*given, *fault.options, *chosen(fault)]
    began = time.monotonic()
    with (directory / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            status = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
            process.wait(LIMIT)
            status = _HUNG
        output.seek(0)
        return Outcome.read(status, junit, output.read(), time.monotonic() - began)


def chosen(fault: Fault) -> list[str]:
    """The files to run: those that can see the fault."""
    if fault.only:
        return [str(_TESTS / name) for name in fault.only]
    return [str(_TESTS), *(f"--ignore={_TESTS / name}" for name in MALFORMED)]
