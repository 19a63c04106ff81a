"""A pytest plugin that injects the fault named by environment variables into the embedded lab."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.protocol import Lab
from tests.faults.causes import FRAME_VARIABLE, SEGMENT_VARIABLE, SERVER
from tests.faults.interposed import interposed_at_host, interposed_at_server
from tests.faults.segment_injection import SEGMENT_INJECTIONS


@pytest.fixture(scope="session", autouse=True)
def fault(lab: Lab) -> Iterator[None]:
    """The frame and segment faults that the variables name; removed before the lab is."""
    assert isinstance(lab, NetnsLab), "frame and segment faults need the netns lab"
    with ExitStack() as stack:
        if FRAME_VARIABLE in os.environ:
            place, _, name = os.environ[FRAME_VARIABLE].partition(":")
            at_the_server = place == SERVER
            stack.enter_context(
                interposed_at_server(lab, name) if at_the_server else interposed_at_host(lab, place, name)
            )
        if SEGMENT_VARIABLE in os.environ:
            stack.enter_context(SEGMENT_INJECTIONS[os.environ[SEGMENT_VARIABLE]](lab))
        yield
