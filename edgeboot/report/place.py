"""The place of a run, as files of evidence: the server's host and, of a Pod, what the cluster says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from edgeboot.labs.protocol import Lab
from edgeboot.machine.host_view import HostView
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
    """Write what can be seen of the lab to ``root/RUN/lab``.

    Args:
        root: the directory for evidence.
        run: the run's name.
        lab: it is up.
        when: ``before`` or ``after`` the tests; records of a cluster are kept after them.

    Raises:
        OSError: a file cannot be written, or the host cannot be looked into.
    """
    directory = run_directory(root, run) / LAB
    directory.mkdir(exist_ok=True)
    host = lab.server_host
    files = {} if host is None else {f"host-{when}.txt": "\n".join(host_lines(host)) + "\n"}
    server: object = lab.server
    if when == "after":
        files["server.log"] = "".join(f"{line.dated}\n" for line in lab.server.log.lines)
    if when == "after" and isinstance(server, Recorded):
        files |= server.records()
    for name, text in files.items():
        (directory / name).write_text(without_secrets(text), encoding="utf-8")


def host_lines(host: HostView) -> Iterator[str]:
    """Interfaces with addresses and bridges, UDP sockets, the packet filter's rules with their counts."""
    yield f"the server's interface is {host.interface}"
    yield ""
    for each in host.interfaces():
        addresses = ", ".join(map(str, each.addresses)) or "no address"
        yield f"interface {each.name}: {addresses}{f', port of {each.bridge}' if each.bridge else ''}"
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
