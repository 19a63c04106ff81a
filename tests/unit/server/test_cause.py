"""Which line of dnsmasq.conf is the likely cause of a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig, load_deployment
from tests.unit.samples import config


def blamed(field: str, received: object, config: ServerConfig) -> str:
    """The lines to look at, as a report has them."""
    return ", ".join(map(str, likely_causes(field, received, config)))


POC: Final = load_deployment("poc").config.text
"""Line 4 is the range, 5 the interface, 7 and 8 the forced options, 9 dhcp-boot."""


@pytest.mark.parametrize(
    "line,name,value",
    [
        ("port=0", "port", "0"),
        ("  port = 0  ", "port", "0"),
        ("log-dhcp", "log-dhcp", ""),
        ("port=0 # no DNS", "port", "0"),
        ("dhcp-option=43,a#b", "dhcp-option", "43,a#b"),
        ("dhcp-boot=a=b", "dhcp-boot", "a=b"),
    ],
)
def test_line_is_a_name_and_perhaps_a_value(line: str, name: str, value: str) -> None:
    """Blanks and comments are no part of either; a hash inside a word is."""
    assert directives(line) == (Directive(1, name, value),)


@pytest.mark.parametrize("line", ["", "   ", "# port=0", "  #port=0"])
def test_line_that_says_nothing_is_left_out(line: str) -> None:
    """Its number is counted all the same."""
    assert [each.number for each in directives(f"{line}\nport=0\n")] == [2]


@pytest.mark.parametrize(
    "field,received,place",
    [
        ("address", "192.168.99.50", "4 dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h"),
        ("lease_time", "1:00:00", "4 dhcp-range="),
        ("server_identifier", "192.168.99.11", "5 interface=ens3"),
        ("bootfile", "other.efi", "8 dhcp-option-force=67,signed_ipxe.efi"),
        ("next_server", "192.168.99.41", "9 dhcp-boot=signed_ipxe.efi"),
        ("not_listening", "", "5 interface=ens3"),
        ("refused", "", "4 dhcp-range="),
    ],
)
def test_field_is_blamed_on_the_line_that_decides_it(field: str, received: str, place: str) -> None:
    """The cause has file, number and text of the line."""
    assert blamed(field, received, config(POC)).startswith(f"dnsmasq.conf:{place}")


def test_line_that_holds_the_value_is_blamed_alone() -> None:
    """Two lines decide option 66; the one with the received value is the cause."""
    cause = blamed("server_name", "192.168.99.40", config("dhcp-boot=a,b,c\n" + POC))
    assert cause.startswith("dnsmasq.conf:8 dhcp-option-force=66,192.168.99.40")
    assert "dnsmasq.conf:1 " not in cause


@pytest.mark.parametrize(
    "field,received,line",
    [
        ("routers", (IPv4Address("10.0.0.2"),), "dhcp-option=option:router,10.0.0.2"),
        ("routers", (IPv4Address("10.0.0.9"), IPv4Address("10.0.0.2")), "dhcp-option=3,10.0.0.2"),
        ("lease_time", timedelta(hours=12), "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("lease_time", timedelta(hours=12), "dhcp-range=10.0.0.1,10.0.0.9,720m"),
        ("renewal_time", timedelta(minutes=1), "dhcp-option=58,60"),
        ("options", {42, 43}, "dhcp-option=42,10.0.0.1"),
    ],
)
def test_line_that_holds_a_part_of_the_value_is_blamed_alone(field: str, received: object, line: str) -> None:
    """Lists match by any item, times in any unit."""
    others = "dhcp-option=3,10.0.0.1\ndhcp-range=10.0.0.1,10.0.0.9,1h\ndhcp-option=58,90\n"
    assert blamed(field, received, config(others + line)) == f"dnsmasq.conf:4 {line}"


@pytest.mark.parametrize(
    "received,line",
    [
        (("192.168.99.40", "signed_ipxe.efi"), "dhcp-boot=signed_ipxe.efi,a,192.168.99.40"),
        (("boot", "a.efi"), "dhcp-option-force=67,a.efi"),
        (("", ""), "dhcp-option=60,PXEClient"),
        (("", ""), "dhcp-option=tag:a,vendor-class,HTTPClient"),
        (("", ""), "pxe-service=x86-64_EFI,boot,a"),
    ],
)
def test_wrong_boot_is_blamed_on_what_names_it(received: tuple[str, str], line: str) -> None:
    """The lines that name server or file, or that change how firmware reads them."""
    assert blamed("boots", received, config(f"port=0\n{line}\n")) == f"dnsmasq.conf:2 {line}"


def test_all_deciding_lines_are_blamed_where_none_holds_the_value() -> None:
    """The value may come from any of them."""
    cause = blamed("bootfile", "other.efi", config(POC))
    assert cause.split(", dnsmasq.conf:")[1].startswith("9 dhcp-boot=")


@pytest.mark.parametrize(
    "field,line",
    [
        ("netmask", "dhcp-option=1,255.255.0.0"),
        ("netmask", "dhcp-option=option:netmask,255.255.0.0"),
        ("broadcast_address", "dhcp-option=28,10.0.0.255"),
        ("routers", "dhcp-option=3"),
        ("routers", "dhcp-option=tag:edge,3,10.0.0.1"),
        ("routers", "dhcp-option=option:router,10.0.0.1"),
        ("renewal_time", "dhcp-option=option:T1,60"),
        ("rebinding_time", "dhcp-option-force=59,60"),
        ("server_name", "dhcp-option=option:tftp-server,a"),
        ("bootfile", "pxe-service=x86-64_EFI,boot,a"),
        ("options", "dhcp-option=43,a"),
        ("refused", "dhcp-ignore=tag:!known"),
        ("not_listening", "except-interface=ens3"),
        ("not_listening", "no-dhcp-interface=ens3"),
        ("netmask", "dhcp-option=tag:a,tag:b,1,255.255.0.0"),
    ],
)
def test_directive_is_recognised_in_every_form(field: str, line: str) -> None:
    """Options are given by number or by name, with tags before them and with force."""
    assert blamed(field, "", config(f"port=0\n{line}\n")) == f"dnsmasq.conf:2 {line}"


@pytest.mark.parametrize(
    "field,line",
    [
        ("routers", "dhcp-option=33,10.0.0.1"),
        ("netmask", "dhcp-option=121,10.0.0.1"),
        ("netmask", "dhcp-option=42,1,10.0.0.1"),
        ("bootfile", "port=67"),
    ],
)
def test_line_about_something_else_is_not_blamed(field: str, line: str) -> None:
    """A number within a number is another option."""
    assert "has no" in blamed(field, "", config(line))


@pytest.mark.parametrize(
    "field,words",
    [
        ("routers", "has no dhcp-option line for it: dnsmasq then names itself as the router"),
        ("address", "has no dhcp-range line for it: without a dhcp-range nothing is served"),
        ("not_listening", "has no interface line for it: it then listens on every interface"),
    ],
)
def test_missing_line_is_told_with_what_holds_without_it(field: str, words: str) -> None:
    """Often the cause is a missing line."""
    assert blamed(field, "", config("port=0\n")) == f"dnsmasq.conf {words}"


def test_field_nobody_knows_the_origin_of_is_blamed_on_the_file() -> None:
    """Better a file than a wrong line."""
    assert blamed("secs", 1, config(POC)) == "dnsmasq.conf"


def test_file_is_named_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the reader would open it."""
    monkeypatch.chdir(tmp_path)
    candidate = replace(config("interface=ens3"), source=tmp_path / "conf" / "dnsmasq.conf")
    assert blamed("not_listening", "", candidate) == "conf/dnsmasq.conf:1 interface=ens3"


def test_cause_is_file_line_and_text() -> None:
    """As data, of which a report makes a sentence."""
    [cause] = likely_causes("lease_time", timedelta(hours=12), config(POC))
    assert (cause.file, cause.line) == ("dnsmasq.conf", 4)
    assert cause.text.startswith("dhcp-range=192.168.99.100,")
    assert Cause.from_json(cause.to_json()) == cause
