"""What dnsmasq reads beside its configuration file: the command line, and files that it includes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.server.dnsmasq.abilities import switched_off
from edgeboot.server.dnsmasq.config import as_cause, every_line, unknown_includes
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.spec.contract.server_terms import Ability, ServerTerms
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig, load_deployment

FIXED: Final = load_deployment("poc-fixed")
PODS: Final = Cause("pod.yaml", 27, "args:")


def mounted(path: str, text: str) -> ServerConfig:
    """A file of a ConfigMap in the container."""
    return ServerConfig(text, Path(path.rpartition("/")[2]), path)


BESIDE: Final = (
    mounted("/etc/site/b.conf", "dhcp-option=3\n"),
    mounted("/etc/site/a.conf", "no-ping\n"),
    mounted("/etc/site/hosts", "02:de:ad:00:00:01,192.168.99.21\n"),
)


@pytest.mark.parametrize(
    "line,included",
    [
        ("conf-file=/etc/site/a.conf", ["no-ping"]),
        ("conf-dir=/etc/site/,*.conf", ["no-ping", "dhcp-option=3"]),
        ("conf-dir=/etc/site,hosts", ["no-ping", "dhcp-option=3"]),
        ("conf-dir=/etc/other", []),
        ("dhcp-hostsfile=/etc/site/hosts", []),
    ],
)
def test_files_of_the_config_map_are_read_where_they_are_included(line: str, included: list[str]) -> None:
    """In the order of their names, behind the line that includes them."""
    config = replace(mounted("/etc/dnsmasq.conf", f"{line}\nport=0\n"), beside=BESIDE)
    assert [str(each) for each in every_line(config)] == [line, *included, "port=0"]


@pytest.mark.parametrize("file,unknown", [("/m/main.conf", []), ("/etc/of-the-image", ["conf-file"])])
def test_argument_that_names_the_configuration_includes_nothing_unknown(
    file: str, unknown: list[str]
) -> None:
    """It is how dnsmasq is told of the very file that is read here."""
    arguments = (f"--conf-file={file}",)
    config = ServerConfig("", Path("main.conf"), "/m/main.conf", arguments=arguments, arguments_at=PODS)
    assert [each.name for each in unknown_includes(config)] == unknown


def test_cause_names_the_file_that_has_the_line() -> None:
    """Not the one that includes it, and a manifest for an option of the command line."""
    text = "conf-file=/etc/site/a.conf\n"
    config = ServerConfig(text, Path("main.conf"), "/m", beside=BESIDE, arguments=("-5",), arguments_at=PODS)
    told = [str(as_cause(each, config)) for each in every_line(config)]
    assert told == ["pod.yaml:27 no-ping", "main.conf:1 conf-file=/etc/site/a.conf", "a.conf:1 no-ping"]


@pytest.mark.parametrize("arguments", [("--no-ping",), ("-k", "-5")])
def test_ping_check_may_be_switched_off_on_the_command_line(arguments: tuple[str, ...]) -> None:
    """The header then names the manifest; another command than the Pod's has its own arguments."""
    config = replace(FIXED.config, text="port=0\n", arguments=arguments)
    [(ability, line)] = switched_off(ServerTerms(), replace(FIXED, config=config)).items()
    assert (ability, line.text) == (Ability.PING_CHECK, "no-ping")
    assert line.file is not None
    assert line.file.endswith("pod.yaml")
    assert switched_off(ServerTerms(), replace(FIXED, config=config.without_arguments)) == {}


def test_configuration_decides_before_the_command_line() -> None:
    """As dnsmasq does with its lease file."""
    config = replace(FIXED.config, text="dhcp-leasefile=/srv/l\n", arguments=("--dhcp-leasefile=/run/l",))
    assert str(lease_file(config, config.arguments).path) == "/srv/l"
