"""Which lab a run uses, and what cannot be run in it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.given_options import ReadValues
from edgeboot.labs.lab_kind import Automatic, LabKind
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.netns.options import NetnsOptions
from edgeboot.labs.options import OptionValues
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.labs.registry import LABS, PLAINEST, choose_lab
from edgeboot.labs.run_options import AUTO, LAB_OPTIONS
from edgeboot.spec.manifests.deployment import Deployment, load_deployment
from edgeboot.spec.manifests.pod import ContainerManifest
from tests.unit.samples import CONTRACT

POC: Final = load_deployment("poc")


def given(**values: str) -> ReadValues:
    """These values, by the names of options with underscores."""
    return lambda options: OptionValues.read(options, {}, values.get)


def exported(**variables: str) -> ReadValues:
    """These variables, and an empty command line."""
    return lambda options: OptionValues.read(options, variables)


def netns_lab(deployment: Deployment = POC, command: str | None = None) -> Lab:
    """The netns lab, checked and made, and not up."""
    kind, options = LABS[PLAINEST], NetnsOptions(command)
    kind.check(deployment, CONTRACT, options)
    return kind.make("edgeboot-unit", NodeContent(deployment), CONTRACT, options)


def test_options_of_every_lab_are_known_without_it() -> None:
    """In the registry's order: help lists them, and a later lab's words for an option of several count."""
    assert list(LAB_OPTIONS.items()) == [(name, kind.options) for name, kind in LABS.items()]


@pytest.mark.parametrize("name", LABS)
def test_named_lab_is_taken(name: str) -> None:
    """The header says that it was asked for."""
    choice = choose_lab(name, given())
    assert (choice.name, choice.reason) == (name, "asked for")


def test_auto_takes_the_plainest_lab_where_only_parallel_ones_will_do() -> None:
    """The header says why it is no other."""
    choice = choose_lab(AUTO, given(), only_parallel="-n 2 asks for several labs")
    assert (choice.name, choice.reason) == (PLAINEST, "auto: not kind, for -n 2 asks for several labs")


def test_auto_takes_the_lab_that_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that it may take, the one that needs most; a further lab is one entry."""
    further = replace(
        LABS[PLAINEST], name="further", automatic=lambda _: Automatic("all is here", lambda: None)
    )
    monkeypatch.setattr("edgeboot.labs.registry.LABS", {**LABS, "further": further})
    choice = choose_lab(AUTO, given())
    assert (choice.kind, choice.reason) == (further, "auto: all is here")


@pytest.mark.parametrize("name", ["moon", "", "NETNS"])
def test_unknown_lab_is_answered_with_the_known(name: str) -> None:
    """The option is named, and what it takes."""
    known = ", ".join((AUTO, *LABS))
    with pytest.raises(UsageError, match=f"^--lab {name}: no such lab in this version; choose from {known}$"):
        choose_lab(name, given())


@pytest.mark.parametrize(
    "chosen,option,value",
    [("kind", "dhcp-command", "sh"), ("orchestrator", "dhcp-command", "sh"), ("netns", "dry-run", "yes")],
)
def test_option_of_another_lab_is_refused(chosen: str, option: str, value: str) -> None:
    """Ignoring it would be a run of something else than was asked for."""
    with pytest.raises(
        UsageError, match=rf"^--{option}: is for lab [\w ]+, not {chosen}.*; leave it out, or"
    ):
        choose_lab(chosen, given(**{option.replace("-", "_"): value}))


@pytest.mark.parametrize(
    "options,lab",
    [
        ({"interface": "virbr1"}, "orchestrator"),
        ({"dry_run": "yes"}, "orchestrator"),
        ({"dhcp_command": "sh"}, "netns"),
        ({"libvirt_uri": "test:///", "interface": "virbr1"}, "orchestrator"),
    ],
)
def test_auto_takes_the_only_lab_that_knows_the_options(options: dict[str, str], lab: str) -> None:
    """The header says for which option."""
    choice = choose_lab(AUTO, given(**options))
    assert choice.name == lab
    assert choice.reason.startswith("auto: --")


def test_options_of_different_labs_are_refused() -> None:
    """No lab can do both."""
    with pytest.raises(
        UsageError, match=r"^--dhcp-command \(lab netns\), --interface \(lab orchestrator\): no"
    ):
        choose_lab(AUTO, given(dhcp_command="sh", interface="virbr1"))


def test_auto_takes_no_lab_of_one_run_where_several_are_asked_for() -> None:
    """An exported variable does not bring tests of another kind to a site."""
    with pytest.raises(UsageError, match=r"^EDGEBOOT_INTERFACE: asks for lab orchestrator, .*: -n 2 asks"):
        choose_lab(AUTO, exported(EDGEBOOT_INTERFACE="virbr1"), only_parallel="-n 2 asks for several labs")


@pytest.mark.parametrize("chosen", ["netns", "kind"])
def test_variable_of_another_lab_is_not_used(chosen: str) -> None:
    """An operator exports it for the nightly run; the header says that it had no effect here."""
    choice = choose_lab(chosen, exported(EDGEBOOT_KUBECONFIG="/x", EDGEBOOT_INTERFACE="virbr1"))
    assert choice.name == chosen
    assert {option.text for option in choice.unused} == {"EDGEBOOT_KUBECONFIG", "EDGEBOOT_INTERFACE"}


@pytest.mark.parametrize("variable", ["EDGEBOOT_DRY_RUN", "EDGEBOOT_DHCP_COMMAND"])
def test_variable_that_means_another_run_is_refused(variable: str) -> None:
    """A run that is not dry, or of another server, is not what was asked for."""
    chosen = "kind"
    with pytest.raises(UsageError, match=f"^{variable}: is for lab .*, not kind: "):
        choose_lab(chosen, exported(**{variable: "yes"}))


def test_auto_takes_the_lab_of_the_variables() -> None:
    """As an option does; the command line counts first."""
    assert choose_lab(AUTO, exported(EDGEBOOT_INTERFACE="virbr1")).name == "orchestrator"
    environment = {"EDGEBOOT_INTERFACE": "virbr1"}
    both = choose_lab(
        AUTO, lambda options: OptionValues.read(options, environment, {"dhcp_command": "sh"}.get)
    )
    assert (both.name, [option.text for option in both.unused]) == ("netns", ["EDGEBOOT_INTERFACE"])


def test_default_of_another_plugin_is_no_option_given() -> None:
    """pytest-kind names its cluster where nobody does."""
    assert choose_lab(PLAINEST, given(cluster_name="pytest-kind")).unused == ()
    with pytest.raises(UsageError, match=r"^--cluster-name: is for lab kind"):
        choose_lab(PLAINEST, given(cluster_name="mine"))


@pytest.mark.parametrize("kind", LABS.values(), ids=list(LABS))
def test_kind_of_lab_states_all_of_itself(kind: LabKind[object]) -> None:
    """Prerequisites, provenance and features need no package and no option of the user's."""
    assert LABS[kind.name] is kind
    assert kind.prerequisites(kind.defaults)
    assert "\n" not in kind.provenance(POC, kind.defaults)
    assert not kind.dry_run(kind.defaults)


def test_lab_has_the_features_that_its_kind_states() -> None:
    """Tests are skipped by what the kind states, before there is a lab."""
    kind, lab = LABS[PLAINEST], netns_lab(command="sh")
    assert (lab.name, lab.features) == (kind.name, kind.features(kind.defaults))


def test_lab_that_is_not_up_has_no_server_and_goes_down_twice() -> None:
    """Whoever lets go of a lab need not know how far it came."""
    lab = netns_lab(command="sh")
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
        netns_lab(literal)
    assert netns_lab(literal, "sh").name == "netns"


def test_server_that_is_not_installed_is_named_before_anything_starts() -> None:
    """The first word of the command is the program."""
    with pytest.raises(UsageError, match="the server's program no-such-server is not installed; apt-get"):
        netns_lab(command="no-such-server -f {config}")


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
        netns_lab(command=command)


def test_program_may_be_quoted() -> None:
    """The command is read as a shell reads it."""
    assert netns_lab(command="'/bin/sh' x").name == "netns"


def test_program_of_the_manifest_is_looked_for_too() -> None:
    """Without a command of the caller's it is the container's."""
    container = ContainerManifest(name="own", image="own", command=("no-such-server",))
    pod = POC.pod.model_copy(update={"spec": POC.pod.spec.model_copy(update={"containers": (container,)})})
    with pytest.raises(UsageError, match="program no-such-server is not installed"):
        netns_lab(replace(POC, pod=pod))


def test_program_is_found_where_only_root_s_path_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server lies in /usr/sbin, which a user's PATH may lack."""
    [program] = [path for path in map(Path, ("/usr/sbin/chroot", "/sbin/chroot")) if path.exists()][:1]
    monkeypatch.setenv("PATH", "/nowhere")
    assert shutil.which(program.name) is None
    assert netns_lab(command=program.name).name == "netns"
