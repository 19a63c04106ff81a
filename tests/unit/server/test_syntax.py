"""``dnsmasq --test`` of this machine's dnsmasq, on the operator's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import MANIFESTS
from edgeboot.server.dnsmasq.syntax import check_syntax
from tests.unit.samples import config


@pytest.mark.parametrize("path", sorted(MANIFESTS.rglob("dnsmasq.conf")), ids=lambda path: path.parent.name)
def test_configuration_of_a_profile_can_be_read(path: Path) -> None:
    """No line of it is refused."""
    check_syntax("dnsmasq", config(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text,message",
    [
        ("port=0\nbind-interfacez\n", "dnsmasq.conf:2 bind-interfacez: dnsmasq says 'bad option'; correct"),
        ("\n\tdhcp-range=1.1.1.1,x", "dnsmasq.conf:2 dhcp-range=1.1.1.1,x: dnsmasq says 'bad dhcp-range'"),
        ("# none\ndhcp-boot\n", "dnsmasq.conf:2 dhcp-boot: dnsmasq says 'missing parameter'"),
        (
            "\ufeffport=0\n",
            "dnsmasq.conf:1 <U+FEFF>port=0: dnsmasq says 'bad option'; take ZERO WIDTH NO-BREAK",
        ),
        ("port=0\u00a0\n", "dnsmasq.conf:1 port=0<U+00A0>: dnsmasq says 'error'; take NO-BREAK SPACE out"),
        ("dhcp-host=1.2.3.4,a\ndhcp-host=1.2.3.4,b", "dnsmasq.conf:2 dhcp-host=1.2.3.4,b: dnsmasq says 'dup"),
    ],
)
def test_line_that_cannot_be_read_is_named(text: str, message: str) -> None:
    """By the operator's file, with dnsmasq's own words."""
    with pytest.raises(UsageError) as refused:
        check_syntax("dnsmasq", config(text))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "conf-file=/absent\n",
        "dhcp-hostsfile=/absent\n",
        "interface=absent\n",
        "conf-script=touch /x\nnonsense\n",
    ],
)
def test_what_only_the_container_can_decide_is_left_to_it(text: str) -> None:
    """Files and interfaces are those of the container, and no program is run for a test."""
    check_syntax("dnsmasq", config(text))


def test_configuration_of_a_file_included_is_not_the_operator_s(tmp_path: Path) -> None:
    """In the container there may be another one of that name."""
    included = tmp_path / "more.conf"
    included.write_text("nonsense\n", encoding="utf-8")
    check_syntax("dnsmasq", config(f"conf-file={included}\n"))
