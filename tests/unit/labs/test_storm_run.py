"""A storm in a lab that breaks."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import cast

import pytest

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.labs.protocol import Lab
from edgeboot.labs.storm_run import run_storm
from edgeboot.stress.storm.plan import StormPlan


def no_port(_mac: MacAddress, _bpf: str) -> AbstractContextManager[None]:
    """As on a machine without memory for the ring."""
    raise OSError(12, "Cannot allocate memory")


def test_a_port_that_fails_is_the_labs_failure() -> None:
    """One line, and no traceback."""
    lab = cast(Lab, SimpleNamespace(open_ring=no_port))
    told = re.escape("storm: its port on the segment failed ([Errno 12] Cannot allocate memory); ")
    with pytest.raises(LabError, match=told):
        run_storm(lab, "ab12cd", StormPlan())
