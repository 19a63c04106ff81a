"""``--machines FILE``: what is wrong is named by file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.machines.inventory import MachineEntry, read_inventory

GOOD = '[[machine]]\nname = "a"\nmac = "52:54:00:00:00:01"\nkind = "plain"\n'


def read(text: str, directory: Path) -> tuple[MachineEntry, ...]:
    """The machines of such a file, where ``plain`` is the one kind."""
    file = directory / "machines.toml"
    file.write_text(text, encoding="utf-8")
    return read_inventory(file, {"plain": MachineEntry})


def test_machines_are_read(tmp_path: Path) -> None:
    """In the file's order; none may be power-cycled unless the file says so."""
    (machine,) = read(GOOD, tmp_path)
    assert (machine.name, str(machine.mac), machine.may_be_power_cycled) == ("a", "52:54:00:00:00:01", False)


@pytest.mark.parametrize(
    "text,problem",
    [
        ("", "write a .*machine.* table for each"),
        ("machine = 1\n", "write a .*machine.* table for each"),
        (f"{GOOD}colour = 'red'\n", "field colour: is not known"),
        (
            GOOD.replace("plain", "fancy"),
            r"field machine.1.kind: 'fancy' is no kind of machine; choose from plain",
        ),
        (GOOD.replace('"52:54:00:00:00:01"', '"52:54"'), "field mac: '52:54' is no Ethernet address"),
        (GOOD.replace('"a"', '"a b"'), "field name: string should match"),
        (GOOD + GOOD, "field name: a is stated twice, by a and a"),
        (GOOD + GOOD.replace('"a"', '"b"'), "field mac: 52:54:00:00:00:01 is stated twice, by a and b"),
        ("[[machine]]\nname = 'a'\n", "field machine.1.kind: is missing"),
    ],
)
def test_what_is_wrong_is_named(text: str, problem: str, tmp_path: Path) -> None:
    """File, field and mend."""
    with pytest.raises(UsageError, match=rf"machines.toml.*{problem}"):
        read(text, tmp_path)
