"""The kubeconfig that --kubeconfig or its variable names."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.orchestrator.options import OrchestratorOptions


def test_kubeconfig_of_another_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service's credentials are root's where its systemd could not hand them over."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)  # Root may read everything.
    options = OrchestratorOptions(interface="lo", kubeconfig=tmp_path / "config")
    with pytest.raises(UsageError, match=r"config: may not be read by this user; give its user"):
        options.check(100)


@pytest.mark.parametrize("name", ["absent", "."])
def test_kubeconfig_that_is_no_file_is_named(tmp_path: Path, name: str) -> None:
    """Before anything is asked of a cluster."""
    options = OrchestratorOptions(interface="lo", kubeconfig=tmp_path / name)
    with pytest.raises(UsageError, match="no such file; name a kubeconfig"):
        options.check(100)
