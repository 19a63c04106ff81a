"""Prometheus' own servers as Debian has them, on the loopback interface and for the time of a test."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from edgeboot.base.deadline import eventually
from edgeboot.base.paths import PROJECT

_LISTENS: Final = re.compile(r'msg="Listening on" address=(\S+)')
IN_MEMORY: Final = "--persistence.file="
"""Debian's Pushgateway would keep what it gets, for a later test and for the machine's own, in /var/lib."""
_OWN_DATA: Final = {
    "prometheus": "--storage.tsdb.path=data",
    "prometheus-pushgateway": IN_MEMORY,
}
"""Debian's defaults are directories of the machine's own servers."""
_START: Final = timedelta(seconds=30)
"""On a busy machine."""


def program(name: str) -> str:
    """The path of ``promtool``, ``prometheus`` or ``prometheus-pushgateway``."""
    command = (str(PROJECT / "tools" / "prometheus"), name)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def running(name: str, directory: Path, *arguments: str) -> Iterator[str]:
    """A server at a free port; its URL. It does not outlive this process, even if that is killed."""
    log = directory / f"{name}.log"
    own = ("--web.listen-address=127.0.0.1:0", _OWN_DATA[name])
    command = ["setpriv", "--pdeathsig=KILL", program(name), *own, *arguments]
    with log.open("wb") as output, subprocess.Popen(command, cwd=directory, stderr=output) as process:

        def listens() -> str | None:
            assert process.poll() is None, log.read_text()
            found = _LISTENS.search(log.read_text())
            return found and f"http://{found[1]}"

        try:
            url = eventually(f"{name} listens", listens, _START, f"read {log}")
            eventually(f"{name} is ready", lambda: is_ready(url) or None, _START, f"read {log}")
            yield url
        finally:
            process.kill()


def is_ready(url: str) -> bool:
    """Whether a server has read its data; one that asks for a password does so then."""
    try:
        with urlopen(f"{url}/-/ready", timeout=1) as answer:  # noqa: S310 - a test's own server
            return bool(answer.status == HTTPStatus.OK)
    except HTTPError as error:
        with error:
            return error.code == HTTPStatus.UNAUTHORIZED
    except (URLError, TimeoutError):
        return False
