"""Routes and hosts by which a lease leads nodes nowhere, and those that are right."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ConfigChange, ContractTerms, added_lines
from tests.faults.fault import Cause, Fault

_HOSTS: Final = "test_lease_hosts.py"
_ROUTE: Final = f"{_HOSTS}::test_client_has_the_default_route_of_the_contract"
_OF_USE: Final = f"{_HOSTS}::test_lease_sends_nodes_to_hosts_of_use"
_SERVER: Final = r"192\.168\.99\.10 \(52:54:00:12:34:56\)"
_NOBODY: Final = r"nobody on the segment has it \(no ARP reply\)"
_ASKING_FOR_121: Final = tuple(
    f"{_ROUTE}[{client}]"
    for client in (
        "dhcpcd",
        "ipxe-bios",
        "klibc-ipconfig",
        "systemd-networkd",
        "systemd-networkd-255",
        "windows",
        "windows-pe",
    )
)


def allowing(*codes: int, more: str = "") -> ContractTerms:
    """poc-fixed's contract, which allows these options as well."""
    return ContractTerms(f"options = {sorted({1, 3, 28, 51, 53, 54, 58, 59, 66, 67, *codes})}\n{more}")


_BY_NAME: Final = """
[boots]
edk2-http-x86-64 = "http://boot.example.org/signed_ipxe.efi"
"""
_RESOLVER: Final = allowing(6, 60, more=_BY_NAME)
_HTTP_BY_NAME: Final = (
    "dhcp-match=set:http,option:client-arch,16",
    "dhcp-boot=tag:http,http://boot.example.org/signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40",
    "dhcp-option-force=tag:http,60,HTTPClient",
)


def serving_names(*lines: str) -> ConfigChange:
    """dnsmasq serves names as well, by these lines."""
    return ConfigChange((("port=0\n", "\n".join(("no-resolv", "no-hosts", *lines, ""))),))


ROUTE_FAULTS: Final = (
    Fault(
        "classless routes without a default route",
        "dhcp-option=option:classless-static-route has one network only",
        "installed systems reach that network and nothing else",
        (
            allowing(121),
            added_lines("dhcp-option=option:classless-static-route,10.99.0.0/24,192.168.99.10"),
        ),
        {
            f"{_ROUTE}[dhclient]": r"dhclient has no default route: classless-static-route \(121\) from "
            + _SERVER
            + r" has 10\.99\.0\.0/24 via 192\.168\.99\.10 and not 0\.0\.0\.0/0, .*; the contract says "
            r"192\.168\.99\.10; likely cause: \S+\.conf:\d+ dhcp-option=option:classless-static-route,10\.99"
        },
        _ASKING_FOR_121,
        sampled=True,
    ),
    Fault(
        "another default route for Windows",
        "dhcp-option=249 has a default route by another router",
        "Windows goes by a router that the site has not",
        (allowing(249), added_lines("dhcp-option=249,0.0.0.0/0,192.168.99.1")),
        {
            f"{_ROUTE}[windows]": r"windows has the default route by 192\.168\.99\.1, of "
            r"\S+ \(249\) from " + _SERVER + r" instead of router \(3\)"
        },
        (f"{_ROUTE}[windows-pe]", f"{_ROUTE}[network-manager]"),
        files=(_HOSTS,),
    ),
    Fault(
        "route by a router that is not there",
        "dhcp-option=option:classless-static-route leads by 192.168.99.250",
        "installed systems do not reach one network",
        (
            allowing(121),
            added_lines(
                "dhcp-option=option:classless-static-route,10.99.0.0/24,192.168.99.250,0.0.0.0/0,192.168.99.10"
            ),
        ),
        {
            f"{_OF_USE}[router]": r"router 192\.168\.99\.250 \(classless-static-route \(121\) from "
            + _SERVER
            + r" for [^)]+\): "
            + _NOBODY
        },
    ),
    Fault(
        "name server that is not there",
        "dhcp-option=6 names 192.168.99.77, which was switched off",
        "iPXE and the installed system resolve no name",
        (allowing(6), added_lines("dhcp-option=6,192.168.99.77")),
        {
            f"{_OF_USE}[name server]": r"name server 192\.168\.99\.77 \(domain-name-server \(6\) from "
            + _SERVER
            + r" for [^)]+\): "
            + _NOBODY
            + r"; likely cause: \S+\.conf:\d+ dhcp-option=6,192\.168\.99\.77"
        },
    ),
    Fault(
        "name server without the service",
        "dhcp-option=6 names the server itself, which has port=0",
        "iPXE and the installed system resolve no name",
        (allowing(6), added_lines("dhcp-option=6,192.168.99.10")),
        {f"{_OF_USE}[name server]": r"192\.168\.99\.10 .*: is no name server: its UDP port 53 is closed"},
        files=(_HOSTS,),
    ),
    Fault(
        "name server that does not know the boot server",
        "dnsmasq serves names, and not that of the boot URL",
        "HTTP Boot ends with an error before the first connection",
        (_RESOLVER, serving_names(*_HTTP_BY_NAME)),
        {
            f"{_OF_USE}[name server]": r"192\.168\.99\.10 .*: answers (REFUSED|NXDOMAIN|SERVFAIL) for "
            r"boot\.example\.org, which a client boots from"
        },
        files=(_HOSTS,),
    ),
    Fault(
        "time server that is not there",
        "dhcp-option=option:ntp-server names 192.168.99.78",
        "clocks run wild, and certificates are not valid yet",
        (allowing(42), added_lines("dhcp-option=option:ntp-server,192.168.99.78")),
        {f"{_OF_USE}[time server]": r"time server 192\.168\.99\.78 \(ntp-servers \(42\) from .*" + _NOBODY},
        files=(_HOSTS,),
    ),
    Fault(
        "log server that is not there",
        "dhcp-option=7 names 192.168.99.79",
        "iPXE's log, and what went wrong, is lost",
        (allowing(7), added_lines("dhcp-option=7,192.168.99.79")),
        {f"{_OF_USE}[log server]": r"log server 192\.168\.99\.79 .*" + _NOBODY},
        files=(_HOSTS,),
    ),
    Fault(
        "Windows name server that is not there",
        "dhcp-option=44 names 192.168.99.80",
        "Windows waits for names",
        (allowing(44), added_lines("dhcp-option=44,192.168.99.80")),
        {f"{_OF_USE}[other server]": r"other server 192\.168\.99\.80 .*" + _NOBODY},
        files=(_HOSTS,),
    ),
)


def _good(what: str, *causes: Cause) -> Fault:
    return Fault(f"good routes: {what}", "nothing", "nothing", causes)


_NETWORK: Final = 'routers = ["192.168.99.1"]\n'
GOOD_ROUTES: Final = (
    _good(
        "a router of the site, name and time servers, classless routes with a default route",
        allowing(6, 42, 121, 249, more=_NETWORK),
        added_lines(
            "dhcp-option=option:router,192.168.99.1",
            "dhcp-option=option:dns-server,192.168.99.1,192.168.99.2",
            "dhcp-option=option:ntp-server,192.168.99.1",
            "dhcp-option=option:classless-static-route,10.99.0.0/24,192.168.99.10,0.0.0.0/0,192.168.99.1",
            "dhcp-option=249,10.99.0.0/24,192.168.99.10,0.0.0.0/0,192.168.99.1",
        ),
    ),
    _good(
        "no router",
        ContractTerms("routers = []\noptions = [1, 28, 51, 53, 54, 58, 59, 66, 67]\n"),
        added_lines("dhcp-option=3"),
    ),
    _good(
        "a server that resolves the boot server's name",
        allowing(6, 60, more=f'remove = ["deployment.closed_ports.53"]\n{_BY_NAME}'),
        serving_names(*_HTTP_BY_NAME, "address=/boot.example.org/192.168.99.40"),
    ),
)
"""Entries for the runner in which no test may fail."""
