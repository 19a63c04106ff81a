"""Configurations that were reported or published, tried on the suite: tests/faults/public.

``troubles.toml`` lists reports of troubles, ``good.toml`` configurations that work. Each names
the files beside it that show the same on the lab's segment, and where it is published.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field

from edgeboot.base.strict_model import StrictModel, read_toml, validated
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.faults.causes import ConfigFile, ContractFile, HostCondition, PodPatch, SegmentInjection
from tests.faults.fault import Cause, Fault

DIRECTORY: Final = Path(__file__).with_name("public")
_HINT: Final = "see tests/faults/public_cases.py for the fields of a case"


class Source(StrictModel):
    """Where a case was published: an address, its title, and its date (``2021-03-04``) if known."""

    url: str = Field(pattern=r"^https?://\S+$")
    title: str
    date: str = Field("", pattern=r"^(\d{4}(-\d\d){0,2})?$")


class Case(StrictModel):
    """What all cases have: files of tests/faults/public, and the conditions around the server."""

    name: str
    sources: tuple[Source, ...] = Field(min_length=1)
    config: str | None = None
    """A dnsmasq.conf; by default the profile's."""
    contract: str | None = None
    """A contract; by default the profile's."""
    pod: str | None = None
    """A patch of the Pod, in place of the one of poc-fixed."""
    host_condition: str | None = None
    """A key of host_condition.CONDITIONS."""
    segment: str | None = None
    """A key of segment_injection.SEGMENT_INJECTIONS."""
    profile: str = "poc-fixed"
    files: tuple[str, ...] = ()
    """The files of tests/e2e to run; by default all except the malformed messages'."""
    sampled: bool = False

    @property
    @abstractmethod
    def fault(self) -> Fault:
        """The entry for the runner."""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What makes a run of the suite meet this case."""
        return (
            *((ConfigFile(DIRECTORY / self.config),) if self.config else ()),
            *((ContractFile(DIRECTORY / self.contract),) if self.contract else ()),
            *((PodPatch(DIRECTORY / self.pod),) if self.pod else ()),
            *((HostCondition(self.host_condition),) if self.host_condition else ()),
            *((SegmentInjection(self.segment),) if self.segment else ()),
        )


class Trouble(Case):
    """A trouble that somebody reported; the fields are those of a Fault."""

    broken: str
    symptom: str
    caught_by: Mapping[str, str] = Field(default_factory=dict)
    also_failing: tuple[str, ...] = ()
    refusal: str | None = None
    options: tuple[str, ...] = ()

    @property
    def fault(self) -> Fault:
        """The entry of the catalogue."""
        return Fault(
            self.name,
            self.broken,
            self.symptom,
            self.causes,
            self.caught_by,
            self.also_failing,
            self.refusal,
            self.files,
            self.profile,
            options=self.options,
            sampled=self.sampled,
        )


class GoodConfiguration(Case):
    """A configuration that works, as somebody published it, with the contract of its site."""

    right: str
    """What it is, and what differs from other sites."""
    passes: int = Field(gt=0)
    """How many tests pass at least."""

    @property
    def fault(self) -> Fault:
        """The entry in which no test may fail."""
        return Fault(
            f"good configuration: {self.name}",
            "nothing",
            "nothing",
            self.causes,
            files=self.files,
            profile=self.profile,
            sampled=self.sampled,
            passes=self.passes,
        )

    def load_contract(self) -> Contract:
        """Its contract, read; raises UsageError."""
        return load_contract(DIRECTORY / self.contract if self.contract else contract_path(self.profile))


class _Troubles(StrictModel):
    trouble: tuple[Trouble, ...] = ()


class _GoodConfigurations(StrictModel):
    good: tuple[GoodConfiguration, ...] = ()


@cache
def troubles() -> tuple[Trouble, ...]:
    """The reported troubles, in the order of the file; raises UsageError."""
    path = DIRECTORY / "troubles.toml"
    return validated(_Troubles, read_toml(path, str(path)), path, _HINT).trouble


@cache
def good_configurations() -> tuple[GoodConfiguration, ...]:
    """The good configurations, in the order of the file; raises UsageError."""
    path = DIRECTORY / "good.toml"
    return validated(_GoodConfigurations, read_toml(path, str(path)), path, _HINT).good


PUBLIC: Final = tuple(each.fault for each in troubles())
"""The troubles as entries of the catalogue."""
GOOD_CONFIGURATION_ENTRIES: Final = tuple(each.fault for each in good_configurations())
"""Entries for the runner in which no test may fail."""
