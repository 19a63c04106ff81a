"""docs/explain.schema.json states every field of ``edgeboot explain --json``, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.reading import clients_of, explained
from edgeboot.report.story_told.as_json import VERSION, as_object
from edgeboot.spec.contract.reading import load_contract
from tests.harness.result_schema import EXPLAIN, strict_validator
from tests.unit.report.story_told.stories import BOOTED, GONE, MACHINES
from tests.unit.report.test_result_schema import objects

FILES: Final = (BOOTED, GONE, MACHINES / "silent.pcap", MACHINES.parent / "several" / "x64a.pcap")


def as_json(file: Path) -> dict[str, Any]:
    """The object of a capture whose replies are held against a contract of another site."""
    contract = load_contract(CONTRACTS / "poc.toml", "--contract")
    clients, notes = clients_of(file)
    stories = tuple(explained(clients))
    findings = {each.mac: judged(each, contract) for each in stories}
    return as_object(
        CaptureRead(file.name, stories, clients.packets, clients.began, clients.until, notes, findings)
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_explained_capture_is_as_the_schema_says(file: Path) -> None:
    """However its clients ended."""
    strict_validator(EXPLAIN).validate([as_json(file)])


def test_schema_knows_every_field() -> None:
    """One that it does not state is an error here; readers ignore it."""
    capture = as_json(GONE)
    capture["clients"][0]["stray"] = 1
    with pytest.raises(jsonschema.ValidationError, match="'stray' was unexpected"):
        strict_validator(EXPLAIN).validate([capture])


def test_every_property_of_the_schema_is_written() -> None:
    """Each is required; the version is the program's."""
    schema: Any = strict_validator(EXPLAIN).schema
    assert [each for each in objects(schema) if set(each["properties"]) != set(each["required"])] == []
    assert schema["$defs"]["capture"]["properties"]["v"] == {"const": VERSION}
