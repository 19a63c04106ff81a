"""Cleanup: removes everything that ended runs left, by their journals."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from edgeboot.base.errors import EdgebootError, LabError
from edgeboot.base.strict_model import first_problem
from edgeboot.host.journal import KEPT, OF_OTHERS, SUFFIX, Leftover, abandoned, journals, undo
from edgeboot.labs.journal_entries import BY_HAND, Entry, read_entries

KINDS: Final = MappingProxyType(
    {
        "network namespace": "edgeboot.host.namespace:Namespace",
        "memory control group": "edgeboot.host.memory_limit:MemoryCgroup",
        "kept output": "edgeboot.host.kept_process:KeptOutput",
        "directory": "edgeboot.host.directory:Directory",
        "libvirt domain": "edgeboot.machines.libvirt_domain.as_found:LibvirtAsFound",
        "libvirt virtual machine": "edgeboot.machines.libvirt_domain.made:DefinedDomain",
        "virtual machine": "edgeboot.machines.qemu.process:VirtualMachine",
        "network interface": "edgeboot.host.links:Link",
        "iptables rule": "edgeboot.host.firewall:FirewallRule",
        "docker network": "edgeboot.host.docker:DockerNetwork",
        "libvirt network": "edgeboot.host.libvirt.network:LibvirtNetwork",
        "libvirt DHCP": "edgeboot.host.libvirt.dhcp:RemovedDhcp",
        "kind cluster": "edgeboot.labs.kind.node_containers:NodeContainers",
        "cluster object": "edgeboot.server.pod.objects:ClusterObject",
        "cluster lease": "edgeboot.labs.orchestrator.cluster_lease.leftover:HeldLease",
        "DHCP lease": "edgeboot.labs.orchestrator.lease_records:RecordedLease",
        "leases of a storm": "edgeboot.stress.storm.storm_leases:StormLeases",
        "Redfish machine": "edgeboot.machines.redfish.as_found:RedfishAsFound",
        "machine by commands": "edgeboot.machines.command.as_found:CommandAsFound",
        "lock file": "edgeboot.labs.orchestrator.lock:LockFile",
    }
)
"""Every kind of leftover and its class, imported only for an entry of that kind: some need
optional packages."""
_SITES: Final = frozenset({"libvirt domain", "Redfish machine", "machine by commands", "leases of a storm"})
"""Of a site's machines and server: what is left there is nothing on this machine, and in no lab's way."""


class NotCleaned(LabError):
    """Some leftovers cannot be removed; the journals that name them are kept.

    Args:
        problems: one for each leftover, or line of a journal, that remains.
        of_sites: the journals of which nothing remains but what is at a site; None where there are others.
    """

    def __init__(self, problems: tuple[EdgebootError, ...], of_sites: frozenset[Path] | None) -> None:
        self.problems = problems
        self.of_sites = of_sites
        first, more = problems[0], len(problems) - 1
        hint = f"{first.hint} ({more} more: edgeboot clean names each)" if more else first.hint
        super().__init__(first.where, first.problem, hint)


def clean(
    directory: Path | None = None,
    on_removed: Callable[[Leftover], None] = lambda _: None,
    *,
    kept: bool = False,
    but: Collection[Path] = (),
) -> list[Leftover]:
    """Remove the leftovers of ended runs and return them.

    A leftover that cannot be removed does not stop the removal of the rest.

    Args:
        directory: where the journals are; by default this user's.
        on_removed: called with each leftover as soon as it is removed.
        kept: whether labs that were left standing on purpose are removed, too.
        but: journals that are left as they are.

    Raises:
        NotCleaned: a leftover cannot be removed, or a line of a journal cannot be read; that
            journal is kept for the next cleanup.
        LabError: the directory cannot be read.
    """
    removed: list[Leftover] = []
    problems: list[EdgebootError] = []
    of_sites: set[Path] = set()
    others = False
    for path in journals_in(directory or journals(), (SUFFIX, KEPT) if kept else (SUFFIX,)):
        if path in but:
            continue
        try:
            left, sites = _clean(path, removed, on_removed)
        except OSError as error:
            hint = "run edgeboot clean as the user whose journal it is"
            left, sites = [LabError(f"journal {path}", f"cannot be read ({error.strerror})", hint)], []
        problems += left + sites
        others = others or bool(left)
        of_sites |= {path} if sites else set()
    if problems:
        each_once = tuple({str(each): each for each in problems}.values())
        raise NotCleaned(each_once, None if others else frozenset(of_sites))
    return removed


def leftover_class(kind: str) -> type[Leftover]:
    """The class of a kind of leftover.

    Raises:
        KeyError: there is no such kind.
        ModuleNotFoundError: it needs a package that is not installed.
    """
    module, _, name = KINDS[kind].partition(":")
    imported: type[Leftover] = getattr(import_module(module), name)
    return imported


def journals_in(directory: Path, suffixes: Collection[str] = (SUFFIX,)) -> list[Path]:
    """The journals with these suffixes.

    Raises:
        LabError: the directory cannot be read.
    """
    try:
        return sorted(path for path in directory.iterdir() if path.suffix in suffixes)
    except FileNotFoundError:
        return []
    except OSError as error:
        hint = "run edgeboot clean as its owner, or name another place by XDG_STATE_HOME"
        raise LabError(f"journals {directory}", f"cannot be read ({error.strerror})", hint) from error


def _clean(
    path: Path, removed: list[Leftover], on_removed: Callable[[Leftover], None]
) -> tuple[list[EdgebootError], list[EdgebootError]]:
    """Undo one journal, unless its owner runs; returns why it is kept, the problems of sites apart.

    Raises:
        OSError: it cannot be read or deleted.
    """
    with abandoned(path) as file:
        if file is None:
            return [], []
        entries = read_entries(path, file)
        left: list[EdgebootError] = list(entries.unreadable)
        sites: list[EdgebootError] = []
        newest_first = reversed(entries.outstanding)
        # What others wait for is given back first: a Pod's end, say, may take minutes.
        for entry in sorted(newest_first, key=lambda each: each.kind not in OF_OTHERS):
            try:
                leftover = _undone(path, entry)
            except EdgebootError as error:
                (sites if entry.kind in _SITES else left).append(error)
                continue
            if leftover is not None:
                removed.append(leftover)
                on_removed(leftover)
        if not left and not sites:
            path.unlink(missing_ok=True)
    return left, sites


def _undone(path: Path, entry: Entry) -> Leftover | None:
    """Undo the leftover of an entry and return it; None if there was nothing to do."""
    where = f"{path} line {entry.line}"
    if entry.kind not in KINDS:
        hint = "run edgeboot clean of the version that wrote it"
        raise LabError(where, f"names a {entry.kind!r}, a kind that this edgeboot does not know", hint)
    try:
        leftover = leftover_class(entry.kind).from_json(entry.fields)
        return leftover if undo(leftover) else None
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in {"", "edgeboot"}:
            raise
        problem = f"cannot be removed without the Python package {package}, which is not installed"
        hint = "install the extras edgeboot[kind] (requirements-kind.lock), then run edgeboot clean"
        raise LabError(f"{entry.kind} of {where}", problem, hint) from error
    except (KeyError, TypeError, ValueError) as error:
        # The text of pydantic's has the fields, among them what a command's words hold.
        text = " ".join(first_problem(error)) if isinstance(error, ValidationError) else str(error)
        problem = f"is no {entry.kind} that can be read ({type(error).__name__}: {text})"
        raise LabError(where, problem, BY_HAND) from error
