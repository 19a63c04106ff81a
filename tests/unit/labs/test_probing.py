"""Probes by their schedule: thresholds count attempts in a row, and a startup probe goes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Final

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.labs.netns import probing
from edgeboot.labs.netns.probing import Attempt, FailedProbe, Probing, attempt_now
from edgeboot.spec.manifests.probes import Probe, ProbeKind

SECONDS: Final = Wait.SERVER_STOP.total_seconds()
REFUSED: Final = "connection to 192.168.99.10:53: Connection refused"


def probe(**fields: object) -> Probe:
    """A probe of port 53, every second."""
    return Probe.model_validate({"tcpSocket": {"port": 53}, "periodSeconds": 1, **fields})


def scripted(*outcomes: str | None) -> Attempt:
    """Attempts with these outcomes, the last one for ever."""
    left = list(outcomes)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


Run = Callable[..., list[FailedProbe]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Makes probes until one of them fails; the failures."""
    monkeypatch.setattr(probing, "RELIST", timedelta(0))
    made: list[Probing] = []

    def probed(**probes: tuple[Probe, Attempt]) -> list[FailedProbe]:
        failed, ended = [], Event()

        def note(failure: FailedProbe) -> None:
            failed.append(failure)
            ended.set()

        kinds = {ProbeKind(f"{name}Probe"): each for name, each in probes.items()}
        made.append(Probing(kinds, time.monotonic(), note))
        assert ended.wait(SECONDS)
        return failed

    yield probed
    for each in made:
        each.stop()


def test_probe_fails_after_as_many_attempts_as_its_threshold(run: Run) -> None:
    """A success in between starts the count anew."""
    attempts = scripted(REFUSED, None, REFUSED, REFUSED)
    [failed] = run(liveness=(probe(failureThreshold=2), attempts))
    assert str(failed) == f"livenessProbe failed 2 of 2 times: tcpSocket port 53: {REFUSED}"


def test_liveness_waits_for_the_startup_probe(run: Run) -> None:
    """Its attempts do not count before; the startup probe is made no more once it has succeeded."""
    made: list[ProbeKind] = []

    def noted(kind: ProbeKind, attempt: Attempt) -> Attempt:
        return lambda: (made.append(kind), attempt())[1]  # type: ignore[func-returns-value]

    startup = (probe(failureThreshold=3), noted(ProbeKind.STARTUP, scripted(REFUSED, None)))
    liveness = (probe(failureThreshold=1), noted(ProbeKind.LIVENESS, scripted(REFUSED)))
    assert [each.kind for each in run(startup=startup, liveness=liveness)] == [ProbeKind.LIVENESS]
    assert made == [ProbeKind.STARTUP, ProbeKind.STARTUP, ProbeKind.LIVENESS]


def test_readiness_ends_nothing(run: Run) -> None:
    """It is noted, and the other probe goes on."""
    readiness = (probe(failureThreshold=1), scripted(REFUSED))
    liveness = (probe(failureThreshold=2), scripted(REFUSED))
    assert [each.kind for each in run(readiness=readiness, liveness=liveness)] == [ProbeKind.LIVENESS]


@pytest.mark.parametrize(
    "outcomes,fails", [((None,), False), ((REFUSED, None), False), ((REFUSED, REFUSED), True)]
)
def test_probe_is_judged_without_its_pauses(outcomes: tuple[str | None, ...], fails: bool) -> None:
    """One success within the threshold is enough."""
    failed = attempt_now(ProbeKind.READINESS, probe(failureThreshold=2), scripted(*outcomes))
    assert (failed is not None) is fails


def test_defaults_are_those_of_the_api_server() -> None:
    """Kubernetes API reference, Probe."""
    own = Probe.model_validate({"exec": {"command": ["true"]}})
    assert (own.initial_delay_seconds, own.timeout_seconds, own.period_seconds) == (0, 1, 10)
    assert (own.success_threshold, own.failure_threshold) == (1, 3)
