"""Who holds a Lease: node, Pod and run, as its holderIdentity says."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

NODE: Final = "EDGEBOOT_NODE"
"""The variable with the node's name, by the downward API (spec.nodeName)."""
POD: Final = "EDGEBOOT_POD"
"""The variable with the Pod's name (metadata.name); the host name of a Pod with hostNetwork is its node's."""


def holder_identity(run: str, environment: Mapping[str, str] = os.environ) -> str:
    """``node/pod/run`` in a Pod; outside of one this machine and this process in place of the first two."""
    node = environment.get(NODE) or socket.gethostname()
    pod = environment.get(POD) or f"process {os.getpid()}"
    return f"{node}/{pod}/{run}"
