"""``edgeboot segments``: many segments, each verified by a Pod of an Indexed Job (docs/segments.md).

Each of its commands is a module of ``edgeboot.cli.segment_commands``, imported when it is given: most need
the Kubernetes client, which takes a second to import.
"""

from __future__ import annotations

import argparse
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

LAST_WORDS: Final = Path("/dev/termination-log")
"""As a container has it where its Pod names no other."""

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a container's own, which is never on a disk


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its commands to its parser."""
    commands = command.add_subparsers(required=True, metavar="COMMAND")
    render = _command(commands, "render", "the objects of a segments.toml, for kubectl apply -f -")
    render.add_argument("file", type=Path, metavar="FILE", help="the segments, a [[segment]] table each")

    run = _command(commands, "run", "in a Pod of the Job: verify the segment of its index")
    run.add_argument("--rows", type=Path, metavar="DIR", default=Path("/etc/edgeboot/segments"))
    volume_help = "for journals, evidence and results of each segment (default: %(default)s)"
    run.add_argument(
        "--volume", type=Path, metavar="DIR", default=Path("/var/lib/edgeboot"), help=volume_help
    )
    memory_help = "for the row's contract and its Secret's kubeconfig (default: %(default)s)"
    run.add_argument("--memory", type=Path, metavar="DIR", default=MEMORY, help=memory_help)
    words_help = "file for the verdict, which the Pod's status keeps (default: %(default)s)"
    run.add_argument("--termination-message", type=Path, metavar="FILE", default=LAST_WORDS, help=words_help)
    _of_a_cluster(run)

    place = _command(commands, "place", "in a Pod of its own: give each gated Pod the nodes of its segment")
    place.add_argument("--once", action="store_true", help="those that are there, and end")
    _of_a_cluster(place)

    status = _command(commands, "status", "where each segment stands: its verdict and cause, or its wait")
    name_help = "of the [job] of a segments.toml (default: all of the namespace)"
    status.add_argument("name", metavar="NAME", nargs="?", help=name_help)
    status.add_argument("--all", action="store_true", help="a row for those that are as stated, too")
    status.add_argument("--json", action="store_true", help="for a machine to read")
    _of_a_cluster(status)


def _command(commands: argparse._SubParsersAction, name: str, what: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    command: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    command.set_defaults(act=partial(_act, name))
    return command


def _of_a_cluster(command: argparse.ArgumentParser) -> None:
    """The cluster that the Job runs in."""
    command.add_argument("--kubeconfig", type=Path, metavar="FILE", help="default: kubectl's own")
    command.add_argument("--context", metavar="NAME", help="of the kubeconfig (default: its current one)")
    namespace_help = "of the Job (default: the context's, or the Pod's own)"
    command.add_argument("-n", "--namespace", metavar="NAME", help=namespace_help)


def _act(name: str, options: argparse.Namespace) -> int:
    status: int = import_module(f"edgeboot.cli.segment_commands.{name}").act(options)
    return status
