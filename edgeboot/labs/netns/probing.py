"""Makes a container's probes by their schedule, as the kubelet's probe workers do.

Source: Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", and the
kubelet's ``prober/worker.go``: attempts come every ``periodSeconds`` from the container's start,
none before ``initialDelaySeconds``; a startup probe goes before the others and ends with its
success; thresholds count attempts in a row.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Final

from edgeboot.spec.manifests.probes import Probe, ProbeKind

RELIST: Final = timedelta(seconds=1)
"""How often the kubelet looks which containers run; a new container's first attempt comes after it."""
Attempt = Callable[[], str | None]
"""Makes one attempt; None for a success, else what happened."""


@dataclass(frozen=True, slots=True)
class FailedProbe:
    """A probe that has failed as often in a row as its threshold says."""

    kind: ProbeKind
    probe: Probe
    last: str
    """What happened at the last attempt."""

    def __str__(self) -> str:
        times = self.probe.failure_threshold
        return f"{self.kind.value} failed {times} of {times} times: {self.probe.action}: {self.last}"


def attempt_now(kind: ProbeKind, probe: Probe, attempt: Attempt) -> FailedProbe | None:
    """The verdict by attempts one after the other, without the pauses of the schedule."""
    for _ in range(probe.failure_threshold):
        last = attempt()
        if last is None:
            return None
    return FailedProbe(kind, probe, last or "")


class Probing:
    """The schedule of all probes of one container, a thread for each.

    Args:
        probes: by kind, each with what makes an attempt.
        started: when the container was started, on the monotonic clock.
        on_failure: called with a startup or liveness probe that has failed; its thread ends then.
    """

    def __init__(
        self,
        probes: dict[ProbeKind, tuple[Probe, Attempt]],
        started: float,
        on_failure: Callable[[FailedProbe], None],
    ) -> None:
        self._started = started + RELIST.total_seconds()
        self._on_failure = on_failure
        self._stop = Event()
        self._has_started = Event()
        if ProbeKind.STARTUP not in probes:
            self._has_started.set()
        self.not_ready: FailedProbe | None = None
        """The readiness probe, while it has failed."""
        self._threads = [
            Thread(target=self._run, args=(kind, *each), name=kind.value, daemon=True)
            for kind, each in probes.items()
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Make no further attempt; may be called from a probe's own thread."""
        self._stop.set()

    def _run(self, kind: ProbeKind, probe: Probe, attempt: Attempt) -> None:
        successes, failures = 0, 0
        tick = 0
        while not self._stop.wait(max(0.0, self._started + tick * probe.period_seconds - time.monotonic())):
            tick += 1
            too_early = time.monotonic() - self._started < probe.initial_delay_seconds
            if too_early or (kind is not ProbeKind.STARTUP and not self._has_started.is_set()):
                continue
            try:
                last = attempt()
            except OSError:
                if self._stop.is_set():
                    return  # The container is gone meanwhile.
                raise
            successes, failures = (successes + 1, 0) if last is None else (0, failures + 1)
            if successes >= probe.success_threshold:
                self.not_ready = None if kind is ProbeKind.READINESS else self.not_ready
                if kind is ProbeKind.STARTUP:
                    self._has_started.set()
                    return
            elif failures >= probe.failure_threshold and not self._stop.is_set():
                failed = FailedProbe(kind, probe, last or "")
                if kind is ProbeKind.READINESS:
                    self.not_ready = failed
                    continue
                self._on_failure(failed)
                return
