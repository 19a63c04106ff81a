"""Where dnsmasq keeps its leases, and whether that place outlives its container."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment, ServerConfig

DEFAULT: Final = PurePosixPath("/var/lib/misc/dnsmasq.leases")
"""Where dnsmasq 2.90 writes without ``dhcp-leasefile`` (``dnsmasq --help``)."""
_OPTION: Final = "dhcp-leasefile"
_SHORT: Final = "-l"


@dataclass(frozen=True, slots=True)
class LeaseFile:
    """The lease database of a dnsmasq, as a path inside its container."""

    path: PurePosixPath
    line: Cause | None
    """The line of dnsmasq.conf that names it; None where none does."""

    def __str__(self) -> str:
        return f"{self.path}" if self.line is None else f"{self.path} ({self.line})"


def lease_file(config: ServerConfig, command: Sequence[str]) -> LeaseFile:
    """The lease database by the configuration, else by the command line: dnsmasq takes them in this order.

    Args:
        config: the server's configuration.
        command: the words of its command line.
    """
    for directive in reversed(every_line(config)):
        if directive.name == _OPTION and directive.value:
            line = as_cause(directive, config)
            return LeaseFile(_absolute(directive.value), line)
    for word, following in pairwise((*command, "")):
        if word.startswith(f"--{_OPTION}="):
            return LeaseFile(_absolute(word.partition("=")[2]), None)
        if word in {_SHORT, f"--{_OPTION}"} and following:
            at = config.arguments_at
            named = None if at is None else replace(at, text=f"{word} {following}")
            return LeaseFile(_absolute(following), named)
    return LeaseFile(DEFAULT, None)


@dataclass(frozen=True, slots=True)
class LeaseStorage:
    """For a failure of leases that were lost: the lease database, and the volume it is in or not in."""

    words: str
    """They quote the cause."""
    cause: Cause

    def __str__(self) -> str:
        return self.words


def lease_storage(deployment: Deployment) -> LeaseStorage:
    """What decides whether leases outlive the container of a deployed Pod."""
    for directive in every_line(deployment.config):
        if directive.name == "leasefile-ro":
            line = as_cause(directive, deployment.config)
            return LeaseStorage(f"by {line} leases are written nowhere", line)
    file, mounts = lease_file_of(deployment), deployment.cause_of("volumeMounts")
    volume = deployment.pod.volume_of(file.path)
    place = "in no volume, so it ends with the container" if volume is None else f"in volume {volume.name}"
    return LeaseStorage(f"the lease database {file} is {place}: {mounts}", mounts)


def lease_file_of(deployment: Deployment) -> LeaseFile:
    """The lease database of a deployed Pod."""
    return lease_file(deployment.config, deployment.config.arguments)


def _absolute(text: str) -> PurePosixPath:
    """dnsmasq opens its lease file in its working directory, the root of an image without WORKDIR."""
    return PurePosixPath("/", text)
