"""Runs one command inside a running container, as ``kubectl exec`` and a probe do.

Run as ``python -m edgeboot.host.container_exec REQUEST.json``. The command's output goes to
standard output; standard error has one JSON object about how it ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any, Final

from edgeboot.host.container_init import become

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWNET: Final = 0x40000000
_CANNOT_EXECUTE: Final = 127

_libc = ctypes.CDLL(None, use_errno=True)


def main(request_path: str) -> None:
    """Enter the container, run the command and report its end."""
    request: dict[str, Any] = json.loads(Path(request_path).read_text(encoding="utf-8"))
    process = Path("/proc") / str(request["pid"])
    try:
        _enter(process)
    except OSError as error:
        _report(error=f"the container cannot be entered ({error.strerror})")
        return
    child = os.fork()
    if child == 0:
        os.dup2(1, 2)
        try:
            become(request["container"], request["command"])
        except SystemExit as error:
            os.write(1, f"{error}\n".encode())
        os._exit(_CANNOT_EXECUTE)
    overtime = threading.Event()

    def end() -> None:
        overtime.set()
        os.kill(child, signal.SIGKILL)

    timer = threading.Timer(request["timeout"], end)
    timer.start()
    _, status = os.waitpid(child, 0)
    timer.cancel()
    if overtime.is_set():
        _report(error=f"not ended within {request['timeout']:g} s")
    else:
        _report(status=os.waitstatus_to_exitcode(status))


def _enter(process: Path) -> None:
    """Have its mounts, its network and its root; raises OSError."""
    root = os.open(process / "root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    namespaces = [os.open(process / "ns" / name, os.O_RDONLY | os.O_CLOEXEC) for name in ("mnt", "net")]
    for namespace, kind in zip(namespaces, (_CLONE_NEWNS, _CLONE_NEWNET), strict=True):
        if _libc.setns(namespace, kind) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.fchdir(root)
    os.chroot(".")


def _report(**outcome: object) -> None:
    sys.stderr.write(json.dumps(outcome))


if __name__ == "__main__":
    main(sys.argv[1])
