"""The verdict for GitHub."""

from __future__ import annotations

from dataclasses import replace

from edgeboot.report.github import summary, workflow_commands
from edgeboot.report.verdict.verdict import verdict
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import LEASE_TIME, PORTS, STARTED, failed, failure, renamed


def test_summary_has_the_verdict_and_each_cause() -> None:
    """With the comparison and the command that shows it again."""
    result = failed(failure("a.py::test_a", LEASE_TIME))
    text = summary(verdict(result), result)
    assert text.startswith("## ⚠️ Edge nodes would boot, but their lease or network is not as stated.\n")
    assert "1. `dnsmasq.conf:4 dhcp-range=192.168.99.100,192.168.99.200,11h`" in text
    assert "lease\\_time: expected 12:00:00, received 11:00:00 from 192.168.99.10" in text
    assert "`pytest -m e2e --lab=netns --profile=poc -n 0 -k test_a`" in text


def test_green_run_has_a_summary_of_one_line() -> None:
    """There is nothing else to say."""
    result = failed(status=0)
    assert summary(verdict(result), result).startswith("## ✅ Edge nodes would boot.")


def test_words_of_a_server_are_no_markup() -> None:
    """Neither an element nor the end of code."""
    hostile = renamed(LEASE_TIME, statement="<img src=x>", causes=(Cause("f", 1, "a ``b` c"),))
    result = failed(failure("a.py::test_a", hostile), failure("b.py::test_b", renamed(PORTS, received="<b>")))
    text = summary(verdict(result), result)
    assert "``` f:1 a ``b` c ```" in text
    assert r"received \<b\>" in text


def test_words_of_a_lab_that_broke_are_no_markup() -> None:
    """The server's last words are among them."""
    result = replace(failed(), error="dhcp-server: ended, saying <b>").at_its_end(3, STARTED)
    assert summary(verdict(result), result).startswith(
        "## ❔ Nothing is verified: the lab could not come up, or"
    )
    assert r"saying \<b\>" in summary(verdict(result), result)


def test_annotation_stands_at_the_line_of_the_cause() -> None:
    """A cause without a line is an annotation of the run; a message is one line."""
    odd = renamed(LEASE_TIME, causes=(Cause("a,b:c.conf", 4, "x%\ny"),))
    found = verdict(failed(failure("a.py::test_a", odd), failure("b.py::test_b", PORTS)))
    first, second = workflow_commands(found)
    assert first.startswith("::error file=a%2Cb%3Ac.conf,line=4::a,b:c.conf:4 x%25%0Ay: lease_time: expected")
    assert second.startswith("::error::closed_ports: expected nothing, received 53")


def test_annotation_has_no_secret() -> None:
    """A line of a configuration may have one, and CI keeps what is printed."""
    planted = renamed(LEASE_TIME, causes=(Cause("f", 1, "dhcp-range=a,b,11h # token: abcdef0123"),))
    [command] = workflow_commands(verdict(failed(failure("a.py::test_a", planted))))
    assert "abcdef0123" not in command
