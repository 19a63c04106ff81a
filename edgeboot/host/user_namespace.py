"""A user namespace for this process: root's rights over the namespaces in it, without being root."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.host.namespace import NAMED_NAMESPACES

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_MS_REC_PRIVATE: Final = 0x4000 | 0x40000
_libc: Final = ctypes.CDLL(None, use_errno=True)

_ALLOW: Final = (
    "run as root, or allow user namespaces: sysctl -w user.max_user_namespaces=10000 (Debian: "
    "kernel.unprivileged_userns_clone=1; Ubuntu: kernel.apparmor_restrict_unprivileged_userns=0)"
)


def enter_user_namespace() -> None:
    """Move this whole process into a new user, mount and network namespace, as its root.

    Without root this is the only way to make interfaces. Children inherit it; the kernel
    removes all of it with the last of them. It is tried in a child process first: where a
    step fails, this process is unchanged.

    Raises:
        LabError: the kernel, or this process's state, allows no user namespace; names the step.
    """
    problem = obstacle()
    if problem is not None:
        raise no_rights(problem)
    _enter()


def made_in_user_namespace() -> bool:
    """Whether ``enter_user_namespace`` was called, in this process or in the one that started it."""
    return os.path.ismount(NAMED_NAMESPACES.parent) and _maps_one_user()


def _maps_one_user() -> bool:
    """Whether this process's user namespace has a single user (user_namespaces(7))."""
    return Path("/proc/self/uid_map").read_text(encoding="ascii").split()[2:] == ["1"]


def obstacle() -> str | None:
    """The step of entering a user namespace that fails, and why; None where all succeed.

    Tried in a child process; what it makes is removed when it ends.
    """
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        return f"unshare: a process with {threads} threads cannot change its user namespace (unshare(2))"
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        _try_and_exit(writable)
    os.close(writable)
    with os.fdopen(readable, encoding="utf-8") as answer:
        problem = answer.read()
    os.waitpid(child, 0)
    return problem or None


def no_rights(problem: str) -> LabError:
    """The error for a process that can get neither the capabilities nor a user namespace."""
    return LabError(
        "lab netns",
        f"this process may make no network namespaces, in a user namespace neither ({problem})",
        _ALLOW,
    )


def _try_and_exit(answer: int) -> None:
    problem = "the trial process failed"
    try:
        _enter()
        problem = ""
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}"
    finally:
        os.write(answer, problem.encode())
        os._exit(0)  # No exit handlers: the parent's buffered output must not be flushed twice.


def _enter() -> None:
    """The steps in order; a failure is an OSError whose file name is the step."""
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWNS) != 0:
        error = ctypes.get_errno()
        limit = " (user.max_user_namespaces or max_net_namespaces is reached)"
        remark = limit if error == errno.ENOSPC else ""
        raise OSError(error, f"{os.strerror(error)}{remark}", "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"0 {user} 1", " (mapping root takes CAP_SETFCAP)" if user == 0 else "")
    _write("/proc/self/gid_map", f"0 {group} 1")
    _mount("none", "/", None, _MS_REC_PRIVATE)
    # Named namespaces are in /run, which is the host's: mount another one here.
    _mount("tmpfs", "/run", "tmpfs", 0)
    NAMED_NAMESPACES.mkdir()


def _write(path: str, text: str, remark: str = "") -> None:
    try:
        Path(path).write_text(text, encoding="ascii")
    except OSError as error:  # If write(2) fails, Python's error names no file.
        raise OSError(error.errno, f"{error.strerror}{remark}", path) from error


def _mount(source: str, target: str, kind: str | None, flags: int) -> None:
    name = None if kind is None else kind.encode()
    if _libc.mount(source.encode(), target.encode(), name, flags, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), f"mount {target}")
