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
        ("machine = ['a']\n", "write a .*machine.* table for each"),
        (GOOD.replace('"52:54:00:00:00:01"', "5"), "field mac: '5' is no Ethernet address"),
        (f"{GOOD}colour = 'red'\n", "machine a, field colour: is not known; kind plain has name, mac, kind,"),
        (
            GOOD.replace("plain", "fancy"),
            r"machine a, field kind: 'fancy' is no kind of machine; choose from plain",
        ),
        (GOOD.replace('"52:54:00:00:00:01"', '"52:54"'), "field mac: '52:54' is no Ethernet address"),
        (GOOD.replace('"a"', '"a b"'), "machine a b, field name: may have letters, digits"),
        (GOOD + GOOD, "field name: a is stated twice, by machines 1 and 2 of the file"),
        (
            GOOD + GOOD.replace('"a"', '"b"'),
            "field mac: 52:54:00:00:00:01 is stated twice, by machines 1 and 2",
        ),
        (
            f"{GOOD}may_be_power_cycled = 'yes'\n",
            "field may_be_power_cycled: is neither true nor false, found",
        ),
        (
            GOOD.replace("52:54:00:00:00:01", "ff:ff:ff:ff:ff:ff"),
            "field mac: ff:.* is no machine's own address",
        ),
        ("[[machine]]\nname = 'a'\n", "machine a, field kind: is missing"),
    ],
)
def test_what_is_wrong_is_named(text: str, problem: str, tmp_path: Path) -> None:
    """File, field and mend."""
    with pytest.raises(UsageError, match=rf"machines.toml.*{problem}"):
        read(text, tmp_path)
