"""Which line of dnsmasq.conf is the likely cause of a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig, load_deployment
from tests.unit.samples import BOOT_SERVER, NODE, XID, config, message


def blamed(
    field: str, received: object, config: ServerConfig, expected: object = None, sent: Sent | None = None
) -> str:
    """The lines to look at, as a report has them."""
    return ", ".join(map(str, likely_causes(field, received, config, expected=expected, sent=sent)))


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
    "field,received,line",
    [
        ("address", IPv4Address("10.0.0.5"), "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("address", IPv4Address("10.0.0.50"), "dhcp-host=02:eb:00:00:00:01,10.0.0.50"),
        ("netmask", IPv4Address("255.255.0.0"), "dhcp-option=option:netmask,255.255.0.0"),
        ("netmask", IPv4Address("255.255.0.0"), "dhcp-range=10.0.0.1,10.0.0.9,255.255.0.0,12h"),
        ("broadcast_address", IPv4Address("10.0.255.255"), "dhcp-range=10.0.0.1,10.0.0.9,255.255.0.0,12h"),
        ("broadcast_address", IPv4Address("10.0.0.77"), "dhcp-option=28,10.0.0.77"),
        ("routers", (IPv4Address("10.0.0.2"),), "dhcp-option=option:router,10.0.0.2"),
        ("routers", (IPv4Address("10.0.0.9"), IPv4Address("10.0.0.2")), "dhcp-option=3,10.0.0.9,10.0.0.2"),
        ("routers", (), "dhcp-option=3"),
        ("server_identifier", IPv4Address("10.0.0.4"), "dhcp-option=54,10.0.0.4"),
        ("lease_time", timedelta(hours=12), "dhcp-range=10.0.0.1,10.0.0.9,720m"),
        ("lease_time", timedelta(minutes=2), "dhcp-range=10.0.0.1,10.0.0.9,12"),
        ("lease_time", timedelta(seconds=2**32 - 1), "dhcp-range=10.0.0.1,10.0.0.9,infinite"),
        ("server_name", None, "dhcp-boot=a.efi,,10.0.0.41"),
        ("lease_time", timedelta(hours=12), "dhcp-host=02:eb:00:00:00:01,12h"),
        ("renewal_time", timedelta(minutes=1), "dhcp-option=option:T1,60"),
        ("renewal_time", timedelta(hours=6), "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("rebinding_time", timedelta(seconds=37800), "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("next_server", IPv4Address("10.0.0.41"), "dhcp-boot=a.efi,name,10.0.0.41"),
        ("server_name", "name", "dhcp-boot=a.efi,name,10.0.0.41"),
        ("server_name", "other", "dhcp-option-force=66,other"),
        ("bootfile", "a.efi", "dhcp-boot=a.efi,name,10.0.0.41"),
        ("bootfile", "a.efi", "dhcp-option-force=option:bootfile-name,a.efi"),
        ("boots", ("tftp://10.0.0.41/a.efi", "10.0.0.41", "a.efi"), "dhcp-boot=a.efi,name,10.0.0.41"),
        ("boots", (), "dhcp-option=43,06:01:08"),
        ("boots", (), "pxe-service=x86-64_EFI,boot,a"),
        ("options", frozenset({42}), "dhcp-option=42,10.0.0.1"),
        ("options", frozenset({43}), "dhcp-option=vendor:PXEClient,6,8"),
        ("options", frozenset({15}), "domain=edge.example.org"),
        ("options", frozenset({80}), "dhcp-rapid-commit"),
        ("refused", None, "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("ignored", None, "dhcp-ignore=tag:!known"),
    ],
)
def test_line_that_gives_the_received_value_is_the_cause(field: str, received: object, line: str) -> None:
    """In any notation: by number or name, in any unit, derived by halves and masks."""
    assert blamed(field, received, config(f"port=0\n{line}\n")) == f"dnsmasq.conf:2 {line}"


@pytest.mark.parametrize(
    "field,received,expected,line",
    [
        ("bootfile", "b.efi", "a.efi", "dhcp-boot=a.efi,name,10.0.0.40"),
        ("bootfile", "b.efi", "a.efi", "dhcp-boot=c.efi,name,10.0.0.40"),
        ("next_server", IPv4Address("10.0.0.41"), IPv4Address("10.0.0.40"), "dhcp-boot=a.efi,name,10.0.0.40"),
        ("routers", (IPv4Address("10.0.0.2"),), (IPv4Address("10.0.0.1"),), "dhcp-option=3,10.0.0.1"),
        ("routers", (IPv4Address("10.0.0.9"), IPv4Address("10.0.0.2")), None, "dhcp-option=3,10.0.0.2"),
        ("lease_time", timedelta(hours=1), timedelta(hours=12), "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("address", IPv4Address("10.0.0.50"), None, "dhcp-range=10.0.0.1,10.0.0.9,12h"),
        ("server_identifier", IPv4Address("10.0.0.11"), IPv4Address("10.0.0.10"), "interface=ens3"),
        ("secs", 1, 0, "port=0"),
    ],
)
def test_line_that_does_not_give_it_is_no_cause(
    field: str, received: object, expected: object, line: str
) -> None:
    """Least of all the line that gives what is expected."""
    assert blamed(field, received, config(line), expected) == ""


SERVER_IS: Final = (IPv4Address("192.168.99.10"),)


@pytest.mark.parametrize(
    "field,received,words",
    [
        ("routers", SERVER_IS, "has no dhcp-option line for it: dnsmasq then names itself as the router"),
        ("domain_name_servers", SERVER_IS, "has no port=0 line for it: dnsmasq then serves DNS, and names"),
        ("options", frozenset({6}), "has no port=0: dnsmasq then serves DNS, and names itself"),
        ("next_server", SERVER_IS[0], "has no dhcp-boot line for it: dnsmasq then names itself as the boot"),
        ("bootfile", None, "has no dhcp-boot line for it: no boot file is sent"),
        ("lease_time", timedelta(hours=1), "has no dhcp-range line for it: dnsmasq then grants one hour"),
        ("refused", None, "has no dhcp-range line for it: without a dhcp-range nothing is served"),
    ],
)
def test_missing_line_is_told_with_what_holds_without_it(field: str, received: object, words: str) -> None:
    """Where dnsmasq's default is what was received."""
    assert blamed(field, received, config("interface=ens3\n")).startswith(f"dnsmasq.conf {words}")


IPXE: Final = NODE.as_client(CLIENTS["ipxe-x86-64"]).discover(XID)
WANTED: Final = ("http://192.168.99.40/boot.ipxe", "192.168.99.40", "boot.ipxe")
GOT: Final = ("tftp://192.168.99.40/a.efi", "192.168.99.40", "a.efi")
TAGS: Final = "dhcp-userclass=set:ipxe,iPXE\ndhcp-match=set:efi,option:client-arch,7\n"
SCRIPT: Final = "dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe"


@pytest.mark.parametrize(
    "lines,won,why",
    [
        (
            f"{SCRIPT}\ndhcp-boot=a.efi\ndhcp-boot=tag:efi,a.efi",
            "5 dhcp-boot=tag:efi,a.efi",
            "line 3 (tag ipxe) applies too, but of several the last one counts",
        ),
        (
            f"{SCRIPT.replace('ipxe', 'grub', 1)}\ndhcp-boot=a.efi",
            "4 dhcp-boot=a.efi",
            "line 3 wants tag grub; no line gives tag grub",
        ),
        (
            f"{SCRIPT.replace('tag:ipxe,', '')}\ndhcp-boot=tag:efi,a.efi",
            "4 dhcp-boot=tag:efi,a.efi",
            "line 3 has no tag, and counts only where no tagged line applies",
        ),
    ],
)
def test_line_that_won_is_named_with_why_the_other_did_not(lines: str, won: str, why: str) -> None:
    """One line: the reader is not sent to one that is there already."""
    found = blamed("boots", GOT, config(TAGS + lines), WANTED, Sent(IPXE))
    assert found == f"dnsmasq.conf:{won} (the client's tags are ipxe, efi: {why})"


def test_line_for_other_clients_is_missing_for_this_one() -> None:
    """Its tags are told."""
    found = blamed("bootfile", None, config("dhcp-boot=tag:bios,undionly.kpxe"), "a.efi", Sent(IPXE))
    assert found == (
        "dnsmasq.conf has no dhcp-boot line for a client with the tags none: no boot file is sent "
        "(line 1 wants tag bios; no line gives tag bios)"
    )


def test_boot_server_by_name_is_sent_as_no_address() -> None:
    """Firmware then takes option 54 for it, or has none."""
    sent = Sent(IPXE, message(siaddr=IPv4Address(0)))
    text = "dhcp-boot=a.efi,name,boot.example.org"
    found = blamed("next_server", SERVER_IS[0], config(text), BOOT_SERVER, sent)
    assert found == (
        f"dnsmasq.conf:1 {text} (dnsmasq finds no address of boot.example.org in its hosts files, "
        "and sends siaddr 0.0.0.0)"
    )


def test_boot_line_without_a_server_names_dnsmasq_itself() -> None:
    """Its address is not in the line."""
    own = message(option(Code.SERVER_IDENTIFIER, SERVER_IS[0]), siaddr=SERVER_IS[0])
    found = blamed("next_server", SERVER_IS[0], config("dhcp-boot=a.efi"), BOOT_SERVER, Sent(IPXE, own))
    assert found == "dnsmasq.conf:1 dhcp-boot=a.efi (it names no server: dnsmasq then names itself)"


def test_file_is_named_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the reader would open it."""
    monkeypatch.chdir(tmp_path)
    candidate = replace(config("dhcp-ignore=tag:a"), source=tmp_path / "conf" / "dnsmasq.conf")
    assert blamed("ignored", None, candidate) == "conf/dnsmasq.conf:1 dhcp-ignore=tag:a"


def test_cause_is_file_line_and_text() -> None:
    """As data, of which a report makes a sentence."""
    [cause] = likely_causes("lease_time", timedelta(hours=12), config(POC))
    assert (cause.file, cause.line, cause.reason) == ("dnsmasq.conf", 4, "")
    assert cause.text.startswith("dhcp-range=192.168.99.100,")
    assert Cause.from_json(cause.to_json()) == cause


@pytest.mark.parametrize(
    "lines,took,line",
    [
        (["dhcp-reply-delay=5"], 5.2, "dhcp-reply-delay=5"),
        (["dhcp-reply-delay=5"], 8.1, "dhcp-reply-delay=5"),
        (["dhcp-reply-delay=5"], 3.1, None),
        (["dhcp-reply-delay=1"], 7.0, None),
        (["dhcp-reply-delay=0"], 2.0, None),
        (["dhcp-reply-delay=tag:other,5"], 5.2, None),
        (["dhcp-reply-delay=tag:ens3,5", "dhcp-reply-delay=2"], 5.2, "dhcp-reply-delay=tag:ens3,5"),
        (["dhcp-reply-delay=4", "dhcp-reply-delay=5"], 5.2, "dhcp-reply-delay=5"),
        ([], 5.2, None),
    ],
    ids=str,
)
def test_late_answer_is_the_line_s_that_delays_it(lines: list[str], took: float, line: str | None) -> None:
    """Only where it applies to the client, and accounts for the time: a ping check has 3 s of it at most."""
    served = config("\n".join(("interface=ens3", *lines, "")))
    sent = Sent(NODE.discover(XID))
    found = likely_causes("first_answer_time", timedelta(seconds=took), served, sent=sent)
    assert [each.text for each in found] == ([] if line is None else [line])
