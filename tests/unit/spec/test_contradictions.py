"""Terms that exclude each other: one error with file, field, what is wrong, and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.spec.contract.contradictions.found import contradictions
from edgeboot.spec.contract.contradictions.storm import impossible
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.unit.spec.test_contract import contract

PROXY: dict[str, Any] = {
    "role": "proxy",
    "servers": 2,
    "proxy": {"address_server": "192.168.99.2", "tftp_ports": [40000, 40049]},
}
MACHINE = {"mac": "02:de:ad:00:00:01"}
STORM: dict[str, Any] = {
    "netmask": "255.0.0.0",
    "server_identifier": "10.0.0.10",
    "broadcast_address": "10.255.255.255",
    "pool": {"first": "10.1.0.0", "last": "10.7.255.255"},
    "routers": ["10.0.0.1"],
    "next_server": "10.0.0.40",
    "boots": {},
}
"""With addresses for more nodes than a storm can have."""
URL = "tftp://192.168.99.40/signed_ipxe.efi"


def proxy(**terms: Any) -> dict[str, Any]:
    """A ProxyDHCP's terms, with other ones about it."""
    return PROXY | {"proxy": PROXY["proxy"] | terms}


def boots(**stated: Any) -> dict[str, Any]:
    """What some clients boot, beside the default one."""
    names = {name.replace("_", "-"): url for name, url in stated.items()}
    return {"boots": {"edk2-pxe-x86-64": URL} | names}


def pool(first: str, last: str) -> dict[str, Any]:
    """A pool of one range."""
    return {"pool": {"first": first, "last": last}}


@pytest.mark.parametrize(
    "terms,field,problem",
    [
        ({"role": "proxy"}, "role", 'role = "proxy" and a table [proxy] belong together'),
        ({"proxy": PROXY["proxy"]}, "role", "belong together"),
        (PROXY | {"servers": 1}, "servers", "counts the site's own server"),
        (proxy(address_server="192.168.99.10"), "proxy.address_server", "is the server under test itself"),
        (proxy(tftp_ports=[40049, 40000]), "proxy.tftp_ports", "40049 comes after last 40000"),
        (
            PROXY | {"known_clients_only": True, "reservations": [MACHINE | {"address": "192.168.99.7"}]},
            "known_clients_only",
            "not of a ProxyDHCP",
        ),
        ({"renewal_time": "11h"}, "renewal_time", "renewal_time < rebinding_time < lease_time does not"),
        ({"rebinding_time": "12h"}, "renewal_time", "does not hold"),
        ({"lease_time": "6h"}, "renewal_time", "does not hold"),
        ({"minimum_lease_time": "24h"}, "minimum_lease_time", '"24h" is longer than lease_time, "12h"'),
        ({"server_identifier": "192.168.99.255"}, "server_identifier", "is the broadcast address of"),
        ({"broadcast_address": "192.168.98.255"}, "broadcast_address", "is not in 192.168.99.0/24"),
        (pool("192.168.98.5", "192.168.98.9"), "pool", "is not in 192.168.99.0/24"),
        (pool("192.168.99.100", "192.169.99.200"), "pool", "is not in 192.168.99.0/24"),
        (pool("192.168.99.5", "192.168.99.20"), "pool", "has 192.168.99.10, the server's own address"),
        (pool("192.168.99.200", "192.168.99.255"), "pool", "has 192.168.99.255, the broadcast address"),
        (
            {"reservations": [MACHINE | {"address": "192.168.99.10"}]},
            "reservations",
            "192.168.99.10 is reserved for 02:de:ad:00:00:01, and is the server's own address",
        ),
        (
            {"relayed": [{"network": "10.0.0.0/30"} | pool("10.0.0.1", "10.0.0.2")]},
            "relayed.0.pool",
            "there is no address for the relay",
        ),
        ({"addresses_per_boot": 4}, "addresses_per_boot", "is 4, and a boot has 3 stages"),
        (
            {"server": {"ignores_client_identifiers": True}},
            "addresses_per_boot",
            "is 2, and it knows a node by its MAC address alone",
        ),
        ({"options": [1, 28, 51, 53, 54, 58, 59, 67]}, "options", "router (3) is not allowed, and routers"),
        ({"options": [3, 28, 51, 53, 54, 58, 59, 67]}, "options", "subnet-mask (1) is not allowed"),
        (PROXY | {"options": [43, 60]}, "options", "is not allowed, and the protocol"),
        ({"next_server": "192.168.99.41"}, "next_server", "these terms name tftp://192.168.99.41/signed"),
        ({"bootfile": "ipxe.efi"}, "bootfile", "and boots.edk2-pxe-x86-64 is tftp://192.168.99.40/signed"),
        ({"bootfile": ""}, "bootfile", "and boots.edk2-pxe-x86-64 is tftp://192.168.99.40/signed"),
        (boots(edk2_http_x86_64=URL), "boots.edk2-http-x86-64", "fetches by http or https only"),
        (boots(pxe_bios="http://a/b"), "boots.pxe-bios", "fetches by tftp only"),
        (
            {"storm": {"nodes": 102}},
            "storm.nodes",
            "102 nodes need more than the 101 addresses of the pool, 192.168.99.100-192.168.99.200",
        ),
        (
            {"storm": {"nodes": 51, "rounds": ["firmware", "ipxe", "system"]}},
            "storm.nodes",
            "51 nodes with 2 addresses each need more than the 101 addresses",
        ),
        (STORM | {"storm": {"nodes": 200_000}}, "storm.nodes", "200000 are more than a storm can have"),
        (
            {"storm": {"nodes": 9, "arrival": "constant", "rate": 2e5}},
            "storm.rate",
            "200000 in a second are more than can be switched on",
        ),
        (
            {"storm": {"nodes": 9, "all_ready_within": "2h"}},
            "storm.all_ready_within",
            "2:00:00 is longer than a storm may last",
        ),
        (
            {"storm": {"nodes": 100, "arrival": "constant", "rate": 0.5}},
            "storm.rate",
            "100 nodes take 198 s to come, and the storm is over after 2m",
        ),
        (
            {"storm": {"nodes": 9, "all_ready_within": "4s"}},
            "storm.all_ready_within",
            "4s is no more than nodes need themselves: 4 s in which each waits for other offers",
        ),
        (
            {"storm": {"nodes": 9, "all_ready_within": "6s", "rounds": ["firmware", "ipxe"]}},
            "storm.all_ready_within",
            "6s is no more than nodes need themselves: 6 s in which each waits for other offers",
        ),
        (
            {"storm": {"nodes": 101, "arrival": "constant", "rate": 10, "all_ready_within": "13s"}},
            "storm.all_ready_within",
            "themselves: 10 s until the last one comes and 4 s in which each waits for other offers",
        ),
        ({"storm": {"nodes": 9, "ack_p99": "3s"}}, "storm.ack_p99", "3s is no more than nodes need"),
        (boots(windows=URL), "boots.windows", "it is an operating system's client"),
    ],
    ids=str,
)
def test_terms_that_exclude_each_other_are_found(terms: dict[str, Any], field: str, problem: str) -> None:
    """The first one is the cause of the others, if there are more."""
    first = next(contradictions(contract(**terms)))
    assert first.field == field
    assert problem in first.problem


def test_a_client_that_fetches_is_one_whose_patience_is_known() -> None:
    """A storm of guesses would say nothing of the server."""
    boots = {
        "edk2-pxe-x86-64": {"no_offer": "another server has it"},
        "edk2-http-x86-64": "http://192.168.99.40/a.efi",
    }
    [found] = impossible(contract(boots=boots, storm={"nodes": 9, "fetch": True}))
    assert found.field == "storm.fetch"
    assert "waits for a boot file is not known" in found.problem


@pytest.mark.parametrize("port", [67, 4011])
def test_port_that_clients_ask_must_not_be_closed(port: int) -> None:
    """A server that fulfilled this would answer nobody."""
    deployment = contract().deployment.model_dump() | {"closed_ports": {port: "nobody needs it"}}
    terms = contract(**(proxy(offers={"edk2-pxe-x86-64": "file"}) | {"deployment": deployment}))
    assert [each.field for each in contradictions(terms)] == [f"deployment.closed_ports.{port}"]


@pytest.mark.parametrize(
    "terms",
    [
        {"broadcast_address": "255.255.255.255"},
        {"netmask": "255.255.255.255", "pool": {"first": "192.168.99.10", "last": "192.168.99.10"}}
        | {"server_identifier": "192.168.99.10", "known_clients_only": True}
        | {"reservations": [MACHINE | {"address": "192.168.99.11"}]},
        {"pool": {"first": "192.168.99.2", "last": "192.168.99.254", "except": ["192.168.99.10"]}},
        {"reservations": [MACHINE | {"address": "192.168.99.40"}]},
        {"reservations": [MACHINE | {"address": "10.1.2.3"}]},
        {"bootfile": "/signed_ipxe.efi"},
        {"next_server": "192.168.99.10", "options": [1, 3, 28, 43, 51, 53, 54, 58, 59, 60, 67]},
        {"next_server": str(UNSPECIFIED), "boots": {"edk2-pxe-x86-64": URL.replace("40", "10")}},
        {"boots": {"ipxe-x86-64": "http://192.168.99.41/boot.ipxe"}},
        {"routers": [], "options": [1, 28, 51, 53, 54, 58, 59]},
        {"lease_time": "infinite", "options": [1, 3, 28, 51, 53, 54]},
        {"addresses_per_boot": 1, "server": {"ignores_client_identifiers": True}},
        {"storm": {"nodes": 101, "rounds": ["firmware", "ipxe"]}},
        {"storm": {"nodes": 100, "arrival": "poisson", "rate": 10, "all_ready_within": "5s"}},
        {"storm": {"nodes": 100, "arrival": "constant", "rate": 0.5, "all_ready_within": "4m"}},
        {"storm": {"nodes": 9, "offer_p99": "1s", "ack_p99": "5s", "all_ready_within": "5s"}},
        PROXY | {"server_identifier": "10.0.0.5", "netmask": "255.255.0.0"},
    ],
    ids=str,
)
def test_terms_of_a_right_site_go_together(terms: dict[str, Any]) -> None:
    """Unusual is not wrong: a menu, a boot server with a reservation, a ProxyDHCP of another network."""
    assert list(contradictions(contract(**terms))) == []


def test_contradiction_is_one_error_with_its_mend(tmp_path: Path) -> None:
    """File, field, problem and mend, before anything is collected."""
    path = tmp_path / "site.toml"
    base = contract_path("poc-fixed")
    path.write_text(f'based_on = "{base}"\nnext_server = "192.168.99.41"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"site\.toml: field next_server: .*; correct one of them"):
        load_contract(path)


def test_every_family_of_a_system_boots_nothing() -> None:
    """The table of clients and what families can fetch agree."""
    systems = [name for name, client in CLIENTS.items() if client.rules.name == "NOTHING"]
    found = [each.field for each in contradictions(contract(boots=dict.fromkeys(systems, URL)))]
    assert found == [f"boots.{name}" for name in systems]
