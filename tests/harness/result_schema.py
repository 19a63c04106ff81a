"""The published JSON Schemas of what programs read, as strict as our own tests are with them."""

from __future__ import annotations

import json
from typing import Any, Final

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from edgeboot.base.paths import PROJECT

RESULT: Final = "result.schema.json"
EXPLAIN: Final = "explain.schema.json"


def strict_validator(name: str = RESULT) -> jsonschema.Draft202012Validator:
    """Of a schema in docs, which lets readers meet fields that it does not state; this does not."""
    jsonschema.Draft202012Validator.check_schema(_read(name))
    parts = ((each, DRAFT202012.create_resource(_strict(_read(each)))) for each in (RESULT, EXPLAIN))
    registry: Registry[Any] = Registry().with_resources(parts)
    return jsonschema.Draft202012Validator(_strict(_read(name)), registry=registry)


def _read(name: str) -> Any:
    return json.loads((PROJECT / "docs" / name).read_text(encoding="utf-8"))


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return {name: _strict(value) for name, value in schema.items()} | closed
