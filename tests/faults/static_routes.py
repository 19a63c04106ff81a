"""Static routes that some clients do not get, or get otherwise, and servers that give each what it reads."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines
from tests.faults.fault import Cause, Fault

_HOSTS: Final = "test_lease_hosts.py"
_OPTIONS: Final = "test_options.py"
_ROUTES: Final = f"{_HOSTS}::test_client_has_the_static_routes_of_the_contract"
_SERVER: Final = r"192\.168\.99\.10 \(52:54:00:12:34:56\)"
_VALUES: Final = (f"{_OPTIONS}::*",)
_OF_121: Final = r"classless-static-route \(121\)"
_OF_249: Final = r"microsoft-classless-static-route \(249\)"
_NETWORK: Final = '["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.1"]'
_LINE: Final = "10.99.0.0/24,192.168.99.10,0.0.0.0/0,192.168.99.1"
_ROUTER: Final = "dhcp-option=option:router,192.168.99.1"
_XP: Final = """
[clients.windows-xp]
like = "windows"
parameters = [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 249]
"""


def _stating(*terms: str, more: str = "") -> ContractTerms:
    """poc-fixed's contract with a router of the site, these values, and any value in the routes' options."""
    allowed = "allowed = [1, 3, 28, 33, 51, 53, 54, 58, 59, 66, 67, 121, 249]"
    return ContractTerms("\n".join(('routers = ["192.168.99.1"]', "[options]", allowed, *terms, more)))


_OF_121_STATED: Final = f"classless-static-route = {_NETWORK}"
_HOST_STATED: Final = 'static-route = ["10.98.0.7 via 192.168.99.10"]'


def _clients(*names: str) -> tuple[str, ...]:
    return tuple(f"{_ROUTES}[{name}]" for name in names)


def _fault(
    name: str, broken: str, symptom: str, causes: tuple[Cause, ...], says: dict[str, str], *also: str
) -> Fault:
    caught = {f"{_ROUTES}[{client}]": words for client, words in says.items()}
    return Fault(name, broken, symptom, causes, caught, also, files=(_HOSTS, _OPTIONS))


STATIC_ROUTE_FAULTS: Final = (
    _fault(
        "routes for Windows' readers only",
        "the routes are sent as option 249, and not as 121",
        "Linux nodes do not reach one network; Windows does",
        (_stating(_OF_121_STATED), added_lines(_ROUTER, f"dhcp-option=249,{_LINE}")),
        {
            "dhclient": rf"dhclient has no static routes: no {_OF_121} from {_SERVER}; the contract says the "
            rf"routes 10\.99\.0\.0/24 via 192\.168\.99\.10 \({_OF_121}\); likely cause: \S+\.conf has no "
            "dhcp-option=option:classless-static-route line"
        },
        *_clients("dhcpcd", "klibc-ipconfig", "systemd-networkd", "systemd-networkd-255"),
        *_VALUES,
    ),
    _fault(
        "routes for all but an old Windows",
        "the routes are sent as option 121, and not as 249, which is all that the site's old machines read",
        "old machines do not reach one network",
        (_stating(_OF_121_STATED, more=_XP), added_lines(_ROUTER, f"dhcp-option=121,{_LINE}")),
        {
            "windows-xp": rf"windows-xp has no static routes: no {_OF_249} from {_SERVER}; .*"
            r"likely cause: \S+\.conf has no dhcp-option=249 line"
        },
    ),
    _fault(
        "other routes in 121 than in 249",
        "option 249 is right; 121, which Windows reads first, has another network",
        "Windows goes by the other option, and does not reach the network",
        (
            _stating(f"249 = {_NETWORK}"),
            added_lines(
                _ROUTER, f"dhcp-option=249,{_LINE}", f"dhcp-option=121,{_LINE.replace('10.99', '10.97')}"
            ),
        ),
        {
            "windows": rf"windows has the routes 10\.97\.0\.0/24 via 192\.168\.99\.10, of {_OF_121} from "
            rf"{_SERVER}; the contract says the routes 10\.99\.0\.0/24 .*\({_OF_249}\); likely cause: "
            r"\S+:\d+ dhcp-option=121,10\.97"
        },
        *_clients("windows-pe", "network-manager"),
    ),
    _fault(
        "routes to hosts behind classless routes",
        "option 33 is right; 121, which the clients read that ask for both, lacks the host",
        "newer systems do not reach one host",
        (
            _stating(_HOST_STATED),
            added_lines(_ROUTER, "dhcp-option=33,10.98.0.7,192.168.99.10", f"dhcp-option=121,{_LINE}"),
        ),
        {
            "dhcpcd": rf"dhcpcd has the routes 10\.99\.0\.0/24 via \S+, of {_OF_121} from {_SERVER}, "
            r"and ignores option static-route \(33\) \(RFC 3442\); the contract says the routes "
            r"10\.98\.0\.7/32 via .*likely cause: \S+:\d+ dhcp-option=121,10\.99"
        },
        *_clients("network-manager", "systemd-networkd", "systemd-networkd-255", "windows", "windows-pe"),
    ),
    _fault(
        "routes for the clients of one tag",
        "dhcp-option=tag:linux,… has the routes, and no line gives Windows that tag",
        "Windows does not reach one network",
        (
            _stating(_OF_121_STATED),
            added_lines(
                _ROUTER,
                "dhcp-vendorclass=set:windows,MSFT",
                "tag-if=set:linux,tag:!windows",
                f"dhcp-option=tag:linux,121,{_LINE}",
            ),
        ),
        {
            "windows": r"likely cause: \S+ has no dhcp-option=option:classless-static-route line for a "
            r"client with the tags ens3, windows: it is not sent \(line \d+ wants tag linux; "
            r"line \d+ tag-if=set:linux,tag:!windows gives tag linux\)"
        },
        f"{_ROUTES}[windows-pe]",
        f"{_OPTIONS}::*",
    ),
    _fault(
        "a network on the link",
        "option 121 has a network without a router; dhcpcd takes the network's address for a host's",
        "nodes with dhcpcd reach no machine of that network",
        (
            _stating('121 = ["10.99.0.0/24 via 0.0.0.0", "0.0.0.0/0 via 192.168.99.1"]'),
            added_lines(_ROUTER, "dhcp-option=121,10.99.0.0/24,0.0.0.0,0.0.0.0/0,192.168.99.1"),
        ),
        {
            "dhcpcd": rf"dhcpcd has the routes 10\.99\.0\.0/32 via 0\.0\.0\.0, of {_OF_121} from {_SERVER}; "
            r"the contract says the routes 10\.99\.0\.0/24 via 0\.0\.0\.0 "
        },
    ),
)


def _good(what: str, *causes: Cause) -> Fault:
    return Fault(f"good static routes: {what}", "nothing", "nothing", causes)


GOOD_STATIC_ROUTES: Final = (
    _good(
        "one option stated, both sent",
        _stating(_OF_121_STATED, more=_XP),
        added_lines(_ROUTER, f"dhcp-option=121,{_LINE}", f"dhcp-option=249,{_LINE}"),
    ),
    _good(
        "121 alone, which Windows reads as well",
        _stating(_OF_121_STATED),
        added_lines(_ROUTER, f"dhcp-option=121,{_LINE}"),
    ),
    _good(
        "249 alone, for those who read it",
        _stating(f"249 = {_NETWORK}"),
        added_lines(_ROUTER, f"dhcp-option=249,{_LINE}"),
    ),
    _good(
        "249 for Windows only",
        _stating("[options.for.windows]", f"249 = {_NETWORK}"),
        added_lines(_ROUTER, "dhcp-vendorclass=set:windows,MSFT", f"dhcp-option=tag:windows,249,{_LINE}"),
    ),
    _good(
        "hosts in 33, and again in 121 with more",
        _stating(_HOST_STATED),
        added_lines(
            _ROUTER,
            "dhcp-option=33,10.98.0.7,192.168.99.10",
            f"dhcp-option=121,10.98.0.7/32,192.168.99.10,{_LINE}",
            f"dhcp-option=249,10.98.0.7/32,192.168.99.10,{_LINE}",
        ),
    ),
)
"""Entries for the runner in which no test may fail."""
