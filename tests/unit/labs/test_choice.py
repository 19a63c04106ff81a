"""Which lab a run uses, and what cannot be run in it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.choice import AUTO, LABS, LabChoice, choose_lab, make_lab
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.protocol import NodeContent
from edgeboot.spec.manifests.deployment import Container, load_deployment
from tests.unit.samples import CONTRACT

NETNS: Final = LabChoice("netns", "asked for")
POC: Final = load_deployment("poc")


def test_lab_is_chosen_with_its_reason() -> None:
    """The header tells why, so that nobody wonders which lab a green run was."""
    assert choose_lab("netns") == NETNS
    assert choose_lab(AUTO).name in LABS
    assert choose_lab(AUTO).reason.startswith("auto: ")


@pytest.mark.parametrize("name", ["moon", "", "NETNS"])
def test_unknown_lab_is_answered_with_the_known(name: str) -> None:
    """The option is named, and what it takes."""
    known = ", ".join((AUTO, *LABS))
    with pytest.raises(UsageError, match=f"^--lab {name}: no such lab in this version; choose from {known}$"):
        choose_lab(name)


def test_lab_is_made_with_what_was_told_it_offers() -> None:
    """Made, not up: nothing is on the machine yet."""
    lab = make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command="sh")
    assert (lab.name, lab.features) == ("netns", LABS["netns"])


def test_lab_that_is_not_up_has_no_server_and_goes_down_twice() -> None:
    """Whoever lets go of a lab need not know how far it came."""
    lab = make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command="sh")
    assert isinstance(lab, NetnsLab)
    lab.down()
    lab.down()
    with pytest.raises(AssertionError, match="the lab is not up"):
        _ = lab.server


def test_profile_that_installs_its_server_needs_its_own_image() -> None:
    """The embedded lab runs this machine's dnsmasq and has no apk; a command of ours needs neither."""
    literal = load_deployment("poc-literal")
    with pytest.raises(
        UsageError, match=r"--profile poc-literal: installs dnsmasq by apk .*; use --lab kind"
    ):
        make_lab(NETNS, "edgeboot-unit", NodeContent(literal), CONTRACT, command=None)
    assert make_lab(NETNS, "edgeboot-unit", NodeContent(literal), CONTRACT, command="sh").name == "netns"


def test_server_that_is_not_installed_is_named_before_anything_starts() -> None:
    """The first word of the command is the program."""
    with pytest.raises(UsageError, match="the server's program no-such-server is not installed; apt-get"):
        make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command="no-such-server -f {config}")


@pytest.mark.parametrize(
    "command,problem",
    [
        ("", "names no program"),
        (" ", "names no program"),
        ("'/bin/sh", "cannot be read"),
        ("sh {x}", "cannot be read"),
    ],
)
def test_command_that_cannot_be_used_is_refused_before_anything_starts(command: str, problem: str) -> None:
    """The option is shown as it was given."""
    with pytest.raises(UsageError, match=f"--dhcp-command .*{problem}"):
        make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command=command)


def test_program_may_be_quoted() -> None:
    """The command is read as a shell reads it."""
    assert make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command="'/bin/sh' x").name == "netns"


def test_program_of_the_manifest_is_looked_for_too() -> None:
    """Without a command of the caller's it is the container's."""
    container = Container(name="own", image="own", command=("no-such-server",))
    pod = POC.pod.model_copy(update={"spec": POC.pod.spec.model_copy(update={"containers": (container,)})})
    with pytest.raises(UsageError, match="program no-such-server is not installed"):
        make_lab(NETNS, "edgeboot-unit", NodeContent(replace(POC, pod=pod)), CONTRACT, command=None)


def test_program_is_found_where_only_root_s_path_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server lies in /usr/sbin, which a user's PATH may lack."""
    [program] = [path for path in map(Path, ("/usr/sbin/chroot", "/sbin/chroot")) if path.exists()][:1]
    monkeypatch.setenv("PATH", "/nowhere")
    assert shutil.which(program.name) is None
    assert make_lab(NETNS, "edgeboot-unit", NodeContent(POC), CONTRACT, command=program.name).name == "netns"
