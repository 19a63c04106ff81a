"""The published JSON Schema of a result, as strict as our own tests are with it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from edgeboot.base.paths import PROJECT


def strict_validator() -> jsonschema.Draft202012Validator:
    """Of docs/result.schema.json, which lets readers meet fields that it does not state; this does not."""
    schema = json.loads((PROJECT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(_strict(schema))


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return {name: _strict(value) for name, value in schema.items()} | closed
