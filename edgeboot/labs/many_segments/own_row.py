"""The row of this Pod, by the completion index of its Job, and the command line that it stands for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from edgeboot.base.destination import writing
from edgeboot.base.errors import UsageError
from edgeboot.base.strict_model import read_text
from edgeboot.labs.many_segments.planned import PlannedRow, row_of_index

INDEX: Final = "JOB_COMPLETION_INDEX"
"""The variable by which a container of an Indexed Job knows its index."""
_BY_HAND: Final = "it is for a Pod of the Job that edgeboot segments render writes"


def own_row(directory: Path, environment: Mapping[str, str]) -> PlannedRow:
    """The row of this Pod.

    Args:
        directory: where the rows are mounted.
        environment: with the completion index.

    Raises:
        UsageError: this is no Pod of an Indexed Job, or its rows cannot be read or have no such index.
    """
    index = environment.get(INDEX, "")
    if not index.isdecimal():
        raise UsageError(INDEX, f"is no index, found {index!r}", _BY_HAND)
    files = {path.name: read_text(path, "--rows") for path in directory.glob("rows-*.jsonl")}
    try:
        row = row_of_index(files, int(index))
    except (ValueError, TypeError) as error:
        problem = f"its row cannot be read ({error})"
        raise UsageError(f"segment {index}", problem, "render it with the edgeboot of the image") from None
    if row is None:
        problem = f"the rows in {directory} have no such index"
        raise UsageError(f"segment {index}", problem, "render and apply segments.toml again")
    return row


def own_contract(row: PlannedRow, directory: Path, memory: Path) -> Path:
    """A copy of the row's contract under its own name.

    The name of the mounted file changes with what the contract states. Under it an edited contract would be
    another site: with metrics of its own, so that the last verdict on the old one stays in a Pushgateway, and
    alerts, for ever.

    Args:
        row: the segment.
        directory: where the rows and contracts are mounted.
        memory: where the copy is made.

    Raises:
        UsageError: it is not there, or cannot be written.
    """
    text = read_text(directory / row.contract, f"segment {row.name}: contract {row.contract_name}")
    path = memory / "contract" / f"{row.contract_name}.toml"
    with writing(path, "--memory"):
        path.write_text(text, encoding="utf-8")
    return path


def verify_arguments(row: PlannedRow, contract: Path, volume: Path, last_words: Path) -> list[str]:
    """The arguments of ``edgeboot verify`` for a row.

    Args:
        row: the segment.
        contract: its file.
        volume: for evidence and results, a directory each for the segment.
        last_words: the file of the container's termination message.
    """
    return [*_arguments(row, contract, volume, last_words), *row.arguments]


def _arguments(row: PlannedRow, contract: Path, volume: Path, last_words: Path) -> Iterator[str]:
    yield "--lab=orchestrator"
    yield f"--segment={row.name}"
    yield f"--interface={row.interface}"
    yield f"--profile={row.profile}"
    yield f"--contract={contract}"
    yield f"--evidence={volume / 'evidence' / row.name}"
    yield f"--result={volume / 'results' / f'{row.name}.json'}"
    yield f"--termination-message={last_words}"
    yield f"--lease=edgeboot-{row.name}"


def kubeconfig_file(kubeconfig: bytes, directory: Path) -> Path:
    """The kubeconfig as a file that only this user reads.

    Its name is the same each time: the journal of a killed run names it, too.

    Raises:
        UsageError: it cannot be written.
    """
    path = directory / "edgeboot-kubeconfig"
    with writing(path, "--memory"):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(kubeconfig)
    return path
