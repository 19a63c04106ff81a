"""A lab that breaks during a run ends the run: no test may blame the server."""

from __future__ import annotations

import pytest

from tests.faults.causes import PLUGIN, SEGMENT_VARIABLE
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness

LAB_BROKEN = 3


def test_removed_server_port_ends_the_run(run_suite: RunSuite, environment: dict[str, str]) -> None:
    """The run ends with one line that names the port, not with pytest's INTERNALERROR."""
    environment[SEGMENT_VARIABLE] = "pulled cable"
    run = run_suite("-p", PLUGIN, "tests/e2e/test_who_answers.py")
    assert run.status == LAB_BROKEN, run.output
    assert "the lab cannot be used: lab netns: the server's port port0 is gone" in run.output
    assert "INTERNALERROR" not in run.output


def test_server_that_does_not_come_back_ends_the_run(run_suite: RunSuite) -> None:
    """With its own words and a verdict: nodes that cannot boot again afterwards add nothing to them."""
    once = "ip addr add 192.168.99.11/24 dev ens3 && exec dnsmasq --no-daemon --log-dhcp --conf-file={config}"
    config = "manifests/dhcp-server/overlays/poc-fixed/dnsmasq.conf"
    options = (f"--dhcp-command=sh -c '{once}'", f"--dhcp-config={config}", "-n", "0", "--no-triage")
    run = run_suite(*options, "tests/e2e/test_restart.py")
    assert run.status == LAB_BROKEN, run.output
    assert "Nothing is verified: the lab could not come up, or broke: dhcp-server: ended" in run.output
    assert "Traceback" not in run.output
