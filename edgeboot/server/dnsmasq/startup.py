"""Why a DHCP server did not start: known log lines, each with a hint."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import directives, line_of
from edgeboot.server.log import ServerLog
from edgeboot.spec.manifests.deployment import ServerConfig

_CAUSES: Final = (
    (
        r"cannot execute (\S+):",
        "install it: apt-get install dnsmasq-base, or name another with --dhcp-command",
    ),
    (
        r"unknown interface (\S+)",
        "name the node's interface in interface= (manifests/node/network.yaml); with hostNetwork: true",
    ),
    (r"missing required capability (\S+)", "add {0} to the container's capabilities"),
    (
        r"failed to create listening socket for .*Address already in use",
        "another resolver holds port 53: write port=0, which turns dnsmasq's off, or end the other",
    ),
    (r"Address already in use", "another server holds the port: end it"),
    (
        r"failed to bind DHCP server socket: Permission denied",
        "add NET_BIND_SERVICE to the container's capabilities",
    ),
    (r"setting capabilities failed", "add SETUID to the container's capabilities"),
    (r"failed to change group-id", "add SETGID to the container's capabilities"),
    (
        r"(bad .*|illegal repeated .*|missing .*|extraneous .*|inconsistent .*) at line (\d+)",
        "correct line {1}",
    ),
    (r"bad command line options", "correct the args of its container"),
    (r"cannot read (\S+)", "mount that file into the container"),
    (r"cannot open or create lease file (\S+):", "mount a volume where {0} is to be written"),
    (r"TFTP directory (\S+) inaccessible", "mount the boot files at {0}, or correct tftp-root="),
    (
        r"unknown user or group:? (\S+)",
        "write user= and group= as the image has them: Debian's nobody is of nogroup",
    ),
)
_FOREGROUND: Final = "keep it in the foreground: --no-daemon or --keep-in-foreground among the Pod's args"


def start_failure(log: ServerLog, since: int, exit_status: int | None, config: ServerConfig) -> LabError:
    """The error for a server that ended, or never logged that it is ready, with the reason in its log."""
    logged = [line.text for line in log.lines[since:]]
    state = "runs but serves no DHCP" if exit_status is None else f"ended with status {exit_status}"
    for text in reversed(logged):
        for pattern, hint in _CAUSES:
            match = re.search(pattern, text)
            if match:
                return LabError(
                    "dhcp-server",
                    f"{state}, saying {_said(text, config)!r}{_place(text, config)}",
                    hint.format(*match.groups()),
                )
    last = _said(logged[-1], config) if logged else "nothing"
    if exit_status == 0:
        return LabError("dhcp-server", f"{state}, saying {last!r}", _FOREGROUND)
    hint = f"look at {shown(config.source)}" + (": is there a dhcp-range?" if exit_status is None else "")
    return LabError("dhcp-server", f"{state}, saying {last!r}", hint)


def _said(text: str, config: ServerConfig) -> str:
    """A line of the log, which counts lines of the operator's file rather than of the container's."""
    inside = f" of {config.mount_path}"
    return text.strip().replace(inside, f" of {shown(config.source)}")


def _place(text: str, config: ServerConfig) -> str:
    """The line of the configuration that the log line counts, or whose value it has; empty without one."""
    counted = re.search(rf"at line (\d+) of {re.escape(config.mount_path)}", text)
    if counted is not None:
        return f" ({shown(config.source)}:{counted[1]} {line_of(config.text, int(counted[1]))})"
    for line in directives(config.text):
        if line.value and line.value in text.split():
            return f" ({shown(config.source)}:{line.number} {line})"
    return ""
