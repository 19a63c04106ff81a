"""A server of the user's own in the place of the Pod's command: its words, and when it is ready."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.namespace import in_namespace

_BOOTPS_SOCKET: Final = re.compile(r"^\s*\d+: [0-9A-F]{8}:0043 ", re.MULTILINE)


def server_command(text: str, interface: str = "", config: str = "") -> tuple[str, ...]:
    """``--dhcp-command`` as words, with {interface} and {config} filled in.

    Raises:
        UsageError: it has an open quote, another placeholder, or no words.
    """
    try:
        words = tuple(word.format(interface=interface, config=config) for word in shlex.split(text))
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise UsageError(
            f"--dhcp-command {text!r}",
            f"cannot be read ({error})",
            "use {interface} and {config}, write other braces twice, and close every quote",
        ) from error
    if not words:
        raise UsageError(f"--dhcp-command {text!r}", "names no program", "name one, or leave the option out")
    return words


def has_bound_the_dhcp_port(namespace: str) -> bool:
    """Whether a process of the namespace has a UDP socket at port 67."""
    return _BOOTPS_SOCKET.search(in_namespace(namespace, _udp_sockets)) is not None


def _udp_sockets() -> str:
    return Path("/proc/thread-self/net/udp").read_text(encoding="ascii")
