"""Servers of known machines only: two ways that are right, and ways in which they are not."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, config_change
from tests.faults.fault import WHOLE, Cause, Fault

_UNKNOWN: Final = "test_unknown_machines.py"
_LEFT_ALONE: Final = f"{_UNKNOWN}::test_unknown_machine_is_left_alone"
_SELECTS: Final = f"{_UNKNOWN}::test_unknown_machine_does_not_get_an_address_that_it_selects"
_RESERVATIONS: Final = "test_reservations.py"
_GETS: Final = f"{_RESERVATIONS}::test_reserved_machine_gets_what_is_reserved_for_it"
_RANGE: Final = "dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h\n"
_STATIC: Final = "dhcp-range=192.168.99.0,static,255.255.255.0,12h\n"
_IGNORING: Final = f"{_RANGE}dhcp-ignore=tag:!known\n"
_MACHINES: Final = {1: ("node-a", 21), 2: ("node-b", 22), 3: ("node-c", 150)}
_BY_CLIENT_ID: Final = "dhcp-host=id:ff:12:34:56,192.168.99.151\n"


def _hosts(*numbers: int) -> str:
    return "".join(f"dhcp-host={_mac(number)},{_name(number)},{_address(number)}\n" for number in numbers)


def _mac(number: int) -> str:
    return f"02:de:ad:00:00:0{number}"


def _name(number: int) -> str:
    return _MACHINES[number][0]


def _address(number: int) -> str:
    return f"192.168.99.{_MACHINES[number][1]}"


def _contract(*numbers: int, before: str = "", more: str = "") -> ContractTerms:
    tables = "".join(
        f'[[reservations]]\nmac = "{_mac(each)}"\naddress = "{_address(each)}"\nname = "{_name(each)}"\n'
        for each in numbers
    )
    return ContractTerms(f"known_clients_only = true\n{before}{tables}{more}")


_THREE: Final = _contract(1, 2, 3)
_FOURTH: Final = '[[reservations]]\nclient_id = "ff:12:34:56"\naddress = "192.168.99.151"\n'


def _good(what: str, *causes: Cause, files: tuple[str, ...] = (), passes: int = 0) -> Fault:
    return Fault(
        f"good server of known machines: {what}", "nothing", "nothing", causes, files=files, passes=passes
    )


KNOWN_CLIENT_FAULTS: Final = (
    Fault(
        "unknown machines served",
        "dhcp-host lines and a range, and no dhcp-ignore=tag:!known",
        "any machine that is plugged in boots the site's system",
        (_THREE, config_change(_RANGE, _RANGE + _hosts(1, 2, 3))),
        {
            _LEFT_ALONE: r"nothing is reserved for, is served: expected no answer to DHCPDISCOVER, received "
            r"DHCPOFFER of 192\.168\.99\.\d+ from 192\.168\.99\.10.*likely cause: \S+\.conf:\d+ dhcp-range="
            r".*not static, and there is no dhcp-ignore=tag:!known",
        },
        files=(_UNKNOWN, _RESERVATIONS),
    ),
    Fault(
        "every machine of a vendor known",
        "dhcp-host with a wildcard makes machines known that nothing is reserved for",
        "other machines of that vendor are served, too",
        (_THREE, config_change(_RANGE, _IGNORING + _hosts(1, 2, 3) + "dhcp-host=02:eb:*:*:*:*,set:ours\n")),
        {
            _LEFT_ALONE: r"is served: expected no answer.*likely cause: \S+\.conf:\d+ "
            r"dhcp-host=02:eb:\*:\*:\*:\*,set:ours \(it names this machine, too\)",
        },
        files=(_UNKNOWN, _RESERVATIONS),
    ),
    Fault(
        "unknown PXE clients served",
        "dhcp-ignore asks for a tag that PXE clients do not have",
        "an unknown machine boots the site's system, though its own is left alone later",
        (
            _THREE,
            config_change(
                _RANGE,
                f"{_RANGE}dhcp-vendorclass=set:pxe,PXEClient\ndhcp-ignore=tag:!known,tag:!pxe\n"
                + _hosts(1, 2, 3),
            ),
        ),
        {_LEFT_ALONE: r"is served: expected no answer to DHCPDISCOVER"},
        files=(_UNKNOWN,),
    ),
    Fault(
        "known machine without its address",
        "dhcp-host of one machine has no address: it gets one of the range",
        "what was set up for the machine's address reaches nobody",
        (_THREE, config_change(_RANGE, _IGNORING + _hosts(1, 2) + f"dhcp-host={_mac(3)},{_name(3)}\n")),
        {
            _GETS: r"address: expected 192\.168\.99\.150, received 192\.168\.99\.\d+ from .*"
            r"dhcp-host=02:de:ad:00:00:03,node-c"
        },
        files=(_RESERVATIONS,),
    ),
    Fault(
        "known machine left alone",
        "no dhcp-host line for one of the machines that the contract has served",
        "one machine of the rack does not boot",
        (_THREE, config_change(_RANGE, _STATIC + _hosts(1, 2))),
        {_GETS: r"02:de:ad:00:00:03.*no address available|no address available.*02:de:ad:00:00:03"},
        (f"{_RESERVATIONS}::test_reserved_address_is_given_to_no_other_machine",),
        files=(_RESERVATIONS,),
    ),
)
GOOD_KNOWN_CLIENTS: Final = (
    _good("dhcp-ignore", _THREE, config_change(_RANGE, _IGNORING + _hosts(1, 2, 3)), files=WHOLE, passes=500),
    _good("static range", _THREE, config_change(_RANGE, _STATIC + _hosts(1, 2, 3)), passes=200),
    _good(
        "two machines, a client identifier, authoritative",
        _contract(1, 2, before="authoritative = true\n", more=_FOURTH),
        config_change(_RANGE, _IGNORING + _hosts(1, 2) + _BY_CLIENT_ID + "dhcp-authoritative\n"),
        passes=100,
    ),
)
"""Entries for the runner in which no test may fail."""
