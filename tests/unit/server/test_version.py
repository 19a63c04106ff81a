"""Which dnsmasq it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.server.dnsmasq.version import logged_version, printed_version
from edgeboot.server.log import ServerLog


@pytest.mark.parametrize(
    "prints,version",
    [("Dnsmasq version 2.90  Copyright (c) 2000-2024 Simon Kelley", "2.90"), ("udhcpd 1.36", None)],
)
def test_program_prints_its_version(prints: str, version: str | None, tmp_path: Path) -> None:
    """Another program has none."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n[ $1 = --version ] && echo '{prints}'\n")
    program.chmod(0o755)
    assert printed_version(str(program)) == version


def test_program_that_cannot_be_run_has_no_version() -> None:
    """No error: a header is no place for one."""
    assert printed_version("/absent/dnsmasq") is None


def test_started_server_logs_its_version() -> None:
    """Before that line it is not known."""
    log = ServerLog()
    assert logged_version(log) is None
    log.add("dnsmasq: started, version 2.91 cachesize 150")
    assert logged_version(log) == "2.91"
