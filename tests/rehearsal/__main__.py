"""Runs a command beside an Orchestrator, as python -m tests.rehearsal [--serving] COMMAND does.

With --serving the site has deployed the DHCP server itself, for a run with --deploy no; with
--serving=pxe-server the production chart's.

The command has CAP_NET_ADMIN and CAP_NET_RAW, and no other capability, where this checkout is
its user's own; with --as-root, which --disruptive needs, all there are. It is given what a
stranger is given, as EDGEBOOT_KUBECONFIG, EDGEBOOT_NAMESPACE and EDGEBOOT_INTERFACE. Afterwards
everything on the site must be as it was, and the second tenant must have noticed nothing.
Needs what the kind lab needs: tools/kind-lab.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.rehearsal.operator import confined
from tests.rehearsal.pxe_server import pxe_server
from tests.rehearsal.site import rehearsal, server_of_the_site
from tests.rehearsal.snapshot import Snapshot

_SERVERS: Final = {"--serving": server_of_the_site, "--serving=pxe-server": pxe_server}

_AS_ROOT: Final = "--as-root"


def main(command: list[str]) -> int:
    """The command's status; 1 where the site is not as it was."""
    serves = [_SERVERS[word] for word in command if word in _SERVERS]
    limits = [] if _AS_ROOT in command else confined()
    command = [word for word in command if word not in _SERVERS and word != _AS_ROOT]
    if not command:
        print(__doc__, file=sys.stderr)
        return 64
    with ExitStack() as stack:
        site = stack.enter_context(rehearsal(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        for serve in serves:
            stack.enter_context(serve(site))
        print(f"rehearsal: {site.cluster.name} is up, {site.tenant.account}", flush=True)
        before = Snapshot.of(site)
        status = subprocess.run([*limits, *command], env=os.environ | site.given, check=False).returncode
        differences = before.differences(Snapshot.of(site))
        for name, lines in differences.items():
            print(f"rehearsal: {name.replace('_', ' ')} not as before:\n{lines}")
        if not differences:
            print("rehearsal: libvirt, links, packet filter, cluster and leases are as they were")
        print(f"rehearsal: {site.tenant.account}", flush=True)
        return status or int(bool(differences or site.tenant.noticed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
