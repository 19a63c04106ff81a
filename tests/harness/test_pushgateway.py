"""``--push URL``: what a real Pushgateway has of a run, and what becomes of a run that it does not take."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.monitoring import running
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

TEST: Final = "tests/e2e/test_header.py::test_reply_has_no_client_address"
PASSWORD: Final = "planted-password"  # noqa: S105 - made up
USERS: Final = "basic_auth_users: {edge: $2b$04$abcdefghijklmnopqrstuuaalozgO24BBozvnT9Bl74og5BKuD1Fe}\n"
"""Of that password."""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[str]:
    """A Pushgateway's URL."""
    with running("prometheus-pushgateway", tmp_path) as url:
        yield url


@pytest.fixture
def closed_gateway(tmp_path: Path) -> Iterator[str]:
    """One that asks for a user and a password."""
    (tmp_path / "web.yml").write_text(USERS)
    with running("prometheus-pushgateway", tmp_path, "--web.config.file=web.yml") as url:
        yield url


def kept(gateway: str) -> dict[str, list[dict[str, str]]]:
    """The labels of each series that the gateway has of a run, by the metric's name."""
    with urlopen(f"{gateway}/metrics", timeout=5) as answer:  # noqa: S310 - the URL is our own
        families = list(text_string_to_metric_families(answer.read().decode()))
    samples = [each for family in families for each in family.samples if "site" in each.labels]
    return {
        name: [each.labels for each in samples if each.name == name] for name in {e.name for e in samples}
    }


def test_gateway_has_the_last_run_of_a_segment_alone(gateway: str, run_suite: RunSuite) -> None:
    """What an earlier profile said of the same site does not stay beside it."""
    contract = "--contract=contracts/poc.toml"
    for profile in ("poc", "poc-fixed"):
        run_suite(f"--push={gateway}", f"--profile={profile}", contract, "--segment=rack-7", TEST)
    [only] = kept(gateway)["edgeboot_last_run_timestamp_seconds"]
    place = {"lab": "netns", "profile": "poc-fixed", "site": "poc", "segment": "rack-7"}
    assert only == {"job": "edgeboot", "instance": "", **place}


def test_a_site_s_metrics_stay_beside_another_s(gateway: str, run_suite: RunSuite, tmp_path: Path) -> None:
    """Each site is a group of its own."""
    other = tmp_path / "berlin 2.toml"
    other.write_text('based_on = "' + str(Path("contracts/poc.toml").resolve()) + '"\n')
    for contract in ("contracts/poc.toml", str(other)):
        run_suite(f"--push={gateway}", f"--contract={contract}", TEST)
    sites = {each["site"] for each in kept(gateway)["edgeboot_last_run_timestamp_seconds"]}
    assert sites == {"poc", "berlin 2"}


def test_gateway_that_is_away_is_one_line(run_suite: RunSuite) -> None:
    """The verdict, and the exit status, are those of the run."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))  # Nobody listens there.
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        run = run_suite(f"--push={url}", TEST)
    assert run.status == pytest.ExitCode.OK, run.output
    assert run.output.count("--push") == 1, run.output
    assert (
        f"edgeboot: --push {url}: cannot be reached (Connection refused); the verdict and the" in run.output
    )


def test_password_is_in_nothing_that_a_run_leaves(
    closed_gateway: str, environment: dict[str, str], run_suite: RunSuite, tmp_path: Path
) -> None:
    """It opens the gateway, and is in no evidence."""
    environment["EDGEBOOT_PUSH"] = closed_gateway.replace("http://", f"http://edge:{PASSWORD}@")
    files = [f"--{name}={tmp_path / 'left' / name}" for name in ("result", "report", "junit-xml")]
    run = run_suite(f"--evidence={tmp_path / 'left'}", "--evidence-all", *files, TEST)
    assert "edgeboot: --push" not in run.output
    left = [path.read_bytes() for path in (tmp_path / "left").rglob("*") if path.is_file()]
    assert len(left) > 5
    assert not [each for each in (run.output.encode(), *left) if PASSWORD.encode() in each]


def test_gateway_s_refusal_is_told_without_the_password(
    closed_gateway: str, environment: dict[str, str], changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """A red run stays red."""
    environment["EDGEBOOT_PUSH"] = closed_gateway.replace("http://", "http://edge:wrong-password@")
    run = run_suite(f"--dhcp-config={changed_config(',12h', ',11h')}", "tests/e2e/test_lease_time.py")
    assert run.status == pytest.ExitCode.TESTS_FAILED
    assert f"--push {closed_gateway}: answered 401 Unauthorized" in run.output
    assert "wrong-password" not in run.output
