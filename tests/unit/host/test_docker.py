"""Docker's command line, where it may be missing."""

from __future__ import annotations

import pytest

from edgeboot.host.docker import image


def test_machine_without_docker_has_no_image(monkeypatch: pytest.MonkeyPatch) -> None:
    """The header and the doctor describe the kind lab also where docker is not installed."""
    monkeypatch.setenv("PATH", "")
    assert image("localhost/any") is None
