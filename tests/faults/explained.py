"""Holds ``edgeboot explain`` against the captures that a run of the catalogue has kept.

``python -m tests.faults.explained [NAME…]``: of each fault the cause must be told that the entry states, and
of a server that is right there is nothing to tell. Exit status 1 where that is not so.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

from edgeboot.labs.registry import PLAINEST
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.reading import clients_of
from edgeboot.report.capture_clients.reading import explained as stories_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.faults.catalogue import faults
from tests.faults.explained_page import write_table
from tests.faults.fault import Fault
from tests.faults.good_entries import GOOD_ENTRIES
from tests.faults.kept_captures import KeptCapture, kept_captures
from tests.faults.told import is_told, short, table, to_be_told

_CONTRACT: Final = "--contract="


@dataclass(frozen=True, slots=True)
class Explained:
    """What was told of an entry's captures."""

    name: str
    captures: int
    told: frozenset[tuple[str, str]]
    """Diagnoses, and fields of findings as the table has them, each with its sentence."""
    sentences: tuple[str, ...]
    """The same, each with its test and its client."""
    needed: frozenset[str]
    """One of these must be among them; nothing of an entry in which nothing is wrong."""

    @property
    def holds(self) -> bool:
        """Whether the cause was told; of an entry in which nothing is wrong, that nothing was."""
        return bool(self.of_cause) if self.needed else not self.told

    @property
    def words(self) -> frozenset[str]:
        """What was told, without the sentences."""
        return frozenset(word for word, _ in self.told)

    @property
    def of_cause(self) -> frozenset[str]:
        """What of that tells the cause."""
        return frozenset(
            word for word, said in self.told if any(is_told(each, word, said) for each in self.needed)
        )


def main(arguments: Sequence[str]) -> int:
    """Explain the captures of the named entries, or of all; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.explained", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the names of entries")
    parser.add_argument("--lab", default=PLAINEST)
    parser.add_argument("--page", action="store_true", help="write the table into docs/explain.md again")
    options = parser.parse_args(arguments)
    console = plain_console()
    chosen = [each.name for each in entries(options.lab) if _is_named(each, options.names)]
    with ProcessPoolExecutor() as pool:  # By their names: a cause may have a function that is not pickled.
        results = [each for each in pool.map(explained_by_name, chosen, repeat(options.lab)) if each.captures]
    for each in (result for result in results if not result.holds):
        needed = " or ".join(sorted(each.needed)) or "nothing"
        told = [f"{each.name}: {needed} should be told", *(f"    {line}" for line in each.sentences)]
        console.print("\n".join(told), soft_wrap=True, markup=False)
    broken = [each for each in results if each.needed]
    alarms = sum(not each.holds for each in results if not each.needed)
    console.print(f"{sum(each.holds for each in broken)}/{len(broken)} explained, {alarms} false alarms")
    if options.page and not options.names:
        console.print(f"written: {write_table(results, options.lab)}")
    return 0 if all(each.holds for each in results) else 1


def entries(lab: str) -> Iterator[Fault]:
    """The entries of a lab whose captures are judged."""
    yield from (each for each in faults(lab) if table().reason(each) is None)
    yield from (each for each in GOOD_ENTRIES if each.lab == lab)


def explained_by_name(name: str, lab: str) -> Explained:
    """The same of the entry with this name."""
    return explained(next(each for each in entries(lab) if each.name == name))


def explained(fault: Fault) -> Explained:
    """What is told of the captures of an entry, with its contract."""
    told: set[tuple[str, str]] = set()
    sentences: list[str] = []
    kept = kept_captures(fault)
    captures = [each for each in kept if not (fault.is_right and table().has_trouble(each.test))]
    contract = contract_of(fault)
    for each in captures:
        for story in _stories(each):
            for word, sentence in told_of(story, contract):
                if word in table().defects.get(fault.name, ()):
                    continue
                told.add((word, sentence))
                sentences.append(f"{each.test}: {story.mac} {word}: {sentence}")
    needed = frozenset() if fault.is_right else to_be_told(fault)
    return Explained(fault.name, len(captures), frozenset(told), tuple(sentences), needed)


def told_of(story: ClientStory, contract: Contract) -> Iterator[tuple[str, str]]:
    """Its diagnoses and the findings about its replies, each with its sentence."""
    yield from ((each.kind.value, each.sentence) for each in story.diagnoses)
    yield from ((short(each.field), str(each)) for each in judged(story, contract))


def _stories(capture: KeptCapture) -> Iterator[ClientStory]:
    clients, _ = clients_of(io.BytesIO(capture.octets))
    clients.until = max(clients.until, capture.until)
    yield from stories_of(clients)


def contract_of(fault: Fault) -> Contract:
    """The contract of its run."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-explained-") as directory:
        arguments = [*fault.options]
        for cause in fault.causes:
            arguments += cause.prepare(fault.profile, Path(directory)).arguments
        named = [each.removeprefix(_CONTRACT) for each in arguments if each.startswith(_CONTRACT)]
        return load_contract(Path(named[-1]) if named else contract_path(fault.profile))


def _is_named(fault: Fault, names: Iterable[str]) -> bool:
    return not names or any(name in fault.name for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
