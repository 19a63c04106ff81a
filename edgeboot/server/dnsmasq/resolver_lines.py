"""The lines of a dnsmasq.conf that decide what its resolver answers for a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

NO_DNS: Final = "port=0"
"""The line that turns the resolver off."""
_OF_DOMAINS: Final = frozenset({"address", "server", "local", "rev-server"})
"""Their domains stand between slashes, and stand for the names below them, too."""
_OF_NAMES: Final = frozenset({"host-record", "cname", "interface-name"})
"""Their names stand between commas."""


def serves_names(lines: Iterable[Directive]) -> bool:
    """Whether dnsmasq is a resolver, too, and names itself as one (option 6) where no line says another."""
    return not any(str(line) == NO_DNS for line in lines)


def resolver_causes(names: Iterable[str], config: ServerConfig) -> tuple[Cause, ...]:
    """The lines about these names, else those about every name; one that is missing where there is none."""
    lines, wanted = every_line(config), tuple(names)
    own = [line for line in lines if any(name in _named(line) for name in _with_parents(wanted))]
    found = own or [line for line in lines if line.name == "server" and not line.value.startswith("/")]
    if found:
        return tuple(as_cause(line, config) for line in found)
    text = f"has no address=/{wanted[0]}/ADDRESS and no server= line" if wanted else "has no server= line"
    return (
        Cause(shown(config.source), None, f"{text}: dnsmasq knows only what its hosts and resolv files have"),
    )


def _named(line: Directive) -> frozenset[str]:
    if line.name in _OF_DOMAINS:
        return frozenset(line.value.split("/")[1:-1]) - {""}
    return frozenset(line.value.split(",")) if line.name in _OF_NAMES else frozenset()


def _with_parents(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        labels = name.split(".")
        yield from (".".join(labels[start:]) for start in range(len(labels)))
