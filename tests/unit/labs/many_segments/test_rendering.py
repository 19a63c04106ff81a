"""The objects of many segments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.labs.many_segments.own_row import own_contract, own_row, verify_arguments
from edgeboot.labs.many_segments.planned import LARGEST, PlannedRow, names_of_rows, row_of_index
from edgeboot.labs.many_segments.rendering import GATE, objects, rendered
from edgeboot.labs.many_segments.rounds import too_many
from edgeboot.spec.contract.in_one_file import in_one_file
from edgeboot.spec.contract.reading import load_contract
from tests.unit.labs.many_segments.files import read, row

NIGHT = 'window = { from = "22:00", to = "00:00", time_zone = "Europe/Oslo" }'
MANY = 6000


def of_kind(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Those of the objects."""
    return [each for each in found if each["kind"] == kind]


def test_same_file_gives_the_same_text(tmp_path: Path) -> None:
    """kubectl diff shows what has changed, and nothing else."""
    rows = [row("a"), row("b", NIGHT)]
    assert rendered(read(tmp_path, *rows)) == rendered(read(tmp_path, *rows))


def test_thousands_of_rows_are_in_config_maps_that_the_api_server_takes(tmp_path: Path) -> None:
    """Each Pod finds its row by its index, wherever the ConfigMaps are cut."""
    found = objects(read(tmp_path, *(row(f"site-{each:05}") for each in range(MANY))))
    maps = of_kind(found, "ConfigMap")
    assert len(maps) > 1
    assert all(each["immutable"] for each in maps)
    assert all(sum(len(text.encode()) for text in each["data"].values()) < LARGEST for each in maps)
    for each in maps:
        for name, text in each["data"].items():
            (tmp_path / name).write_text(text, encoding="utf-8")
    for index in (0, MANY // 2, MANY - 1):
        assert own_row(tmp_path, {"JOB_COMPLETION_INDEX": str(index)}).name == f"site-{index:05}"


def test_rows_of_different_nodes_are_gated_and_those_of_one_selector_are_not(tmp_path: Path) -> None:
    """A gate needs somebody who removes it, so there is none without need."""
    alike = [row("a", 'nodes = { edge = "yes" }'), row("b", 'nodes = { edge = "yes" }\ninterface = "br1"')]
    [job] = of_kind(objects(read(tmp_path, *alike)), "Job")
    spec = job["spec"]["template"]["spec"]
    assert (spec.get("schedulingGates"), spec["nodeSelector"]) == (None, {"edge": "yes"})
    [job] = of_kind(objects(read(tmp_path, row("a"), row("b"))), "Job")
    spec = job["spec"]["template"]["spec"]
    assert (spec["schedulingGates"], spec.get("nodeSelector")) == ([{"name": GATE}], None)


def test_each_window_is_a_cron_job_that_ends_in_it(tmp_path: Path) -> None:
    """Whose name no other window of the file changes; rows without one are a Job."""
    early = 'window = { from = "01:00", to = "05:00" }'
    found = objects(read(tmp_path, row("a", NIGHT), row("b", early), row("c")))
    [night, _] = of_kind(found, "CronJob")
    assert night["metadata"]["name"].startswith("edgeboot-segments-2200-0000-")
    spec = night["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("0 22 * * *", "Europe/Oslo")
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] + spec["startingDeadlineSeconds"] < 7200
    alone = of_kind(objects(read(tmp_path, row("a", NIGHT))), "CronJob")
    assert alone[0]["metadata"]["name"] == night["metadata"]["name"]
    assert [each["spec"]["completions"] for each in of_kind(found, "Job")] == [1]


def test_pod_at_a_window_s_end_has_time_to_give_back_and_the_job_to_begin(tmp_path: Path) -> None:
    """A row may deploy: deleting its server may take two minutes, as in nightly/base."""
    [night] = of_kind(objects(read(tmp_path, row("a", NIGHT))), "CronJob")
    spec = night["spec"]["jobTemplate"]["spec"]
    grace, begins = spec["template"]["spec"]["terminationGracePeriodSeconds"], night["spec"]
    assert grace >= 180
    assert begins["startingDeadlineSeconds"] >= 60
    assert begins["startingDeadlineSeconds"] + spec["activeDeadlineSeconds"] + grace <= 7200


def test_role_reads_exactly_the_secrets_of_the_rows(tmp_path: Path) -> None:
    """Not every Secret of the namespace."""
    named = 'kubeconfig_secret = "{}"'
    found = objects(read(tmp_path, row("a", named.format("k-b")), row("b", named.format("k-a")), row("c")))
    [role] = of_kind(found, "Role")
    assert [rule["resourceNames"] for rule in role["rules"]] == [["k-a", "k-b"]]


def test_window_that_may_be_too_short_for_its_segments_is_remarked(tmp_path: Path) -> None:
    """No error: most runs take a part of their time."""
    one_at_a_time = "[job]\nparallelism = 1\n[defaults]\ninterface = 'br0'\n"
    segments = read(tmp_path, *(row(f"s{each}", NIGHT) for each in range(9)), defaults=one_at_a_time)
    [remark] = too_many(segments)
    assert "9 segments, 1 at once, take 9 rounds of at most 30m" in remark
    assert not list(too_many(read(tmp_path, row("a", NIGHT))))


def test_pod_verifies_the_row_of_its_index(tmp_path: Path) -> None:
    """With the contract that was rendered, and a place of its own for evidence and result."""
    [maps] = of_kind(objects(read(tmp_path, row("a"), row("b", 'options = { deploy = "no" }'))), "ConfigMap")
    for name, text in maps["data"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    mine = own_row(tmp_path, {"JOB_COMPLETION_INDEX": "1"})
    arguments = verify_arguments(mine, Path("/c.toml"), Path("/volume"), Path("/words"))
    assert {"--segment=b", "--interface=br0", "--deploy=no", "--lease=edgeboot-b"} <= set(arguments)
    assert {"--evidence=/volume/evidence/b", "--result=/volume/results/b.json"} <= set(arguments)
    assert load_contract(tmp_path / mine.contract) == load_contract(CONTRACTS / "poc.toml")


@pytest.mark.parametrize(
    "named, field", [("poc", ""), ("poc-fixed", 'contract = "poc-fixed"'), ("lyon", 'contract = "lyon.toml"')]
)
def test_edited_contract_has_the_name_that_it_had(tmp_path: Path, named: str, field: str) -> None:
    """The run's site is its contract's name: a new one would leave the old one's red alert for ever."""
    paths = set()
    for pool in ("192.168.99.150", "192.168.99.140"):
        text = f'based_on = "poc"\npool = {{ first = "{pool}", last = "192.168.99.199" }}\n'
        (tmp_path / "lyon.toml").write_text(text, encoding="utf-8")
        [maps] = of_kind(objects(read(tmp_path, row("a", field))), "ConfigMap")
        for name, content in maps["data"].items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        mine = own_row(tmp_path, {"JOB_COMPLETION_INDEX": "0"})
        paths.add(own_contract(mine, tmp_path, tmp_path))
    [path] = paths
    assert path == tmp_path / "contract" / f"{named}.toml"
    assert load_contract(path) == load_contract(tmp_path / mine.contract)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\u001c"])
def test_value_that_ends_a_line_for_python_moves_no_other_row(separator: str) -> None:
    """A row is one line, whatever a value has: each index after it would else be another segment's."""
    rows = [
        PlannedRow(name, "br0", {}, "c", "poc", "poc", None, [f"--server=x{separator}y"]) for name in "ab"
    ]
    files = {"rows-000000.jsonl": "".join(each.encode() for each in rows)}
    assert names_of_rows(files) == ["a", "b"]
    assert row_of_index(files, 1) == rows[1]


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.toml")), ids=lambda path: path.stem)
def test_contract_in_one_file_states_the_same(tmp_path: Path, path: Path) -> None:
    """Whatever it is based on, since a Pod has no other files."""
    (tmp_path / "one.toml").write_text(in_one_file(path), encoding="utf-8")
    assert load_contract(tmp_path / "one.toml") == load_contract(path)
