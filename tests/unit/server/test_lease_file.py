"""Where a dnsmasq keeps its leases, by configuration, command line or default."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import pytest

from edgeboot.server.dnsmasq.abilities import switched_off
from edgeboot.server.dnsmasq.lease_file import lease_file, lease_storage
from edgeboot.spec.contract.server_terms import Ability, LogFormat, ServerTerms
from edgeboot.spec.manifests.deployment import load_deployment

from ..samples import config

FIXED: Final = load_deployment("poc-fixed")


@pytest.mark.parametrize(
    "text,command,path",
    [
        ("port=0", "dnsmasq", "/var/lib/misc/dnsmasq.leases"),
        ("dhcp-leasefile=/srv/l", "dnsmasq", "/srv/l"),
        (" dhcp-leasefile = /srv/l # here", "dnsmasq", "/srv/l"),
        ("#dhcp-leasefile=/srv/l", "dnsmasq --dhcp-leasefile=/run/l", "/run/l"),
        ("", "dnsmasq --dhcp-leasefile /run/l", "/run/l"),
        ("", "dnsmasq -l /run/l", "/run/l"),
        ("dhcp-leasefile=/srv/l", "dnsmasq -l /run/l", "/srv/l"),
        ("dhcp-leasefile=leases", "dnsmasq", "/leases"),
        ("", "dnsmasq -l", "/var/lib/misc/dnsmasq.leases"),
    ],
)
def test_lease_file_is_where_dnsmasq_puts_it(text: str, command: str, path: str) -> None:
    """Its configuration decides before its command line (measured with dnsmasq 2.90)."""
    assert lease_file(config(text), command.split()).path == PurePosixPath(path)


@pytest.mark.parametrize(
    "text,words",
    [
        ("", "dnsmasq.leases is in volume leases: "),
        (
            "dhcp-leasefile=/srv/l",
            r"/srv/l (dnsmasq.conf:1 dhcp-leasefile=/srv/l) is in no volume, so",
        ),
        ("leasefile-ro", "by dnsmasq.conf:1 leasefile-ro leases are written nowhere"),
    ],
)
def test_lost_leases_are_explained_by_their_place(text: str, words: str) -> None:
    """With the line that names the file, and the volumes that are mounted."""
    storage = lease_storage(replace(FIXED, config=config(text)))
    assert words in str(storage)
    assert str(storage.cause) in str(storage)


@pytest.mark.parametrize(
    "text,terms,lacking",
    [
        ("no-ping", ServerTerms(), {Ability.PING_CHECK}),
        ("no-ping", ServerTerms(ping_check=True), set()),
        ("no-ping", ServerTerms(ping_check=False), set()),
        ("no-ping", ServerTerms(log=LogFormat.OTHER), set()),
        ("dhcp-leasefile=/srv/l", ServerTerms(), {Ability.KEEPS_LEASES}),
        ("dhcp-leasefile=/srv/l", ServerTerms(keeps_leases=True), set()),
        ("dhcp-leasefile=/var/lib/misc/l", ServerTerms(), set()),
        ("", ServerTerms(), set()),
    ],
)
def test_configuration_decides_what_the_contract_leaves_open(
    text: str, terms: ServerTerms, lacking: set[Ability]
) -> None:
    """What the contract states is tested, whatever the configuration says."""
    assert switched_off(terms, replace(FIXED, config=config(text))).keys() == lacking
