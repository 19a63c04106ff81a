"""Why a DHCP server did not start: known log lines, each with a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.paths import shown
from edgeboot.host.host_view import HostInterface
from edgeboot.server.dnsmasq.config import as_cause, every_line, line_of
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
    (r"cannot access directory (\S+):", "mount a directory at {0}, or take that line out"),
    (r"cannot open or create lease file (\S+):", "mount a volume where {0} is to be written"),
    (
        r"cannot open log (\S+):",
        "write log-facility=-, which is where a container's log is read, or mount a volume there",
    ),
    (r"TFTP directory (\S+) inaccessible", "mount the boot files at {0}, or correct tftp-root="),
    (
        r"unknown user or group:? (\S+)",
        "write user= and group= as the image has them: Debian's nobody is of nogroup",
    ),
)
_UNKNOWN_INTERFACE: Final = re.compile(r"unknown interface (\S+)")
_A_RANGE: Final = "write one, such as dhcp-range=FIRST,LAST,NETMASK,12h, or include the file that has it"
_FOREGROUND: Final = "keep it in the foreground: --no-daemon or --keep-in-foreground among the Pod's args"


def start_failure(
    log: ServerLog,
    since: int,
    exit_status: int | None,
    config: ServerConfig,
    interfaces: Callable[[], Sequence[HostInterface]] = tuple,
) -> LabError:
    """The error for a server that ended, or never logged that it is ready, with the reason in its log.

    Args:
        log: the server's.
        since: the number of its first line in the log.
        exit_status: None while it runs.
        config: its configuration.
        interfaces: those of its host, read only if the log is about one; none where they cannot be read.
    """
    logged = [line.text for line in log.lines[since:]]
    state = "runs but serves no DHCP" if exit_status is None else f"ended with status {exit_status}"
    if exit_status is None and all(each.name != "dhcp-range" for each in every_line(config)):
        # Its last words are of something else: it does what it is told.
        return LabError("dhcp-server", f"{state}: {shown(config.source)} has no dhcp-range", _A_RANGE)
    for text in reversed(logged):
        explained = _explained(text, interfaces)
        if explained is not None:
            fact, hint = explained
            return LabError(
                "dhcp-server", f"{state}, saying {_said(text, config)!r}{_place(text, config)}{fact}", hint
            )
    last = _said(logged[-1], config) if logged else "nothing"
    hint = _FOREGROUND if exit_status == 0 else f"look at {shown(config.source)}"
    return LabError("dhcp-server", f"{state}, saying {last!r}", hint)


def _explained(text: str, interfaces: Callable[[], Sequence[HostInterface]]) -> tuple[str, str] | None:
    """What is known beside a line of the log, and a hint; None for a line that says nothing known."""
    unknown = _UNKNOWN_INTERFACE.search(text)
    without_address = _without_address(unknown[1], interfaces()) if unknown else None
    if without_address is not None:
        return without_address
    for pattern, hint in _CAUSES:
        match = re.search(pattern, text)
        if match:
            return "", hint.format(*match.groups())
    return None


def _without_address(name: str, interfaces: Sequence[HostInterface]) -> tuple[str, str] | None:
    """Why dnsmasq does not know an interface that is there, and what to do; None where it is not there."""
    found = next((each for each in interfaces if each.name == name), None)
    if found is None:
        return _in_place_of_it(interfaces)
    if found.addresses:
        return None
    bridge = next((each for each in interfaces if each.name == found.bridge), None)
    if bridge is None:
        hint = f"give {name} its address: ip addr show {name}; is it managed by NetworkManager or netplan?"
        return f", but {name} is there and has no IPv4 address", hint
    addresses = ", ".join(str(address.ip) for address in bridge.addresses) or "no address either"
    fact = f", but {name} is there, has no IPv4 address and is a port of {bridge.name}, which has {addresses}"
    return fact, f"name the bridge, interface={bridge.name}, or take {name} out of it"


def _in_place_of_it(interfaces: Sequence[HostInterface]) -> tuple[str, str] | None:
    """What the host has in place of an interface that is not there; None where that is not known."""
    others = [each for each in interfaces if each.addresses and not each.addresses[0].is_loopback]
    if not others:
        return None
    fact = f", and there is none of that name; there are {', '.join(map(str, others))}"
    return fact, "name the one on the edge segment in interface= (manifests/node/network.yaml)"


def _said(text: str, config: ServerConfig) -> str:
    """A line of the log, which counts lines of the operator's file rather than of the container's."""
    inside = f" of {config.mount_path}"
    return text.strip().replace(inside, f" of {shown(config.source)}")


def _place(text: str, config: ServerConfig) -> str:
    """The line of the configuration that the log line counts, or whose value it has; empty without one."""
    counted = re.search(rf"at line (\d+) of {re.escape(config.mount_path)}", text)
    if counted is not None:
        return f" ({shown(config.source)}:{counted[1]} {line_of(config.text, int(counted[1]))})"
    said = {word.rstrip(":,") for word in text.split()}
    for line in every_line(config):
        if line.value and line.value in said:
            return f" ({as_cause(line, config)})"
    return ""
