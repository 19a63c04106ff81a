"""The place of a run, as files of evidence: the server's host and, of a Pod, what the cluster says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from edgeboot.host.host_view import HostView
from edgeboot.labs.protocol import Lab
from edgeboot.report.evidence import run_directory
from edgeboot.report.secrets import without_secrets

LAB: Final = "lab"
"""The directory of these files in a run's directory."""


@runtime_checkable
class Recorded(Protocol):
    """A server of which a cluster keeps records."""

    def records(self) -> Mapping[str, str]:
        """Texts by file name."""


def keep_place(root: Path, run: str, lab: Lab, when: str) -> None:
    """Write what can be seen of the lab to ``root/RUN/lab``; a network that may not be read says so.

    Args:
        root: the directory for evidence.
        run: the run's name.
        lab: it is up.
        when: ``before`` or ``after`` the tests; records of a cluster are kept after them.

    Raises:
        OSError: a file cannot be written.
    """
    directory = run_directory(root, run) / LAB
    directory.mkdir(exist_ok=True)
    hosts = {"host": lab.server_host, "segment": lab.segment_host}
    files = {f"{name}-{when}.txt": _seen(host) for name, host in hosts.items() if host is not None}
    server: object = lab.server
    if when == "after":
        files["server.log"] = "".join(f"{line.dated}\n" for line in lab.server.log.lines)
    if when == "after" and isinstance(server, Recorded):
        files |= server.records()
    for name, text in files.items():
        (directory / name).write_text(without_secrets(text), encoding="utf-8")


def _seen(host: HostView) -> str:
    try:
        return "\n".join(_host_lines(host)) + "\n"
    except OSError as error:
        return f"cannot be looked into ({error.strerror or error})\n"


def _host_lines(host: HostView) -> Iterator[str]:
    """Interfaces, routes, UDP sockets, the packet filter's rules with their counts."""
    yield f"its interface on the edge segment is {host.interface}"
    yield ""
    for each in host.interfaces():
        addresses = ", ".join(map(str, each.addresses)) or "no address"
        state = ("" if each.is_up else ", down") + (f", port of {each.bridge}" if each.bridge else "")
        yield f"interface {each.name}: {addresses}{state}"
    yield ""
    yield from (f"route {each}" for each in host.routes())
    yield ""
    for socket in host.udp_sockets():
        yield f"UDP socket {socket}: {socket.unread} octets unread"
    yield ""
    chains = host.packet_filter()
    if chains is None:
        yield "packet filter: nothing here can list it"
    for chain in chains or ():
        hook = f", hook {chain.hook}" if chain.hook else ""
        yield f"{chain.table} {chain.name}{hook}, policy {chain.policy.value}"
        for rule in chain.rules:
            count = "" if rule.packets is None else f"{rule.packets} packets: "
            yield f"  {count}{rule.text}"
