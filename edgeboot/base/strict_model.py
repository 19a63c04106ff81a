"""Reading a YAML or TOML file into a typed model, with errors that name file, field and a hint."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown

M = TypeVar("M", bound=BaseModel)


class StrictModel(BaseModel):
    """An immutable model; an unknown field is an error rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_text(path: Path, option: str) -> str:
    """A text file's content.

    Raises:
        UsageError: it cannot be read; the error names the option or file that refers to it.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UsageError(
            option, f"cannot read {shown(path)} ({reason})", "name a readable text file"
        ) from error


def read_yaml(path: Path, option: str) -> list[dict[str, Any]]:
    """A YAML file's documents, each a mapping; raises UsageError."""
    try:
        documents = [each for each in yaml.safe_load_all(read_text(path, option)) if each is not None]
    except (yaml.YAMLError, ValueError) as error:  # A ValueError: an impossible date or number.
        problem = " ".join(str(error).split())
        raise UsageError(shown(path), f"is no YAML ({problem})", "correct the syntax") from error
    for document in documents:
        if not isinstance(document, dict):
            raise UsageError(shown(path), "holds something that is no mapping", "write key: value pairs")
    return documents


def read_toml(path: Path, option: str) -> dict[str, Any]:
    """A TOML file's table; raises UsageError."""
    try:
        return tomllib.loads(read_text(path, option))
    except ValueError as error:
        raise UsageError(shown(path), f"is no TOML ({error})", "correct the syntax") from error


def validated(model: type[M], data: object, path: Path, hint: str) -> M:
    """``data`` as the model; the first wrong field becomes the error.

    Raises:
        UsageError: file, field, what is wrong with it, and ``hint``.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        field, problem = first_problem(error)
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        where = f"{shown(path)}: field {field or 'the whole file'}"
        raise UsageError(where, f"{problem}{more}", hint) from None


def first_problem(error: ValidationError) -> tuple[str, str]:
    """The first wrong field, empty where it is the whole, and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    return ".".join(str(part) for part in first["loc"]), _problem(dict(first))


def _problem(error: dict[str, Any]) -> str:
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not known"
        case "value_error":
            return str(error["ctx"]["error"])
        case "bool_type" | "bool_parsing":
            return f"is neither true nor false, found {error['input']!r}"
        case _:
            message = error["msg"]
            return f"{message[0].lower()}{message[1:]}, found {error['input']!r}"
