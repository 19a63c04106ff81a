"""Faults by a second server that answers later than the one under test, or from its own host."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import SegmentInjection, added_lines
from tests.faults.fault import Fault

_WHO: Final = "test_who_answers.py"
_NEW: Final = f"{_WHO}::test_exactly_the_expected_servers_answer_a_new_node"

TWO_SERVERS: Final = (
    Fault(
        "slower second server",
        "the server does no ping check, and a second DHCP server looks for 3 s whether the address is free",
        "nodes boot as they should, until the server is busy or down for a moment",
        (added_lines("no-ping"), SegmentInjection("second server that pings")),
        {
            f"{_WHO}::test_no_slower_server_answers": r"a rogue server answers: 192\.168\.99\.66 \(52:54:00:66:66:66\) "
            r"sends DHCPOFFER .*likely cause: 192\.168\.99\.66 \(52:54:00:66:66:66\) answers, too: a virtual machine"
        },
        files=(_WHO,),
    ),
    Fault(
        "second process at the server's own address",
        "a second dnsmasq with another boot file runs on the server's host",
        "some nodes load another file than others",
        (added_lines("no-ping"), SegmentInjection("second process")),
        {
            _NEW: r"a rogue server answers: 192\.168\.99\.10 \(52:54:00:12:34:56\) .*second server on the "
            r"Orchestrator's node: another Pod"
        },
        (f"{_WHO}::*",),
        files=(_WHO,),
    ),
)
