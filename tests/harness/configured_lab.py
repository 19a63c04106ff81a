"""A lab in this process whose dnsmasq has a configuration of a test's own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.protocol import NodeContent
from edgeboot.spec.manifests.deployment import load_deployment


@contextmanager
def configured_lab(text: str, directory: Path, name: str, profile: str = "poc-fixed") -> Iterator[NetnsLab]:
    """Up inside the context; the configuration is written into the directory."""
    candidate = directory / "dnsmasq.conf"
    candidate.write_text(text, encoding="utf-8")
    lab = NetnsLab(f"{secrets.token_hex(3)}-{name}", NodeContent(load_deployment(profile, candidate)))
    lab.up()
    try:
        yield lab
    finally:
        lab.down()
