"""Runs the suite against faults, several at once, each in a process with a lab of its own."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.labs.registry import LABS
from edgeboot.machine.journal import Journal, Kind, Made, clean
from tests.faults.fault import MALFORMED, Fault
from tests.faults.outcome import FaultVerdict, Outcome, verdict
from tests.harness.suite import own_environment

LIMIT: Final = 300.0
"""Seconds for one run."""
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - what is made there is in the journal
"""dnsmasq syncs its book to the disk with every lease: ten labs at once wait for each other there."""
_HUNG: Final = -1
_TESTS: Final = PROJECT / "tests" / "e2e"


@contextmanager
def work_directory() -> Iterator[Path]:
    """A directory for what faults need, in memory if that can be had; what killed runners left goes."""
    clean()
    run = f"{secrets.token_hex(3)}-faults"
    memory = os.access(IN_MEMORY, os.W_OK)
    directory = (IN_MEMORY if memory else Path(tempfile.gettempdir())) / f"edgeboot-{run}"
    with Journal(run) as journal:
        journal.about_to_make(Made(Kind.DIRECTORY, str(directory)))
        directory.mkdir()
        yield directory


def run_all(faults: Iterable[Fault], jobs: int) -> Iterator[FaultVerdict]:
    """The verdicts, as they come; the runs that take longest begin first."""
    in_order = sorted(faults, key=lambda each: bool(each.files))
    with ExitStack() as stack:
        directory = stack.enter_context(work_directory())
        given: tuple[str, ...] = ()
        if any(LABS[each.lab].one_at_a_time for each in in_order):
            # One cluster for all of them, and one run at a time: its labs share this host's bridge.
            from tests.faults.shared_cluster import shared_cluster  # noqa: PLC0415 - needs that lab's packages

            given, jobs = stack.enter_context(shared_cluster()), 1
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        stack.callback(
            pool.shutdown, cancel_futures=True
        )  # Who interrupts waits for no run that has not begun.
        for each in as_completed([pool.submit(run_against, fault, directory, given) for fault in in_order]):
            yield each.result()


def run_against(fault: Fault, directory: Path, given: tuple[str, ...] = ()) -> FaultVerdict:
    """Run what can see the fault against it; what it needs is put into a directory below this one."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-fault-", dir=directory) as name:
        return verdict(fault, outcome(fault, Path(name), given))


def outcome(fault: Fault, directory: Path, given: tuple[str, ...]) -> Outcome:
    """One run of the suite with the fault in place; what it needs is in the directory."""
    junit = directory / "junit.xml"
    command = [
        *(sys.executable, "-m", "pytest", "-m", "e2e", f"--lab={fault.lab}", f"--profile={fault.profile}"),
        *("--numprocesses=0", f"--junitxml={junit}", f"--evidence={directory / 'evidence'}"),
    ]
    environment = own_environment() | {"TMPDIR": str(directory), "COLUMNS": "600"}
    for cause in fault.causes:
        setup = cause.prepare(fault.profile, directory)
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
    if fault.files:
        return [str(_TESTS / name) for name in fault.files]
    return [str(_TESTS), *(f"--ignore={_TESTS / name}" for name in MALFORMED)]
