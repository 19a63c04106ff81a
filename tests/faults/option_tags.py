"""Values of options that the wrong one of several dhcp-option lines gives, and servers that are right."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines
from tests.faults.fault import Cause, Fault

_FILE: Final = "test_options.py"
_OFFERED: Final = f"{_FILE}::test_client_is_offered_the_stated_value_of_each_option_it_asks_for"
_ACKNOWLEDGED: Final = f"{_FILE}::test_node_that_asks_for_every_stated_option_is_acknowledged_with_each_value"
_OWN: Final = f"{_FILE}::test_client_with_options_of_its_own_is_acknowledged_with_them"
_TIMES: Final = "test_lease_time.py::test_reply_states_the_times_of_the_lease"
_TAGS: Final = (
    "dhcp-vendorclass=set:windows,MSFT",
    "dhcp-match=set:efi,option:client-arch,7",
    "dhcp-mac=set:ours,02:eb:*:*:*:*",
    "tag-if=set:system,tag:!efi,tag:ours",
)
"""Each machine of the suite has tag ours, EDK2 on x86-64 has efi, Windows has windows and system."""


def _stating(*terms: str) -> ContractTerms:
    return ContractTerms("\n".join(("[options]", "allowed = [1, 3, 28, 51, 53, 54, 58, 59, 66, 67]", *terms)))


def _fault(
    name: str, broken: str, symptom: str, terms: str, lines: tuple[str, ...], says: str, caught_by: str
) -> Fault:
    causes = (_stating(*terms.splitlines()), added_lines(*_TAGS, *lines))
    return Fault(name, broken, symptom, causes, {caught_by: says}, (f"{_FILE}::*",), files=(_FILE,))


_MTU: Final = "mtu = 1450"
_FOR_WINDOWS: Final = "[options.for.windows]"

OPTION_TAG_FAULTS: Final = (
    _fault(
        "option stated twice",
        "dhcp-option=26 stands there twice, and the last one counts",
        "large packets are lost in the site's tunnel",
        _MTU,
        ("dhcp-option=26,1450", "dhcp-option=option:mtu,1500"),
        r"expected 1450, received 1500 .*likely cause: \S+:\d+ dhcp-option=option:mtu,1500 \(the client's "
        r"tags are .*line \d+ \(no tag\) applies too, but of several the last one counts\)$",
        _ACKNOWLEDGED,
    ),
    _fault(
        "forced option behind one for a tag",
        "dhcp-option-force=26 has no tag, and does not count beside dhcp-option=tag:ours,26",
        "large packets are lost in the site's tunnel",
        _MTU,
        ("dhcp-option=tag:ours,26,1500", "dhcp-option-force=26,1450"),
        r"received 1500 .*likely cause: \S+:\d+ dhcp-option=tag:ours,26,1500 \(.*line \d+ has no tag, "
        r"and counts only where no tagged line applies\)$",
        _ACKNOWLEDGED,
    ),
    _fault(
        "option for a tag that another tag gives",
        "tag-if gives Windows the tag of the systems, whose line stands behind Windows' own",
        "Windows asks another name server than it should",
        f"6 = ['192.168.99.1']\n{_FOR_WINDOWS}\n6 = ['192.168.99.2']",
        (
            "dhcp-option=6,192.168.99.1",
            "dhcp-option=tag:windows,tag:ours,6,192.168.99.2",
            "dhcp-option=tag:system,6,192.168.99.1",
        ),
        r"expected 192\.168\.99\.2, received 192\.168\.99\.1 .*likely cause: \S+:\d+ dhcp-option=tag:system,"
        r"6,\S+ \(.*line \d+ \(tag windows, ours\) applies too, but of several the last one counts\)$",
        f"{_OFFERED}[windows]",
    ),
    _fault(
        "option for all but one tag",
        "dhcp-option=tag:!efi,42 leaves the firmware out",
        "iPXE's certificates are not valid yet",
        "ntp-server = ['192.168.99.1']",
        ("dhcp-option=tag:!efi,option:ntp-server,192.168.99.1",),
        r"received nothing .*likely cause: \S+ has no dhcp-option=option:ntp-server line for a client with "
        r"the tags ens3, efi, ours: it is not sent \(line \d+ wants tag !efi\)$",
        _ACKNOWLEDGED,
    ),
    _fault(
        "sub-option of a vendor",
        "dhcp-option=vendor:MSFT,1 has another value",
        "Windows keeps NetBIOS on",
        f"{_FOR_WINDOWS}\n43 = 'hex:01 04 00 00 00 02 ff'\n60 = 'MSFT 5.0'",
        ("dhcp-option=vendor:MSFT,1,1i", "dhcp-option=vendor:PXEClient,6,8"),
        r"option vendor-specific \(43\): expected hex 01 04 00 00 00 02, received hex 01 04 00 00 00 "
        r"01 from .*likely cause: \S+:\d+ dhcp-option=vendor:MSFT,1,1i$",
        _OWN,
    ),
    _fault(
        "domain of the client's network",
        "domain=…,192.168.99.0/24 counts before the domain for all",
        "short names lead to another host",
        "domain-name = 'edge.example.org'",
        ("domain=example.org,192.168.99.0/24", "domain=edge.example.org"),
        r"expected edge\.example\.org, received example\.org .*likely cause: \S+:\d+ "
        r"domain=example\.org,192\.168\.99\.0/24",
        _ACKNOWLEDGED,
    ),
    Fault(
        "renewal time that is no shorter than the lease",
        "dhcp-option=option:T1 has the lease time, and dnsmasq ignores it",
        "nodes renew at another time than was meant",
        (
            ContractTerms('renewal_time = "10h"\n'),
            added_lines("dhcp-option=option:T1,12h"),
        ),
        {
            f"{_TIMES}[offer-renewal_time]": r"renewal_time: expected 10:00:00, received 6:00:00 "
            r".*likely cause: \S+:\d+ dhcp-range=\S+ \(the client's tags are .*line \d+ is not below the "
            r"lease time, and ignored"
        },
        (f"{_TIMES}[ack-renewal_time]", "test_lease_time.py::test_times_follow_a_shorter_lease"),
        files=("test_lease_time.py",),
    ),
)


def _good(what: str, *causes: Cause) -> Fault:
    return Fault(f"good tags: {what}", "nothing", "nothing", causes)


GOOD_OPTION_TAGS: Final = (
    _good(
        "each client's own line counts, in any order",
        _stating(
            _MTU,
            "6 = ['192.168.99.1']",
            "domain-name = 'edge.example.org'",
            _FOR_WINDOWS,
            "6 = ['192.168.99.2']",
            "26 = 1500",
            "43 = 'hex:01 04 00 00 00 02 ff'",
            "60 = 'MSFT 5.0'",
            "[options.for.windows-pe]",
            "6 = ['192.168.99.2']",
            "26 = 1500",
            "43 = 'hex:01 04 00 00 00 02 ff'",
            "60 = 'MSFT 5.0'",
        ),
        added_lines(
            *_TAGS,
            "dhcp-option=tag:windows,6,192.168.99.2",
            "dhcp-option=6,192.168.99.1",
            "dhcp-option=tag:system,26,1450",
            "dhcp-option-force=tag:windows,tag:!efi,26,1500",
            "dhcp-option=26,1450",
            "dhcp-option=vendor:MSFT,1,2i",
            "domain=example.org,10.0.0.0/24",
            "domain=edge.example.org",
        ),
    ),
)
"""Entries for the runner in which no test may fail."""
