"""A plugin for runs of the suite: the fault that the environment names, in place while the lab is up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.protocol import Lab
from tests.faults.causes import ON_THE_SEGMENT, ON_THE_WIRE, SERVER
from tests.faults.interposed import wire_at_the_host, wire_at_the_server
from tests.faults.segment_injection import SEGMENT


@pytest.fixture(scope="session", autouse=True)
def fault(lab: Lab) -> Iterator[None]:
    """What is named by the two variables; gone before the lab is."""
    assert isinstance(lab, NetnsLab), "wires and segments are changed in the netns lab alone"
    with ExitStack() as stack:
        if ON_THE_WIRE in os.environ:
            place, _, name = os.environ[ON_THE_WIRE].partition(":")
            at_the_server = place == SERVER
            stack.enter_context(
                wire_at_the_server(lab, name) if at_the_server else wire_at_the_host(lab, place, name)
            )
        if ON_THE_SEGMENT in os.environ:
            stack.enter_context(SEGMENT[os.environ[ON_THE_SEGMENT]](lab))
        yield
