"""kubectl, as the site's administrator types it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rehearsal.site import NAMESPACE


@dataclass(frozen=True)
class Kubectl:
    """kubectl with a kubeconfig, in the namespace of the nightly run."""

    kubeconfig: Path

    def __call__(self, *arguments: str, given: str | None = None) -> str:
        """The standard output of a command; ``given`` is its standard input.

        Raises:
            AssertionError: it failed; with its standard error.
        """
        command = ["kubectl", f"--kubeconfig={self.kubeconfig}", f"--namespace={NAMESPACE}", *arguments]
        finished = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, f"{' '.join(arguments)}: {finished.stderr}"
        return finished.stdout

    def get(self, *arguments: str) -> Any:
        """Objects as ``kubectl get --output=json`` has them."""
        return json.loads(self("get", *arguments, "--output=json"))
