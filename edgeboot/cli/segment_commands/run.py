"""``edgeboot segments run``: a Pod of the Job becomes ``edgeboot verify`` with the row of its index."""

from __future__ import annotations

import argparse
import atexit
import base64
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.labs.clean import clean
from edgeboot.labs.many_segments.cluster import access_of
from edgeboot.labs.many_segments.own_row import kubeconfig_file, own_contract, own_row, verify_arguments
from edgeboot.labs.many_segments.planned import PlannedRow
from edgeboot.report.termination_message import TerminationMessage
from edgeboot.server.pod.rights import Right

_KEY: Final = "config"
"""Of the Secret, that has the kubeconfig."""
_KUBECONFIG: Final = "EDGEBOOT_KUBECONFIG"
"""The option itself is pytest-kind's, which an image may lack."""


def act(options: argparse.Namespace) -> NoReturn:
    """Be another program; a run that cannot begin leaves its words in the termination message.

    Raises:
        UsageError: there is no row of this index, or no Secret as it names.
        LabError: the API server does not give it.
    """
    row = None
    try:
        row = own_row(options.rows, os.environ)
        # A journal is undone by the next run of its segment, which has the kubeconfig for it.
        os.environ["XDG_STATE_HOME"] = str(options.volume / "state" / row.name)
        contract = own_contract(row, options.rows, options.memory)
        kubeconfig = _kubeconfig(options, row)
    except EdgebootError as error:
        if row is not None:
            _give_back()
        with suppress(UsageError):  # The words are on standard error, too.
            TerminationMessage.of_error(error, None if row is None else row.name).write(
                options.termination_message
            )
        raise
    arguments = verify_arguments(row, contract, options.volume, options.termination_message)
    if kubeconfig is not None:
        os.environ[_KUBECONFIG] = str(kubeconfig)
    _give_back()
    command = [sys.executable, "-m", "edgeboot.cli.main", "verify", *arguments]
    print(f"segment {row.name}: edgeboot verify {' '.join(arguments)}", flush=True)
    atexit._run_exitfuncs()  # noqa: SLF001 - the client's files with certificates and keys, which outlive an exec
    os.execv(command[0], command)  # noqa: S606 - no shell is needed


def _give_back() -> None:
    """What a killed run of the segment has left on this node, whatever becomes of this one.

    What cannot be given back is told by ``edgeboot verify``, too, which tries again.
    """
    try:
        clean(on_removed=lambda each: print(f"removed {each}", flush=True))
    except EdgebootError as error:
        print(f"edgeboot: {error}", file=sys.stderr)


def _kubeconfig(options: argparse.Namespace, row: PlannedRow) -> Path | None:
    """A file with the kubeconfig of the row's Secret; None where it names none."""
    name = row.kubeconfig_secret
    if name is None:
        return None
    access = access_of(options)
    core = access.core()
    found: Any = access.find(Right.GET_SECRET, lambda: core.read_namespaced_secret(name, access.namespace))
    where = f"segment {row.name}: secret {name}"
    if found is None:
        hint = f"kubectl create secret generic {name} --from-file={_KEY}=KUBECONFIG"
        raise UsageError(where, f"is not in namespace {access.namespace}", hint)
    if _KEY not in (found.data or {}):
        problem = f"has no key {_KEY!r}, found {', '.join(found.data or ()) or 'none'}"
        raise UsageError(where, problem, f"put the kubeconfig under the key {_KEY}")
    return kubeconfig_file(base64.b64decode(found.data[_KEY]), options.memory)
