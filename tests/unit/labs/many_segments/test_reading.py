"""Every bad row of a segments.toml is told in one line, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from tests.unit.labs.many_segments.files import read, refused, row

HOST = 'nodes = {{ "kubernetes.io/hostname" = "{}" }}'
WINDOW = 'window = {{ from = "{}", to = "{}", time_zone = "{}" }}'
CAMPUS = 'address_space = "campus"'


@pytest.mark.parametrize(
    "fields, words",
    [
        (['interface = "br 0"'], "field interface: is no network interface"),
        (['interface = "much-too-long-name"'], "field interface: is no network interface"),
        (['contract = "absent"'], "field contract: no file"),
        (['profile = "absent"'], "field profile: no such profile as 'absent'"),
        (['kubeconfig_secret = "Not_A_Name"'], "field kubeconfig_secret: is no name of an object"),
        (['nodes = { "-x" = "y" }'], "field nodes: has '-x', which is no key of a label"),
        (['nodes = { "a/b/c" = "y" }'], "field nodes: has 'a/b/c', which is no key of a label"),
        (['nodes = { zone = "no such value" }'], "field nodes: has 'no such value' for zone"),
        ([WINDOW.format("25:00", "04:00", "Etc/UTC")], "field window.from: is no time of the day"),
        ([WINDOW.format("22:00", "22:00", "Etc/UTC")], "field window: begins and ends at 22:00"),
        ([WINDOW.format("22:00", "23:00", "Moon/Base")], "field window.time_zone: is no time zone"),
        ([WINDOW.format("22:00", "22:20", "Etc/UTC")], "field window: 22:00-22:20 Etc/UTC lasts 20m"),
        (["window = 5"], "field window: "),
        (['options = { nonsense = "yes" }'], "field options: has nonsense, which is no option"),
        (['options = { interface = "br1" }'], "field options: has interface, which is a field of the row"),
        (['options = { machines = "site.toml" }'], "field options: has machines, which names a file"),
        (['options = { disruptive = "yes" }'], "field options: has disruptive = 'yes'; it takes true"),
        (['options = { max-leases = "many" }'], "has --max-leases many, which is out of range (give a whole"),
        (["options = { lease-share = -4 }"], "has --lease-share -4, which is out of range (give a whole"),
        (['options = { deploy = "perhaps" }'], "has --deploy perhaps, which is neither yes nor no (say yes"),
        (['options = { budget = "tomorrow" }'], "has --budget tomorrow, which is no time (give one such"),
        (['options = { push = "gw" }'], "has --push gw, which is no http or https URL with a host (name"),
        (
            ['options = { push = "http://me:word@gw" }'],
            "has push, which names a user (put the whole URL into",
        ),
        (
            ['options = { server = "x\\u0000" }'],
            "has server = 'x\\x00', with a character that cannot be printed",
        ),
        (['options = { keep-pods = "yes" }'], "has keep-pods, which is no option"),
        (["options = { max-leases = 1 }"], "--max-leases 1 --lease-share 25 allow 1 leases of a pool of"),
        (['options = { server = "x" }'], "--server x names a Pod to verify; say --deploy no with it"),
        (["colour = 5"], "field colour: is not known"),
    ],
)
def test_bad_row_is_one_line_with_its_place(tmp_path: Path, fields: list[str], words: str) -> None:
    """File, line, segment, field, what is wrong, and the mend."""
    [line] = refused(tmp_path, row("good-1"), row("bad-1", *fields))
    assert "segments.toml:7: segment bad-1, " in line
    assert words in line
    assert "; " in line


@pytest.mark.parametrize("name", ["Berlin", "a_b", "-a", "a" * 64, "a..b", ""])
def test_name_that_kubernetes_refuses_is_told(tmp_path: Path, name: str) -> None:
    """It is a label's value, and a part of a Lease's name."""
    [line] = refused(tmp_path, row(name))
    assert "field name: may have at most 63 small letters" in line


@pytest.mark.parametrize(
    "setting, words",
    [
        (
            'labels = { "app.kubernetes.io/component" = "mine" }',
            "field labels: has app.kubernetes.io/component, by which",
        ),
        ('kept = "30000d"', "field kept: is longer than 3650d"),
    ],
)
def test_setting_of_the_job_that_cannot_be_is_told(tmp_path: Path, setting: str, words: str) -> None:
    """Before the API server refuses it, or takes it and status finds no Job."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path, row("a"), defaults=f"[job]\n{setting}\n[defaults]\ninterface = 'br0'\n")
    assert words in str(caught.value)


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    """Rows that are bad by themselves, and those that are bad beside another."""
    lines = refused(tmp_path, row("a", 'contract = "x"'), row("b"), row("b"), row("c", 'profile = "y"'))
    assert [line.partition(": ")[2].partition(",")[0] for line in lines] == [
        "segment a",
        "segment c",
        "segment b",
    ]


def test_row_that_lacks_a_field_says_which(tmp_path: Path) -> None:
    """No default has it, either."""
    with pytest.raises(UsageError, match=r"segment a, field interface: is missing"):
        read(tmp_path, row("a"), defaults="")


@pytest.mark.parametrize(
    "first, second",
    [
        (HOST.format("n1"), HOST.format("n1")),
        ('nodes = { zone = "a" }', 'nodes = { zone = "a", rack = "1" }'),
        ("nodes = {}", 'nodes = { zone = "a" }'),
    ],
)
def test_two_rows_of_one_interface_are_told(tmp_path: Path, first: str, second: str) -> None:
    """Where every node of the one is a node of the other."""
    [line] = refused(tmp_path, row("a", first), row("b", second))
    assert "segment b, field interface: br0 of " in line
    assert "is that of segment a (line 4), too" in line


@pytest.mark.parametrize(
    "first, second",
    [
        (HOST.format("n1"), HOST.format("n2")),
        (HOST.format("n1"), HOST.format("n1") + '\ninterface = "br1"'),
        ('nodes = { zone = "a" }', 'nodes = { rack = "1" }'),
    ],
)
def test_rows_that_may_be_of_different_interfaces_are_right(tmp_path: Path, first: str, second: str) -> None:
    """br0 of each node, two bridges of one node, and labels that may be on different nodes."""
    assert len(read(tmp_path, row("a", first), row("b", second)).rows) == 2


def test_same_private_network_behind_many_sites_is_right(tmp_path: Path) -> None:
    """Each has an address space of its own."""
    assert len(read(tmp_path, *(row(f"site-{each}") for each in range(50))).rows) == 50


def test_pools_of_one_address_space_must_not_overlap(tmp_path: Path) -> None:
    """Segments that reach each other give no address twice."""
    narrow = 'based_on = "{}"\npool = {{ first = "192.168.99.190", last = "192.168.99.220" }}\n'
    base = Path("contracts/poc.toml").resolve()
    (tmp_path / "narrow.toml").write_text(narrow.format(base), encoding="utf-8")
    [line] = refused(tmp_path, row("a", CAMPUS), row("b", CAMPUS, 'contract = "narrow.toml"'), row("c"))
    assert "segment b, field address_space: its pool 192.168.99.190-192.168.99.220 overlaps" in line
    assert "192.168.99.100-192.168.99.200 of segment a (line 4), and both are in 'campus'" in line


def test_defaults_are_below_each_row_and_options_are_merged(tmp_path: Path) -> None:
    """A row says only what is otherwise."""
    defaults = '[defaults]\ninterface = "br0"\noptions = { deploy = "no", rate = 50 }\n'
    [one] = read(tmp_path, row("a", "options = { rate = 10 }"), defaults=defaults).rows
    assert (one.row.interface, one.row.arguments) == ("br0", ["--deploy=no", "--rate=10"])
