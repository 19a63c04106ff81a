"""When a segment may be verified: a part of the day, in a time zone."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import Final, Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from edgeboot.base.strict_model import StrictModel

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY: Final = timedelta(days=1)


class Window(StrictModel):
    """A part of each day; one that ends before it begins lasts over midnight.

    Its length is that of the clock on the wall: in the night of a change to or from summer time it is an
    hour shorter or longer than the same window of other nights, and a run is ended after the usual time.
    """

    start: str = Field(alias="from")
    end: str = Field(alias="to")
    time_zone: str = "Etc/UTC"
    """Of the IANA time zone database."""

    @field_validator("start", "end")
    @classmethod
    def _time(cls, value: str) -> str:
        if not _TIME.fullmatch(value):
            raise ValueError(f"is no time of the day such as 22:30, found {value!r}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        known = _time_zones()
        if value == "Local" or (known and value not in known):
            raise ValueError(f"is no time zone such as Europe/Berlin, found {value!r}")
        return value

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.start == self.end:
            raise ValueError(f"begins and ends at {self.start}; leave the window out where any time is right")
        return self

    @property
    def length(self) -> timedelta:
        """From its beginning to its end, by the clock on the wall."""
        return (_since_midnight(self.end) - _since_midnight(self.start)) % _DAY

    @property
    def schedule(self) -> str:
        """Its beginning, as a CronJob has it."""
        hour, _, minute = self.start.partition(":")
        return f"{int(minute)} {int(hour)} * * *"

    def __str__(self) -> str:
        return f"{self.start}-{self.end} {self.time_zone}"


@cache
def _time_zones() -> frozenset[str]:
    """Read once, since it is a whole tree of files; empty where the machine has no time zone database."""
    return frozenset(available_timezones())


def _since_midnight(text: str) -> timedelta:
    hour, _, minute = text.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))
