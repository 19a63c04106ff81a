"""Why a server did not start: its last log line, and a hint."""

from __future__ import annotations

from ipaddress import IPv4Interface
from typing import Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.host.host_view import HostInterface
from edgeboot.server.dnsmasq.startup import start_failure
from edgeboot.server.log import ServerLog
from edgeboot.spec.manifests.deployment import ServerConfig
from tests.unit.samples import config

CONFIG: Final = config("port=0\ninterface=ens9\ndhcp-range=nonsense\n")


def failure(
    *said: str, since: int = 0, exit_status: int | None = 1, config: ServerConfig = CONFIG
) -> LabError:
    """The error for a server that logged these lines and ended."""
    log = ServerLog()
    for text in said:
        log.add(f"{text}\n")
    return start_failure(log, since, exit_status, config)


@pytest.mark.parametrize(
    "said,hint",
    [
        ("cannot execute dnsmasq: No such file or directory", "install it: apt-get install dnsmasq-base"),
        ("dnsmasq: unknown interface ens9", "name the node's interface in interface="),
        ("dnsmasq: process is missing required capability NET_ADMIN", "add NET_ADMIN to the container's"),
        (
            "dnsmasq: failed to bind DHCP server socket: Address already in use",
            "another server holds the port",
        ),
        (
            "dnsmasq: failed to create listening socket for 192.168.99.10: Address already in use",
            "another resolver holds port 53: write port=0",
        ),
        ("dnsmasq: TFTP directory /srv/boot inaccessible: No such file", "mount the boot files at /srv/boot"),
        ("dnsmasq: cannot open log /tmp/x.log: Read-only file system", "write log-facility=-"),
        ("dnsmasq: unknown user or group: nobody", "write user= and group= as the image has them"),
        ("dnsmasq: failed to bind DHCP server socket: Permission denied", "add NET_BIND_SERVICE to"),
        ("dnsmasq: setting capabilities failed: Operation not permitted", "add SETUID to"),
        ("dnsmasq: failed to change group-id to root", "add SETGID to the container's capabilities"),
        ("dnsmasq: bad option at line 12 of /etc/more.conf", "correct line 12"),
        ("dnsmasq: bad command line options: try --help", "correct the args of its container"),
        ("dnsmasq: cannot access directory /etc/more: No such file", "mount a directory at /etc/more, or"),
        (
            "dnsmasq: cannot read /etc/edgeboot/dnsmasq.conf: No such file",
            "mount that file into the container",
        ),
        (
            "dnsmasq: cannot open or create lease file /var/lib/misc/dnsmasq.leases: Read-only file system",
            "mount a volume where /var/lib/misc/dnsmasq.leases is to be written",
        ),
    ],
)
def test_words_of_the_server_are_matched_with_their_hint(said: str, hint: str) -> None:
    """The log line itself is kept: it may have more details."""
    error = failure("dnsmasq: started", said)
    assert error.where == "dhcp-server"
    assert repr(said) in error.problem
    assert error.hint.startswith(hint)


@pytest.mark.parametrize(
    "words,number,line",
    [
        ("bad dhcp-range", 3, "dhcp-range=nonsense"),
        ("missing parameter", 1, "port=0"),
        ("bad option", 12, ""),
    ],
)
def test_line_that_the_server_counts_is_the_operator_s(words: str, number: int, line: str) -> None:
    """The path in the container is nothing that the operator could open."""
    error = failure(f"dnsmasq: {words} at line {number} of /etc/dnsmasq.conf")
    said = f"saying 'dnsmasq: {words} at line {number} of dnsmasq.conf' (dnsmasq.conf:{number} {line})"
    assert error.problem == f"ended with status 1, {said}"
    assert error.hint == f"correct line {number}"


def test_last_words_that_are_known_count() -> None:
    """What is printed afterwards need not matter, and what came before was survived."""
    said = ("cannot read /etc/ethers", "dnsmasq: unknown interface ens9", "FAILED to start up")
    assert failure(*said).problem.startswith("ended with status 1, saying 'dnsmasq: unknown interface ens9'")


def test_line_of_the_configuration_is_named_where_its_value_is_said() -> None:
    """File, number and the line itself."""
    assert failure("dnsmasq: unknown interface ens9").problem.endswith("(dnsmasq.conf:2 interface=ens9)")


def test_line_is_named_as_dnsmasq_reads_it() -> None:
    """A comment is no line; blanks around the sign are none of its value."""
    spaced = config("#interface=ens9\ninterface = ens9\n")
    error = failure("dnsmasq: unknown interface ens9", config=spaced)
    assert error.problem.endswith("(dnsmasq.conf:2 interface=ens9)")


def test_file_that_dnsmasq_names_is_that_of_a_line() -> None:
    """It writes a colon behind the name."""
    error = failure(
        "dnsmasq: cannot read /etc/more.conf: No such file", config=config("conf-file=/etc/more.conf")
    )
    assert error.problem.endswith("(dnsmasq.conf:1 conf-file=/etc/more.conf)")


def test_no_line_is_named_where_no_value_is_said() -> None:
    """A guess would send the reader to the wrong place."""
    assert "dnsmasq.conf" not in failure("dnsmasq: failed to change group-id to root").problem


def test_words_of_an_earlier_start_do_not_count() -> None:
    """A restarted server failed for a reason of its own."""
    error = failure("dnsmasq: unknown interface ens9", "dnsmasq: who knows", since=1)
    assert error.problem == "ended with status 1, saying 'dnsmasq: who knows'"


@pytest.mark.parametrize(
    "exit_status,state,hint",
    [
        (2, "ended with status 2", "look at dnsmasq.conf"),
        (-9, "ended with status -9", "look at dnsmasq.conf"),
        (None, "runs but serves no DHCP", "look at dnsmasq.conf"),
    ],
)
def test_unknown_words_lead_to_the_configuration(exit_status: int | None, state: str, hint: str) -> None:
    """There is nothing else to look at."""
    error = failure("dnsmasq: who knows", exit_status=exit_status)
    assert (error.problem, error.hint) == (f"{state}, saying 'dnsmasq: who knows'", hint)


@pytest.mark.parametrize(
    "words", ["dnsmasq: cleared cache", "dnsmasq: cannot read /etc/ethers: No such file"]
)
def test_server_without_a_range_is_told_by_its_configuration(words: str) -> None:
    """Its log says nothing of it: the last line would lead elsewhere."""
    error = failure(words, exit_status=None, config=config("port=0\n#dhcp-range=192.168.99.1,192.168.99.9\n"))
    assert error.problem == "runs but serves no DHCP: dnsmasq.conf has no dhcp-range"
    assert error.hint.startswith("write one, such as dhcp-range=FIRST,LAST,NETMASK,12h")


def test_server_that_left_for_the_background_is_told_to_stay() -> None:
    """Its container ends with its first process, and so does the server."""
    error = failure(exit_status=0)
    assert (error.problem, error.hint) == (
        "ended with status 0, saying 'nothing'",
        "keep it in the foreground: --no-daemon or --keep-in-foreground among the Pod's args",
    )


def test_server_that_said_nothing_is_said_to_have() -> None:
    """An empty log is stated as such."""
    assert failure().problem == "ended with status 1, saying 'nothing'"


ADDRESS: Final = IPv4Interface("192.168.99.10/24")


@pytest.mark.parametrize(
    "interfaces,words",
    [
        ((), "saying 'dnsmasq: unknown interface ens3' (dnsmasq.conf:1 interface=ens3); name the node's"),
        ((HostInterface("ens3", ()),), ", but ens3 is there and has no IPv4 address; give ens3 its address"),
        (
            (HostInterface("ens3", (), "br0"), HostInterface("br0", (ADDRESS,))),
            ", but ens3 is there, has no IPv4 address and is a port of br0, which has 192.168.99.10; name ",
        ),
        (
            (HostInterface("eth0", (ADDRESS,)), HostInterface("lo", (IPv4Interface("127.0.0.1/8"),))),
            ", and there is none of that name; there are eth0 (192.168.99.10/24); name the one on",
        ),
    ],
    ids=["absent", "without an address", "port of a bridge", "renamed"],
)
def test_interface_that_dnsmasq_does_not_know_may_be_there(
    interfaces: tuple[HostInterface, ...], words: str
) -> None:
    """dnsmasq says the same of one that lacks an address."""
    log = ServerLog()
    log.add("dnsmasq: unknown interface ens3")
    assert words in str(start_failure(log, 0, 2, config("interface=ens3"), lambda: interfaces))
