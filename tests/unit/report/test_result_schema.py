"""docs/result.schema.json states every field of a result, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from edgeboot.report.result import Result
from tests.harness.result_schema import strict_validator
from tests.unit.report.test_result import RESULT, STARTED


@pytest.mark.parametrize("result", [RESULT, RESULT.at_its_end(1, STARTED), Result(STARTED)])
def test_result_is_as_the_schema_says(result: Result) -> None:
    """However the run ended."""
    strict_validator().validate(json.loads(result.encode()))


def test_schema_knows_every_field() -> None:
    """One that it does not state is an error here; readers ignore it."""
    fields = json.loads(RESULT.encode())
    with pytest.raises(jsonschema.ValidationError, match="'stray' was unexpected"):
        strict_validator().validate({**fields, "stray": 1})


def test_every_property_of_the_schema_is_written() -> None:
    """Each is required."""
    assert [
        each
        for each in objects(strict_validator().schema)
        if set(each["properties"]) != set(each["required"])
    ] == []


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object in a schema that has properties."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)
