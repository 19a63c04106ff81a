"""One ``edgeboot probe``: what it asks, how it shows the answers, and the frames of all its probes."""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console

from edgeboot.base.destination import writing
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.host.wire.port import FRAMES_KEPT
from edgeboot.node.probe import Probe, Probed, probe
from edgeboot.report.findings import Finding
from edgeboot.report.probe import ServerVerdict, as_objects, as_table, problems, together, verdicts
from edgeboot.report.probe_changes import changes
from edgeboot.report.probe_contract import differences
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.contract import Contract


@dataclass
class ProbeSession:
    """Probes once or until interrupted, and prints."""

    options: argparse.Namespace
    asked: Probe
    contract: Contract | None
    console: Console = field(default_factory=plain_console)
    notes: Console = field(default_factory=lambda: plain_console(stderr=True))
    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=FRAMES_KEPT))

    def ask(self) -> tuple[Probed, list[ServerVerdict], tuple[Finding, ...]]:
        """Probe once, and keep the frames."""
        probed = probe(self.options.interface, self.asked)
        answers = verdicts(probed.exchange, self.asked.client)
        found = differences(answers, probed.exchange, self.contract) if self.contract is not None else ()
        self.frames.extend(probed.frames)
        return probed, answers, found

    def once(self) -> int:
        """Probe once, print it, and write the frames; its exit status."""
        try:
            return self.show(*self.ask())
        finally:
            self._keep()

    def show(self, probed: Probed, answers: list[ServerVerdict], found: Sequence[Finding]) -> int:
        """Print a probe; its exit status."""
        wrong = problems(answers)
        if self.options.json:
            indent = None if self.options.watch else 2
            print(json.dumps(_objects(answers, found), indent=indent), flush=True)
        elif answers:
            self.console.print(as_table(answers, all_options=self.options.all_options))
        words = self.notes if self.options.json else self.console
        if len(answers) > 1:
            words.print(together(answers))
        for line in wrong if answers else ():
            words.print(f"problem: {line}")
        for finding in found:
            words.print(f"not as the contract says: {finding}")
        for line in probed.exchange.overheard:
            self.notes.print(f"note: no answer to this message: {line}")
        if not answers:
            self.notes.print(self._silence(probed))
        return EXIT_FOUND_WANTING if wrong or found else 0

    def watch(self) -> int:
        """Probe until interrupted: all of the first answers, then what changes; the last one's status."""
        probed, last, found = self.ask()
        status = self.show(probed, last, found)
        try:
            while True:
                self._keep()
                probed, answers, found = self.ask()
                changed = list(changes(last, answers))
                last, status = answers, EXIT_FOUND_WANTING if problems(answers) or found else 0
                if changed and self.options.json:
                    self.show(probed, answers, found)
                elif changed:
                    now = datetime.now().astimezone().strftime("%H:%M:%S")
                    for line in changed:
                        self.console.print(f"{now} {line}")
        except KeyboardInterrupt:
            return status

    def _keep(self) -> None:
        """Write the frames of all probes so far."""
        if self.options.pcap is not None:
            with writing(self.options.pcap, "--pcap"):
                write_pcap(self.options.pcap, self.frames)

    def _silence(self, probed: Probed) -> str:
        exchange = probed.exchange
        waited = f"{exchange.waited.total_seconds():.0f} s"
        text = f"nobody answered {exchange.summary} on {self.options.interface} within {waited}"
        if self.contract is not None and self.contract.known_clients_only and self.options.mac is None:
            text += "; the contract has known machines served only: ask as one with --mac"
        if self.asked.giaddr is None:
            return text
        return (
            f"{text}; an answer goes to {self.asked.giaddr}, and is seen here only if that is on this segment"
        )


def _objects(answers: Sequence[ServerVerdict], found: Sequence[Finding]) -> list[dict[str, Any]]:
    """The answers as JSON has them; each with what the contract says otherwise of it."""
    objects = as_objects(answers)
    for verdict, each in zip(answers, objects, strict=True):
        own = [finding for finding in found if finding.sender and str(finding.sender) == verdict.reply.sender]
        each["findings"] = [finding.to_json() for finding in own]
    return objects
