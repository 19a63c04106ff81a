"""The contract of a run selects its tests: by role and by the server's abilities."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.dhcp.clients import CLIENTS


@pytest.mark.parametrize(
    "profile,selected,deselected",
    [
        ("poc", "test_addresses.py", "test_proxy_offer.py"),
        ("proxydhcp", "test_proxy_offer.py", "test_addresses.py"),
    ],
)
def test_tests_of_the_other_role_are_deselected(profile: str, selected: str, deselected: str) -> None:
    """They are deselected, not skipped; tests of both roles stay."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "-q", "--collect-only", "--lab=netns"]
    finished = subprocess.run(
        [*command, f"--profile={profile}", "tests/e2e"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"tests/e2e/{selected}::" in finished.stdout or f"tests/e2e/{selected}:" in finished.stdout, (
        finished.stdout
    )
    assert deselected not in finished.stdout
    assert "test_who_answers.py" in finished.stdout
    assert "deselected" in finished.stdout


def test_tests_of_missing_abilities_are_deselected(tmp_path: Path) -> None:
    """Without ping_check exactly the tests of the ping check are deselected."""
    contract = tmp_path / "no-ping.toml"
    base = CONTRACTS / "poc.toml"
    contract.write_text(f'based_on = "{base}"\n[server]\nping_check = false\n', encoding="utf-8")
    whole, run = collected("--profile=poc"), collected("--profile=poc", f"--contract={contract}")
    assert {name.partition("::")[2] for name in named_in(whole) - named_in(run)} == {
        "test_address_of_a_live_host_is_not_offered",
    }


def test_tests_of_a_foreign_address_are_deselected_where_there_is_none(tmp_path: Path) -> None:
    """A contract that relays every network leaves no address that a server must not know."""
    contract = tmp_path / "relay.toml"
    text = f'based_on = "{CONTRACTS / "poc-fixed.toml"}"\nrelay_networks = ["0.0.0.0/0"]\n'
    contract.write_text(text, encoding="utf-8")
    whole, run = collected("--profile=poc-fixed"), collected("--profile=poc-fixed", f"--contract={contract}")
    assert named_in(whole) - named_in(run) == {"test_relay.py::test_relay_of_another_network_is_not_answered"}
    gone = set(re.findall(r"\[.*(?:an)?other network.*\]", whole)) - set(re.findall(r"\[.*\]", run))
    assert gone == {
        "[another network's]",
        "[of another network]",
        "[ciaddr of another network]",
        "[from another network]",
        "[giaddr of another network]",
        "[requested address of another network]",
    }


def test_what_the_contract_has_no_boot_file_for_is_deselected(tmp_path: Path) -> None:
    """Of HTTP Boot alone no test of TFTP is left, and the header says as what nodes boot."""
    contract = tmp_path / "http.toml"
    nothing, url = '{ nothing = "set to HTTP Boot" }', "http://192.168.99.40/ipxe.efi"
    boots = f'edk2-pxe-x86-64 = {nothing}\npxe-bios = {nothing}\nedk2-http-x86-64 = "{url}"'
    text = f'based_on = "{CONTRACTS / "poc-fixed.toml"}"\nbootfile = "{url}"\n[boots]\n{boots}\n'
    for firmware in ("edk2-pxe-efi-bc", "edk2-pxe-arm64", "edk2-pxe-ia32"):
        text += f"{firmware} = {nothing}\n"
    contract.write_text(text, encoding="utf-8")
    run = collected("--profile=poc-fixed", f"--contract={contract}")
    left = {name.partition("::")[2] for name in named_in(run) if "test_boot_file.py" in name}
    assert left == {"test_http_boot_serves_the_boot_file", "test_http_serves_nothing_else"}


def collected(*options: str) -> str:
    """pytest's output when it collects the suite with these options."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--collect-only", "--lab=netns", "-n0", "-q"]
    finished = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, "tests/e2e"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stdout


def named_in(output: str) -> set[str]:
    """The files and names of the tests in pytest's output, without cases."""
    return set(re.findall(r"^tests/e2e/(\S+?::\w+)", output, re.MULTILINE))


def test_client_of_the_contract_takes_part_in_every_test_of_a_client(tmp_path: Path) -> None:
    """Its cases are collected beside those of the table, and what it is stated to boot is compared."""
    contract = tmp_path / "till.toml"
    text = '[clients.till]\nlike = "pxe-bios"\n[boots]\ntill = "tftp://192.168.99.40/till.bin"\n'
    contract.write_text(f'based_on = "{CONTRACTS / "poc-fixed.toml"}"\n{text}', encoding="utf-8")
    run = collected("--profile=poc-fixed", f"--contract={contract}")
    assert set(re.findall(r"::(\w+)\[till\]", run)) == {
        "test_client_boots_what_the_contract_says",
        "test_client_has_the_default_route_of_the_contract",
        "test_client_is_answered_or_left_alone_as_the_contract_says",
        "test_client_is_sent_only_options_the_contract_knows",
        "test_every_boot_file_field_names_the_same_file",
    }


def test_test_of_clients_that_a_contract_has_none_of_is_deselected(tmp_path: Path) -> None:
    """It is not skipped: where every client is stated, nothing is left to be judged by its family."""
    contract = tmp_path / "all.toml"
    boots = "\n".join(f'{name} = {{ nothing = "it is left out here" }}' for name in CLIENTS)
    contract.write_text(f'based_on = "{CONTRACTS / "poc-fixed.toml"}"\n[boots]\n{boots}\n', encoding="utf-8")
    run = collected("--profile=poc-fixed", f"--contract={contract}")
    assert "test_client_that_is_not_stated_boots_nothing_wrong" not in run
    assert "no such client" not in run


def test_storm_without_limits_has_no_test_of_a_time(tmp_path: Path) -> None:
    """Its nodes must be ready all the same, whenever that is."""
    contract = tmp_path / "storm.toml"
    text = f'based_on = "{CONTRACTS / "poc-fixed.toml"}"\n[storm]\nnodes = 5\n'
    contract.write_text(text, encoding="utf-8")
    tests = named_in(collected("--profile=poc-fixed", f"--contract={contract}", "-m", "e2e and storm"))
    assert any("test_every_node_of_a_storm_is_ready" in name for name in tests), tests
    assert not any("test_storm_is_over_in_time" in name for name in tests), tests
