"""Runs a command beside an Orchestrator: python -m tests.rehearsal [--serving] COMMAND.

With --serving the site has deployed its own DHCP server, for a run with --deploy no; with
--serving=pxe-server the production chart's.

The command has only CAP_NET_ADMIN and CAP_NET_RAW if this checkout belongs to its user; with
--as-root, which --disruptive needs, it has all capabilities. It gets what an operator has, in
EDGEBOOT_KUBECONFIG, EDGEBOOT_NAMESPACE and EDGEBOOT_INTERFACE. Afterwards everything on the site
must be unchanged, and the second tenant must have nothing to complain of. It needs what the kind
lab needs: tools/kind-lab.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.rehearsal.operator import limit_capabilities
from tests.rehearsal.pxe_server import pxe_server
from tests.rehearsal.site import rehearsal, site_server
from tests.rehearsal.snapshot import Snapshot

_SERVERS: Final = {"--serving": site_server, "--serving=pxe-server": pxe_server}

_AS_ROOT: Final = "--as-root"


def main(command: list[str]) -> int:
    """Run the command beside a site; its exit status, or 1 if the site was changed."""
    site_servers = [_SERVERS[word] for word in command if word in _SERVERS]
    limits = [] if _AS_ROOT in command else limit_capabilities()
    command = [word for word in command if word not in _SERVERS and word != _AS_ROOT]
    if not command:
        print(__doc__, file=sys.stderr)
        return 64
    with ExitStack() as stack:
        site = stack.enter_context(rehearsal(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        for serve in site_servers:
            stack.enter_context(serve(site))
        print(f"rehearsal: {site.cluster.name} is up, {site.tenant.summary}", flush=True)
        before = Snapshot.of(site)
        status = subprocess.run(
            [*limits, *command], env=os.environ | site.operator_environment, check=False
        ).returncode
        differences = before.differences(Snapshot.of(site))
        for name, lines in differences.items():
            print(f"rehearsal: {name.replace('_', ' ')} not as before:\n{lines}")
        if not differences:
            print("rehearsal: libvirt, links, packet filter, cluster and leases are as they were")
        print(f"rehearsal: {site.tenant.summary}", flush=True)
        return status or int(bool(differences or site.tenant.complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
