"""Reserved machines that do not get what is reserved for them, and servers where all do."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines
from tests.faults.fault import Fault

_FILE: Final = "test_reservations.py"
_GETS: Final = f"{_FILE}::test_reserved_machine_gets_what_is_reserved_for_it"
_KEPT: Final = f"{_FILE}::test_reserved_address_is_given_to_no_other_machine"
_ADDRESS_AND_NAME: Final = ContractTerms("""
[[reservations]]
mac = "02:de:ad:00:00:01"
address = "192.168.99.21"
name = "node-a"
""")
_IN_THE_POOL: Final = ContractTerms("""
[[reservations]]
client_id = "ff:12:34:56"
address = "192.168.99.150"
bootfile = "rescue.efi"

[[reservations]]
mac = "02:de:ad:00:00:02"
address = "192.168.99.200"
""")
_RESCUE: Final = (
    "dhcp-host=id:ff:12:34:56,set:rescue,192.168.99.150",
    "dhcp-boot=tag:rescue,rescue.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40",
)
_LAST: Final = "dhcp-host=02:de:ad:00:00:02,192.168.99.200"
_LINE: Final = r"likely cause: \S+\.conf:\d+ dhcp-host="

RESERVATION_FAULTS: Final = (
    Fault(
        "wrong reserved address",
        "dhcp-host gives the machine .23, which the contract reserves .21 for",
        "what was set up for the machine's address reaches nobody",
        (_ADDRESS_AND_NAME, added_lines("dhcp-host=02:de:ad:00:00:01,node-a,192.168.99.23")),
        {_GETS: rf"address: expected 192\.168\.99\.21, received 192\.168\.99\.23 from .*{_LINE}02:de:ad"},
        files=(_FILE,),
    ),
    Fault(
        "wrong reserved name",
        "dhcp-host names the machine node-b",
        "the machine joins the cluster under another's name",
        (_ADDRESS_AND_NAME, added_lines("dhcp-host=02:de:ad:00:00:01,node-b,192.168.99.21")),
        {_GETS: rf"name: expected node-a, received node-b from .*{_LINE}02:de:ad"},
        files=(_FILE,),
    ),
    Fault(
        "no boot file of its own",
        "dhcp-host of the machine sets no tag for its boot file",
        "the machine boots what all others boot",
        (_IN_THE_POOL, added_lines("dhcp-host=id:ff:12:34:56,192.168.99.150", _LAST)),
        {_GETS: rf"bootfile: expected rescue\.efi, received signed_ipxe\.efi from .*{_LINE}id:ff:12"},
        files=(_FILE,),
    ),
    Fault(
        "reserved address free for all",
        "no dhcp-host line for a machine whose address is in the pool",
        "the machine finds its address in use",
        (_IN_THE_POOL, added_lines(*_RESCUE)),
        {
            _GETS: r"192\.168\.99\.200, received 192\.168\.99\.\d+ from .*has no dhcp-host line for 02:de:ad",
            _KEPT: r"offers 192\.168\.99\.200, which is reserved for 02:de:ad:00:00:02",
        },
        files=(_FILE,),
    ),
)
GOOD_RESERVATIONS: Final = (
    Fault(
        "good reservations: outside the pool",
        "nothing",
        "nothing",
        (_ADDRESS_AND_NAME, added_lines("dhcp-host=02:de:ad:00:00:01,node-a,192.168.99.21")),
        files=(_FILE, "test_exhaustion.py", "test_addresses.py"),
    ),
    Fault(
        "good reservations: in the pool",
        "nothing",
        "nothing",
        (_IN_THE_POOL, added_lines(*_RESCUE, _LAST)),
    ),
)
"""Entries for the runner in which no test may fail."""
