"""Entering a user namespace: the whole of it or nothing, and the reason where it is nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

import pytest

NOBODY: Final = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
WITHOUT_CAPABILITIES: Final = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
NO_MORE: Final = ("unshare", "--user", "--map-root-user", "sh", "-c")
ENTER: Final = """
import os
from edgeboot.base.errors import LabError
from edgeboot.host.user_namespace import enter_user_namespace

def state():
    return [os.readlink(f"/proc/self/ns/{kind}") for kind in ("user", "net", "mnt")] + [os.geteuid()]

before = state()
try:
    enter_user_namespace()
except LabError as error:
    print("refused", state() == before, error)
else:
    print("entered", not set(state()[:3]) & set(before), os.geteuid(), sorted(os.listdir("/run")))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_ordinary_user_becomes_root_of_namespaces_of_his_own() -> None:
    """All three are new, and /run is theirs."""
    assert said(*NOBODY, sys.executable, "-c", ENTER) == "entered True 0 ['netns']"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's capabilities can be taken away")
def test_process_that_may_not_be_mapped_stays_where_it_is() -> None:
    """unshare succeeds, the map cannot be written: nobody in a new namespace would be left."""
    told = said(*WITHOUT_CAPABILITIES, sys.executable, "-c", ENTER)
    assert told.startswith("refused True lab netns: "), told
    assert "/proc/self/uid_map: Operation not permitted (mapping root takes CAP_SETFCAP)" in told


def test_namespaces_that_are_used_up_are_the_reason() -> None:
    """Where the kernel's limit is zero, as a distribution may have it."""
    script = f'echo 0 >/proc/sys/user/max_user_namespaces; exec "{sys.executable}" -c "$1"'
    told = said(*NO_MORE, script, "sh", ENTER)
    assert told.startswith("refused True lab netns: "), told
    assert "unshare: No space left on device (user.max_user_namespaces or" in told


def test_process_with_threads_is_refused() -> None:
    """The kernel moves no such process into a user namespace."""
    waiting = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    assert "refused True lab netns: " in (told := said(sys.executable, "-c", waiting + ENTER))
    assert "a process with 2 threads" in told


def said(*command: str) -> str:
    """What the command prints."""
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()
