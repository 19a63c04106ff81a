"""Storms that a command began, in place of real ones."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from edgeboot.cli import storm
from edgeboot.labs.settings import Settings
from edgeboot.stress.storm.plan import StormPlan
from tests.unit.cli.test_storm import RESULT


@dataclass(frozen=True, slots=True)
class Begun:
    """One storm, as it was asked for."""

    settings: Settings
    plan: StormPlan


def record_storms(monkeypatch: pytest.MonkeyPatch) -> list[Begun]:
    """Let ``edgeboot storm`` send nothing; each storm that it begins stands in the list."""
    begun: list[Begun] = []

    def one_storm(settings: Settings, plan: StormPlan, _: object) -> object:
        begun.append(Begun(settings, plan))
        return RESULT

    monkeypatch.setattr(storm, "one_storm", one_storm)
    return begun
