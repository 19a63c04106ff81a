"""Runs the suite against faults, several at once, each in a process with its own lab."""

from __future__ import annotations

import os
import secrets
import shutil
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
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.labs.clean import clean
from edgeboot.labs.registry import LABS
from tests.faults.fault import MALFORMED, Fault
from tests.faults.kept_captures import KEEP_PASSED, keep_captures
from tests.faults.outcome import FaultVerdict, Outcome, verdict
from tests.harness.suite import own_environment

LIMIT: Final = 300.0
"""Seconds until a run is stopped."""
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the journal names everything made there
"""dnsmasq syncs its lease file to disk with every lease: ten labs would wait for each other there."""
_EVIDENCE: Final = 1 << 30
"""Octets that the evidence of all runs may fill; docker gives a container 64 MiB of memory for files."""
RESULT: Final = "result.json"
_TIMED_OUT: Final = -1
_TESTS: Final = PROJECT / "tests" / "e2e"


@contextmanager
def work_directory() -> Iterator[Path]:
    """A directory for the files of faults, in memory if possible; removes what killed runners left."""
    clean()
    run = f"{secrets.token_hex(3)}-faults"
    in_memory = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > _EVIDENCE
    directory = (IN_MEMORY if in_memory else Path(tempfile.gettempdir())) / f"edgeboot-{run}"
    with Journal(run) as journal:
        journal.about_to_make(Directory(directory))
        directory.mkdir()
        yield directory


def run_all(faults: Iterable[Fault], jobs: int) -> Iterator[FaultVerdict]:
    """Run the faults with ``jobs`` at a time, the longest first; yields each verdict when its run ends."""
    in_order = sorted(faults, key=lambda fault: bool(fault.files))
    with ExitStack() as stack:
        directory = stack.enter_context(work_directory())
        cluster_options: tuple[str, ...] = ()
        if any(LABS[fault.lab].one_at_a_time for fault in in_order):
            # One cluster for all faults, one run at a time: the labs share this host's bridge.
            from tests.faults.shared_cluster import shared_cluster  # noqa: PLC0415 - needs the kind extras

            cluster_options, jobs = stack.enter_context(shared_cluster()), 1
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        stack.callback(
            pool.shutdown, cancel_futures=True
        )  # After an interrupt, runs that have not begun are cancelled.
        for run in as_completed(
            [pool.submit(run_against, fault, directory, cluster_options) for fault in in_order]
        ):
            yield run.result()


def run_against(fault: Fault, directory: Path, cluster_options: tuple[str, ...] = ()) -> FaultVerdict:
    """Run the tests that can detect the fault; its files are in a temporary directory below this one."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-fault-", dir=directory) as name:
        ended = outcome(fault, Path(name), cluster_options)
        keep_captures(fault, Path(name), Path(name, RESULT))
        return verdict(fault, ended)


def outcome(fault: Fault, directory: Path, cluster_options: tuple[str, ...]) -> Outcome:
    """Run the suite once with the fault in place."""
    result = directory / RESULT
    command = [
        *(sys.executable, "-m", "pytest", "-m", "e2e", f"--lab={fault.lab}", f"--profile={fault.profile}"),
        *("--numprocesses=0", f"--result={result}", f"--evidence={directory / 'evidence'}"),
    ]
    environment = own_environment() | {"TMPDIR": str(directory), "COLUMNS": "600"}
    for cause in fault.causes:
        setup = cause.prepare(fault.profile, directory)
        command += setup.arguments
        environment |= setup.environment
    command += [*cluster_options, *fault.options, *selected_files(fault)]
    command += (KEEP_PASSED,) if fault.is_right else ()
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
            status = _TIMED_OUT
        output.seek(0)
        return Outcome.read(status, result, output.read(), time.monotonic() - began)


def selected_files(fault: Fault) -> list[str]:
    """The test files that can detect the fault, as pytest arguments."""
    if fault.files:
        return [str(_TESTS / name) for name in fault.files]
    return [str(_TESTS), *(f"--ignore={_TESTS / name}" for name in MALFORMED)]
