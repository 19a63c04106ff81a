"""Which machines of an inventory a run may power-cycle: those that say so, each complete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.host.journal import Journal
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.protocol import Machine
from edgeboot.machines.registry import KINDS, look_at_machine, machines_to_boot, make_machine, stated_machines

FILE = """
[[machine]]
name = "a"
mac = "52:54:00:00:00:0a"
kind = "command"
on = "true"
off = "true"
may_be_power_cycled = true

[[machine]]
name = "b"
mac = "52:54:00:00:00:0b"
kind = "wake-on-lan"

[[machine]]
name = "c"
mac = "52:54:00:00:00:0c"
kind = "redfish"
url = "https://bmc-c.example"
username = "edgeboot"
password_variable = "NOT_SET_HERE"
may_be_power_cycled = true
"""


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """A file with a machine of each kind."""
    file = tmp_path / "machines.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_a_machine_that_does_not_say_so_is_left_alone(inventory: Path) -> None:
    """Without a name those that may be are taken, with names all of them have to."""
    assert [entry.name for entry in stated_machines(inventory, ())] == ["a", "b", "c"]
    assert [entry.name for entry in machines_to_boot(inventory, ["a"])] == ["a"]
    with pytest.raises(
        UsageError, match=r"machine b, field may_be_power_cycled: is not true: it is left alone"
    ):
        machines_to_boot(inventory, ["a", "b"])


@pytest.mark.parametrize(
    "names,problem",
    [
        (["d"], r"--machine d: is no machine of .*machines.toml; choose from a, b, c"),
        ([], r"machine c: field password_variable: \$NOT_SET_HERE is not set"),
    ],
)
def test_what_is_missing_is_told_before_the_run(inventory: Path, names: Sequence[str], problem: str) -> None:
    """Nothing has been switched by then."""
    with pytest.raises(UsageError, match=problem):
        machines_to_boot(inventory, names)


def test_a_name_needs_an_inventory() -> None:
    """And says which option names it."""
    with pytest.raises(UsageError, match=r"--machine a: names a machine of no inventory; .* --machines FILE"):
        machines_to_boot(None, ["a"])
    assert machines_to_boot(None, ()) == ()


def test_each_kind_is_made_of_its_entry(inventory: Path, tmp_path: Path) -> None:
    """Nothing is asked or changed by that."""

    class Segment:
        journal = Journal("test", tmp_path / "journal")
        open_port = close_port = None

    domain = LibvirtEntry.model_validate({"name": "d", "mac": "52:54:00:00:00:0d", "kind": "libvirt"})
    entries = (*stated_machines(inventory, ()), domain)
    with Segment.journal:
        made: list[Machine] = [make_machine(entry, Segment()) for entry in entries]  # type: ignore[arg-type]
    assert [machine.name for machine in made] == ["a", "b", "c", "d"]
    assert {entry.kind for entry in entries} == KINDS.keys()


def test_port_of_a_magic_packet_is_removed_when_it_is_sent(inventory: Path) -> None:
    """The next machine is woken from the same address."""
    did: list[str] = []

    class Segment:
        def open_port(self, _: object) -> Segment:
            did.append("opened")
            return self

        def send(self, _: bytes) -> None:
            did.append("sent")

        def close_port(self, _: object) -> None:
            did.append("closed")

    [waking] = stated_machines(inventory, ["b"])
    make_machine(waking, Segment()).power_on()  # type: ignore[arg-type]
    assert did == ["opened", "sent", "closed"]


def test_a_look_says_power_and_whether_it_may_be_cycled(inventory: Path) -> None:
    """For the doctor."""
    a, b, _ = stated_machines(inventory, ())
    assert look_at_machine(a) == "power is unknown; may be power-cycled"
    assert look_at_machine(b).endswith("is left alone: may_be_power_cycled is not true")
    secure = a.model_copy(update={"secure_boot": True})
    assert "; Secure Boot, it is stated: an unsigned boot file is refused; " in look_at_machine(secure)


def test_a_dry_run_says_what_becomes_of_each_machine(inventory: Path) -> None:
    """What is not put back afterwards is named."""
    commands, waking, bmc = (entry.plan for entry in stated_machines(inventory, ()))
    assert commands.endswith("boot order and power are put back, but power (no status)")
    assert waking == "switched on by a magic packet, and left on: nothing here can switch it off"
    assert bmc == "boot the network once, switched on and off (redfish); boot order and power are put back"
