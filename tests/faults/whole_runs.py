"""Faults of the whole server: one red test tells each, and what it makes vain is not run."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import FrameInjection, added_lines, config_change
from tests.faults.fault import Fault

_ANSWERED: Final = "test_promptness.py::test_new_node_is_answered_in_time"
_ROOM: Final = "test_addresses.py::test_pool_has_room_for_several_nodes"
_SIZE: Final = "test_boot_file.py::test_server_states_the_size_of_the_boot_file"

WHOLE_RUNS: Final = (
    Fault(
        "only known clients, in a whole run",
        "dhcp-ignore=tag:!known is set, without dhcp-host lines",
        "no new node is answered: one test says so, and hundreds are not run",
        (added_lines("dhcp-ignore=tag:!known"),),
        {_ANSWERED: r"said '.* ignored'; likely cause: .*\.conf:4 dhcp-ignore=tag:!known"},
        sampled=True,
    ),
    Fault(
        "replies 6 s late, in a whole run",
        "every reply is delayed by 6 s",
        "the suite would take an hour; it says after half a minute why",
        (added_lines("no-ping"), FrameInjection("replies delayed by 6 s")),
        {_ANSWERED: r"6\.\d+ s|0:00:06"},
    ),
    Fault(
        "pool of two, in a whole run",
        "dhcp-range ends at .101",
        "the third node gets no address",
        (config_change("192.168.99.200", "192.168.99.101"),),
        {_ROOM: r"no address available.*likely cause: pool exhausted: 2 of 2 leased"},
    ),
    Fault(
        "lease limit of one, in a whole run",
        "dhcp-lease-max=1",
        "the second node is refused while the pool is nearly empty",
        (added_lines("dhcp-lease-max=1"),),
        {_ROOM: r"DHCPNAK"},
    ),
    Fault(
        "silent boot server, in a whole run",
        "the boot server's port 69 is filtered",
        "nodes get an address, and wait for a file",
        (FrameInjection("TFTP: silent", "boot"),),
        {_SIZE: r"192\.168\.99\.40"},
    ),
)
