"""The finding of what a node, a fetch or the server's state has raised, where nothing was compared."""

from __future__ import annotations

from edgeboot.base.errors import LeaseNotRecorded, NotAnswered, ServerDied
from edgeboot.machines.protocol import MachineError
from edgeboot.node.boot.fetched import NotFetched, NotRefused, Refused
from edgeboot.node.exchange import NotTheReply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.server.log import NotLogged


def finding_from(error: BaseException) -> Finding | None:
    """What was expected, and what came instead from whom; None of an error that is no failed check."""
    text = str(error).partition("\n")[0]
    match error:
        case NotTheReply():
            received = tuple(reply.message.name for reply in error.replies)
            return Finding("answer", error.expected, received, Sender.of(error.replies[0]), (), text)
        case NotLogged():
            return Finding("log", error.pattern, None, None, (), text)
        case NotAnswered():
            return Finding("answer", "an answer", None, None, (), text)
        case Refused():
            sender = Sender(error.server, error.mac)
            return Finding("boot_file", "the file", f"error {error.code}", sender, (), text)
        case NotFetched():
            return Finding("boot_file", "the file", None, None, (), text)
        case NotRefused():
            return Finding("error", "a refusal", "an answer", None, (), text)
        case LeaseNotRecorded():
            return Finding("lease_database", "the lease", None, None, (), text)
        case ServerDied():
            return Finding("server", "running", "ended", None, (), text)
        case MachineError():
            return Finding("machine", BootStage.POWER.title, None, None, (), text)
        case _:
            return None
