"""A machine that commands switch: real commands, which keep its power in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from edgeboot.base.errors import UsageError
from edgeboot.base.strict_model import first_problem
from edgeboot.host.journal import Journal
from edgeboot.machines.command.as_found import CommandAsFound
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.command.machine import CommandMachine
from edgeboot.machines.protocol import MachineError, PowerState

Make = Callable[..., CommandMachine]
OFF = "Chassis Power is off"
ON = "Chassis Power is on"


def entry_of(**changed: Any) -> CommandEntry:
    """An entry whose commands do nothing, with some fields changed."""
    fields = {
        "name": "node-9",
        "mac": "52:54:00:00:00:09",
        "kind": "command",
        "on": "true",
        "off": "true",
        **changed,
    }
    return CommandEntry.model_validate(fields)


@pytest.fixture
def power(tmp_path: Path) -> Path:
    """The file with what the status command prints."""
    file = tmp_path / "power"
    file.write_text(OFF, encoding="utf-8")
    return file


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal of its own, of which nothing is undone by itself."""
    journal = Journal("test", tmp_path / "journal")
    yield journal
    journal.leave("test", {})


@pytest.fixture
def make(power: Path, journal: Journal) -> Make:
    """A machine of that file, with some fields changed."""

    def machine(**changed: Any) -> CommandMachine:
        say = f"sh -c 'echo {{0}} > {power}'"
        commands = {"on": say.format(ON), "off": say.format(OFF), "status": f"cat {power}"}
        return CommandMachine(entry_of(**{**commands, "power_within": "1s", **changed}), journal)

    return machine


def test_commands_switch_it_on_and_off(make: Make) -> None:
    """The status command has the last word."""
    machine = make()
    machine.power_on()
    assert machine.power_state() is PowerState.ON
    machine.power_off()
    assert machine.power_state() is PowerState.OFF


@pytest.mark.parametrize(
    "changed,problem",
    [
        (
            {"on": "sh -c 'echo no route to {name}; exit 3'"},
            "ended with status 3 after printing 'no route to no",
        ),
        ({"on": "false"}, "'false' ended with status 1 without printing anything; run it by hand"),
        ({"on": "no-such-program {mac}"}, "'no-such-program 52:54:00:00:00:09' cannot be started"),
        ({"on": "sleep 60", "command_within": "1s"}, "'sleep 60' has not ended within 1 s, and was killed"),
        ({"on": "sh -c 'sleep 60 & wait'", "command_within": "1s"}, "has not ended within 1 s"),
        ({"on": "sh -c 'echo on its way; sleep 60 &'", "command_within": "1s"}, "has ended, and what it st"),
        ({"on": "true"}, "'true' ended with status 0, and after 1 s its status command says: off"),
        ({"status": "echo unreachable"}, "printed 'unreachable', in which is neither says_on nor says_off"),
        ({"status": "echo on or off"}, "printed 'on or off', in which is both says_on and says_off"),
    ],
)
def test_a_command_that_fails_is_told_with_what_it_printed(
    make: Make, changed: dict[str, Any], problem: str
) -> None:
    """Machine, what was asked, the command, and what it answered."""
    with pytest.raises(MachineError, match=rf"machine node-9: was asked .*; .*{problem}"):
        make(**changed).power_on()


def test_a_secret_that_a_command_prints_is_left_out(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some tools print their arguments when they fail."""
    monkeypatch.setenv("IPMI_PASSWORD", "calvin-1")
    machine = make(on="sh -c 'echo bad password $IPMI_PASSWORD; exit 1'", secret_variables=["IPMI_PASSWORD"])
    with pytest.raises(MachineError, match=r"'bad password \(left out\)'"):
        machine.power_on()


def test_a_secret_that_the_status_prints_is_left_out_whole(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before what it printed is quoted, and cut to its end."""
    monkeypatch.setenv("IPMI_PASSWORD", "it's-a-secret" + "x" * 300)
    machine = make(status='sh -c "echo \\"session $IPMI_PASSWORD\\""', secret_variables=["IPMI_PASSWORD"])
    with pytest.raises(MachineError, match=r"printed 'session \(left out\)', in which is neither"):
        machine.power_state()


def test_a_machine_is_put_back_as_it_was_found(make: Make, power: Path, journal: Journal) -> None:
    """Its boot order before its power, by a process that knows nothing but the journal."""
    order = power.with_name("order")
    machine = make(boot_network=f"touch {order}", boot_as_before=f"rm {order}")
    machine.boot_network_once()
    machine.power_on()
    entries = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert order.exists()
    assert CommandAsFound.from_json(entries[-1]["fields"]).undo()
    assert (order.exists(), power.read_text(encoding="utf-8").strip()) == (False, OFF)


def test_a_network_boot_that_no_command_orders_is_an_error(make: Make) -> None:
    """A machine that would boot its disk proves nothing."""
    make(boots_network_first=True).boot_network_once()
    with pytest.raises(MachineError, match="has no command for that; state boot_network, or boots_network"):
        make().boot_network_once()


@pytest.mark.parametrize(
    "changed,problem",
    [
        ({"on": "'"}, "is no command line"),
        ({"on": " "}, "is empty"),
        ({"on": "wake {host}"}, r"on has \{host\}; known are \{name\}, \{mac\} and what"),
        ({"on": "wake {name:d}"}, r"is no command line \(nothing but a name may stand in braces"),
        ({"on": "wake {name:{x}}"}, r"is no command line \(nothing but a name may stand in braces"),
        ({"on": "wake {mac!z}"}, r"is no command line \(nothing but a name may stand in braces"),
        ({"on": "wake {"}, "is no command line"),
        ({"on": "./wake {mac}"}, "names its program by no absolute path, found './wake'"),
        ({"says_on": "("}, "is no regular expression"),
        ({"boot_as_before": "true"}, "states boot_as_before without boot_network"),
        ({"boot_network": "true", "boots_network_first": True}, "not both"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, Any], problem: str) -> None:
    """Before anything is run."""
    with pytest.raises(ValidationError, match=problem):
        entry_of(**changed)


@pytest.mark.parametrize(
    "command",
    [
        "ipmitool -H bmc -U root -P calvin chassis power on",
        "ipmitool -Pcalvin chassis power on",
        "ipmipower -h bmc -u root -p calvin --on",
        "meshcmd AmtPower --host amt --pass calvin --poweron",
        "wsman invoke --password=calvin",
        "curl -u admin:calvin http://plug/on",
        "curl http://admin:calvin@plug/on",
        "sh -c 'ipmitool -P calvin chassis power on'",
    ],
)
def test_a_password_in_a_command_is_refused(command: str) -> None:
    """The journal has the command; what is wrong is told without it."""
    with pytest.raises(ValidationError, match=r"has a password in it, .* and write \{VARIABLE\}") as raised:
        entry_of(on=command)
    assert "calvin" not in first_problem(raised.value)[1]


@pytest.mark.parametrize(
    "command",
    [
        "ipmitool -E -H bmc chassis power on",
        "ipmitool -P {SECRET} chassis power on",
        "sh -c 'ipmitool -P \"$SECRET\" chassis power on'",
        "curl -u admin:{SECRET} http://plug:8080/on",
        "meshcmd AmtPower --host amt --pass {SECRET} --poweron",
        "mkdir -p /tmp/password",
    ],
)
def test_a_variable_in_a_command_s_place_of_a_password_is_taken(command: str) -> None:
    """It is where the password is, and is none itself."""
    assert entry_of(on=command, secret_variables=["SECRET"]).on == command


def test_a_secret_reaches_the_command_and_nothing_else(
    make: Make, power: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name in braces; the journal has the name, and so has an error."""
    monkeypatch.setenv("SECRET", "ab c")
    given = power.with_name("given")
    on = f"sh -c 'echo \"$1\" > {given}; false' sh {{SECRET}}"
    machine = make(on=on, secret_variables=["SECRET"])
    with pytest.raises(MachineError, match=r"sh \(left out\)' ended with status 1"):
        machine.power_on()
    assert given.read_text(encoding="utf-8") == "ab c\n"
    assert "ab c" not in journal.path.read_text(encoding="utf-8")


def test_a_program_that_was_found_is_the_one_that_runs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """/usr/sbin, where ipmitool may be, is on no ordinary user's PATH."""
    machine = make(on="ldconfig --version")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(MachineError, match="ended with status 0, and after 1 s its status command says: off"):
        machine.power_on()


def test_what_a_killed_command_left_in_a_session_of_its_own_is_not_waited_for(make: Make) -> None:
    """It keeps the command's output open, and nobody can end it."""
    on = "sh -c 'echo started; setsid sleep 30 & wait'"
    with pytest.raises(MachineError, match="was killed after printing 'started'"):
        make(on=on, command_within="1s").power_on()


def test_programs_and_secrets_are_looked_for_before_a_run() -> None:
    """Nothing has been switched by then."""
    with pytest.raises(UsageError, match="node-9: field off: program no-such-program is not installed"):
        entry_of(off="no-such-program").check()
    with pytest.raises(UsageError, match=r"node-9: field secret_variables: \$NOT_SET_HERE is not set"):
        entry_of(secret_variables=["NOT_SET_HERE"]).check()


def test_machine_whose_status_failed_first_is_recorded_before_it_is_switched(
    make: Make, power: Path, journal: Journal
) -> None:
    """An order that was not given has recorded nothing: the next one must."""
    machine = make()
    power.write_text("Unable to establish IPMI session", encoding="utf-8")
    with pytest.raises(MachineError):
        machine.power_on()
    power.write_text(OFF, encoding="utf-8")
    machine.power_on()
    [made] = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert made["fields"]["power"] == "off"
