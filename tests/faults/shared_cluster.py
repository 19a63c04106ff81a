"""One kind cluster for all faults that need one: each run reuses it and leaves it running."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from edgeboot.host.journal import Journal
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.options import KindOptions

NAME: Final = "edgeboot-faults"


@contextmanager
def shared_cluster() -> Iterator[tuple[str, ...]]:
    """Brings up the cluster, as long as the context lasts; yields the arguments by which a run uses it.

    Raises:
        LabError: it cannot be made, or another cluster of that name is running.
    """
    with Journal(f"{secrets.token_hex(3)}-faults-cluster") as journal:
        Cluster(KindOptions(cluster_name=NAME), journal).up()
        yield (f"--cluster-name={NAME}",)
