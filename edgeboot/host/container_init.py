"""The init program of a container of the netns lab: sets up its file system and executes the server.

Run as ``python -m edgeboot.host.container_init SPEC.json``. It enters the network
namespace, assembles a root file system from the machine's (read-only) and the Pod's
volumes, drops all capabilities but the container's, and executes the command. All mounts
are in a mount namespace of its own and disappear with it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWNET: Final = 0x40000000
_MS_RDONLY: Final = 0x1
_MS_BIND: Final = 0x1000
_MS_REC: Final = 0x4000
_MS_PRIVATE: Final = 0x40000
_PR_SET_PDEATHSIG: Final = 1
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_SYS_MOUNT_SETATTR: Final = 442
_AT_RECURSIVE: Final = 0x8000
_MOUNT_ATTR_RDONLY: Final = 0x1
_LAST_CAPABILITY: Final = 63

_libc = ctypes.CDLL(None, use_errno=True)


def main(spec_path: str) -> None:
    """Become the container described in the JSON file; does not return.

    Raises:
        SystemExit: a step failed; the text names it.
    """
    spec: dict[str, Any] = json.loads(Path(spec_path).read_text(encoding="utf-8"))
    if spec["parent"] is not None:
        _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "prctl PDEATHSIG")
        if os.getppid() != spec["parent"]:
            raise SystemExit("the lab ended before its server started")
    namespace = os.open(spec["namespace"], os.O_RDONLY | os.O_CLOEXEC)
    # The memory of this interpreter is not the container's: it joins its control group at the end.
    groups = [os.open(path, os.O_WRONLY | os.O_CLOEXEC) for path in spec["control_groups"]]
    _checked(_libc.setns(namespace, _CLONE_NEWNET), f"enter {spec['namespace']}")
    _checked(_libc.unshare(_CLONE_NEWNS), "unshare mounts")
    _mount("none", Path("/"), None, _MS_REC | _MS_PRIVATE)
    root = Path(spec["root"])
    _assemble(
        root,
        {Path(name): text for name, text in spec["files"].items()},
        [Path(path) for path in spec["scratch"]],
        [Path(path) for path in spec["writable"]],
        [(Path(source), Path(target), read_only) for source, target, read_only in spec["mounts"]],
    )
    for path in spec["sealed"]:
        _bind(root / Path(path).relative_to("/"), root / Path(path).relative_to("/"))
    os.chroot(root)
    for group in groups:
        os.write(group, b"0")
    become(spec, spec["command"])


def become(spec: dict[str, Any], command: list[str]) -> NoReturn:
    """Execute a command with the container's rights and environment; the root is the container's.

    Raises:
        SystemExit: a step failed; the text names it.
    """
    try:
        os.chdir(spec["directory"])
    except OSError as error:
        raise SystemExit(f"container: no working directory {spec['directory']}: {error.strerror}") from error
    for capability in range(_LAST_CAPABILITY):
        if capability not in spec["capabilities"]:
            # The result is ignored: a kernel may not have every capability of the range.
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    try:
        if spec["groups"]:
            os.setgroups(spec["groups"])
        if spec["group"] is not None:
            os.setgid(spec["group"])
        if spec["user"] is not None:
            os.setuid(spec["user"])
    except OSError as error:
        who = f"user {spec['user']}, group {spec['group']}"
        raise SystemExit(f"container: cannot become {who}: {error.strerror}") from error
    if spec["no_new_privileges"]:
        _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl NO_NEW_PRIVS")
    try:
        os.execvpe(command[0], command, spec["environment"])  # noqa: S606
    except OSError as error:
        raise SystemExit(f"cannot execute {command[0]}: {error.strerror}") from error


def _assemble(
    root: Path,
    files: dict[Path, str],
    scratch: list[Path],
    writable: list[Path],
    mounts: list[tuple[Path, Path, bool]],
) -> None:
    """Assemble the root on a tmpfs: parents of the container's own paths are created, the rest is bound."""
    _mount("tmpfs", root, "tmpfs", 0)
    targets = [target for _, target, _ in mounts]
    own_parents = {parent for path in [*files, *scratch, *targets, *writable] for parent in path.parents}
    own_parents |= set(writable)
    _mirror(Path("/"), root, own_parents | set(scratch), files.keys() | {*scratch, *targets})
    for path in scratch:
        target = root / path.relative_to("/")
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o1777)
    for source, path, read_only in mounts:
        target = root / path.relative_to("/")
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        _bind(source, target, read_only=read_only)
    for path, text in files.items():
        target = root / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", errors="surrogateescape")


def _mirror(source: Path, target: Path, own_parents: set[Path], replaced: set[Path]) -> None:
    for entry in sorted(source.iterdir()):
        copy = target / entry.name
        if entry in replaced:
            continue
        if entry.is_symlink():
            copy.symlink_to(entry.readlink())
        elif entry.is_dir() and entry in own_parents:
            copy.mkdir()
            _mirror(entry, copy, own_parents, replaced)
        elif entry.is_dir():
            copy.mkdir()
            _bind(entry, copy)
        elif entry.exists():
            copy.touch()
            _bind(entry, copy)


def _bind(source: Path, target: Path, *, read_only: bool = True) -> None:
    _mount(str(source), target, None, _MS_BIND | _MS_REC)
    if not read_only:
        return
    attributes = (ctypes.c_uint64 * 4)(_MOUNT_ATTR_RDONLY, 0, 0, 0)
    result = _libc.syscall(
        _SYS_MOUNT_SETATTR, -100, str(target).encode(), _AT_RECURSIVE, attributes, ctypes.sizeof(attributes)
    )
    _checked(result, f"make {target} read-only (needs Linux 5.12)")


def _mount(source: str, target: Path, filesystem: str | None, flags: int) -> None:
    result = _libc.mount(
        source.encode(), str(target).encode(), filesystem.encode() if filesystem else None, flags, None
    )
    _checked(result, f"mount {source} on {target}")


def _checked(result: int, action: str) -> None:
    if result < 0:
        raise SystemExit(f"container: cannot {action}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main(sys.argv[1])
