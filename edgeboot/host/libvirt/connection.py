"""A connection to libvirt with a time limit, and errors of one line.

libvirt-python is imported where it is used: it is optional, for users who need no libvirt.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError
from edgeboot.base.waiting import waiting
from edgeboot.host.processes import Process, processes

DEFAULT_URI: Final = "qemu:///system"
"""This machine's libvirtd."""
_UNKNOWN_USER: Final = ("failed to find user record", "failed to find group record")
"""libvirtd looks up who its client is, on its own machine."""


class LibvirtUnreachable(LabError):
    """libvirt does not answer, or refuses."""


def connect(uri: str) -> Any:
    """A connection to libvirt within ``Wait.LIBVIRT``; its errors are raised, not printed.

    Over ssh it never prompts for a password or about a host's key.

    Raises:
        LibvirtUnreachable: libvirtd or its host does not answer, or refuses.
    """
    import libvirt  # noqa: PLC0415

    libvirt.registerErrorHandler(lambda *_: None, None)
    opening: Future[Any] = Future()
    # libvirt.open has no time limit, and ssh waits minutes for a host that is off.
    Thread(target=_open, args=(uri, opening), daemon=True).start()
    try:
        with waiting(f"libvirt {uri}", Wait.LIBVIRT):
            return opening.result(Wait.LIBVIRT.total_seconds())
    except TimeoutError as error:
        _end_ssh_to(urlsplit(uri).hostname)
        opening.add_done_callback(_close)
        waited = f"does not answer within {Wait.LIBVIRT.total_seconds():g} s"
        raise LibvirtUnreachable(f"libvirt {uri}", waited, hint(uri, waited)) from error
    except libvirt.libvirtError as error:
        reason = " ".join(str(error).split())
        raise LibvirtUnreachable(
            f"libvirt {uri}", f"does not answer ({reason})", hint(uri, reason)
        ) from error


@contextmanager
def connected(uri: str) -> Iterator[Any]:
    """A connection that is closed afterwards.

    Raises:
        LibvirtUnreachable: no connection can be opened.
        LabError: a call of the block to libvirt failed.
    """
    import libvirt  # noqa: PLC0415

    connection = connect(uri)
    try:
        yield connection
    except libvirt.libvirtError as error:
        raise LabError(f"libvirt {uri}", " ".join(str(error).split()), "see libvirtd's log") from error
    finally:
        with suppress(libvirt.libvirtError):  # libvirtd has ended meanwhile.
            connection.close()


def hint(uri: str, problem: str) -> str:
    """What a user who cannot reach libvirt can do, by the problem that libvirt reports."""
    if "+ssh:" in uri:
        return f"virsh -c '{without_questions(uri)}' net-list must work: see the host, its key and yours"
    if urlsplit(uri).hostname:
        return f"virsh -c '{uri}' list must work on this machine: see the host, its libvirtd and certificates"
    if any(phrase in problem.lower() for phrase in ("permission denied", "authentication", "access denied")):
        return "be in group libvirt (usermod --append --groups libvirt USER, and log in anew)"
    if any(phrase in problem.lower() for phrase in _UNKNOWN_USER):
        return (
            "be root, or a user and group that libvirtd's machine knows: a container's may be unknown to it"
        )
    return "start it (systemctl start libvirtd; where nothing starts services: tools/kind-lab COMMAND)"


def without_questions(uri: str) -> str:
    """The URI with which ssh never prompts: the run may have no terminal."""
    parts = urlsplit(uri)
    if not parts.scheme.endswith("+ssh") or "no_tty=" in parts.query:
        return uri
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, "no_tty=1")))))


def _open(uri: str, opening: Future[Any]) -> None:
    import libvirt  # noqa: PLC0415

    try:
        opening.set_result(libvirt.open(without_questions(uri)))
    except libvirt.libvirtError as error:
        opening.set_exception(error)


def _close(opening: Future[Any]) -> None:
    if opening.exception() is None:
        opening.result().close()


def _end_ssh_to(host: str | None) -> None:
    """End the ssh process that libvirt started for a connection given up."""

    def is_it(process: Process) -> bool:
        return process.parent == os.getpid() and process.name == "ssh" and host in process.command

    for process in processes(is_it):
        with suppress(OSError):  # It has ended.
            process.send(signal.SIGTERM)
