"""A file that cannot be used: the message names the file, the field and a hint."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import Field, ValidationError

from edgeboot.base.errors import UsageError
from edgeboot.base.strict_model import StrictModel, read_text, read_toml, read_yaml, validated

HINT: Final = "see the handbook"


class Engine(StrictModel):
    """Something nested."""

    fuel: str
    cylinders: int = Field(ge=1)


class Car(StrictModel):
    """Something with a field of every kind."""

    name: str
    engine: Engine
    doors: tuple[int, ...] = ()


GOOD: Final[dict[str, Any]] = {"name": "one", "engine": {"fuel": "petrol", "cylinders": 4}}


def refused(data: object) -> UsageError:
    """The error for these data."""
    with pytest.raises(UsageError) as caught:
        validated(Car, data, Path("car.toml"), HINT)
    return caught.value


@pytest.mark.parametrize(
    "data,field,problem",
    [
        (GOOD | {"wheels": 4}, "wheels", "is not known"),
        ({"engine": GOOD["engine"]}, "name", "is missing"),
        (GOOD | {"name": None}, "name", "input should be a valid string, found None"),
        (GOOD | {"engine": {"cylinders": 4}}, "engine.fuel", "is missing"),
        (
            GOOD | {"engine": {"fuel": "petrol", "cylinders": 0}},
            "engine.cylinders",
            "input should be greater than or equal to 1, found 0",
        ),
        (
            GOOD | {"doors": [1, "two"]},
            "doors.1",
            "input should be a valid integer, unable to parse string as an integer, found 'two'",
        ),
    ],
    ids=["unknown", "missing", "wrong type", "missing below", "out of bounds", "in a list"],
)
def test_wrong_field_is_named_with_its_path(data: object, field: str, problem: str) -> None:
    """Place, problem and hint are three parts of one line."""
    error = refused(data)
    assert (error.where, error.problem, error.hint) == (f"car.toml: field {field}", problem, HINT)
    assert str(error) == f"car.toml: field {field}: {problem}; {HINT}"


def test_further_wrong_fields_are_counted() -> None:
    """The first is named, and nobody thinks it is the only one."""
    assert refused({"wheels": 4}).problem == "is missing (and 2 more)"


def test_data_that_are_no_table_are_wrong_as_a_whole() -> None:
    """There is no field to name."""
    assert refused([GOOD]).where == "car.toml: field the whole file"


def test_file_below_the_working_directory_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message shows the path as a person would type it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"^cars/one\.toml: field name"):
        validated(Car, {}, tmp_path / "cars" / "one.toml", HINT)


def test_validated_model_cannot_be_changed() -> None:
    """What was checked stays as it was checked."""
    car = validated(Car, GOOD, Path("car.toml"), HINT)
    with pytest.raises(ValidationError, match="frozen"):
        car.name = "two"  # type: ignore[misc]


@pytest.mark.parametrize(
    "content,reason",
    [(None, "No such file or directory"), (b"\xff\xfe", "not UTF-8 text")],
    ids=["missing", "no text"],
)
def test_unreadable_file_is_named_with_the_option(content: bytes | None, reason: str, tmp_path: Path) -> None:
    """The option or file that led there comes first."""
    path = tmp_path / "car.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_text(path, "--car")
    assert str(caught.value) == f"--car: cannot read {path} ({reason}); name a readable text file"


def test_directory_is_no_text_file(tmp_path: Path) -> None:
    """The system's reason is passed on."""
    with pytest.raises(UsageError, match=r"--car: cannot read .* \(Is a directory\)"):
        read_text(tmp_path, "--car")


@pytest.mark.parametrize(
    "text,problem",
    [
        ("a: [", "is no YAML"),
        ("- a\n", "holds something that is no mapping"),
        ("a: 1\n---\nb", "no mapping"),
        ("a: 2001-99-99\n", "is no YAML"),
        ("a: !!int foo\n", "is no YAML"),
    ],
)
def test_yaml_that_is_no_mapping_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    """Every document must be one, and the file is named."""
    path = tmp_path / "car.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"car\.yaml: .*{problem}"):
        read_yaml(path, "--car")


def test_empty_documents_of_a_yaml_file_are_left_out(tmp_path: Path) -> None:
    """A file of comments has none; a separator too many does no harm."""
    path = tmp_path / "car.yaml"
    path.write_text("# a comment\n---\na: 1\n---\n---\nb: 2\n", encoding="utf-8")
    assert read_yaml(path, "--car") == [{"a": 1}, {"b": 2}]


def test_toml_error_tells_the_line(tmp_path: Path) -> None:
    """The parser's own words say where."""
    path = tmp_path / "car.toml"
    path.write_text("name = 'one'\nengine =\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"car\.toml: is no TOML \(.*line 2.*\); correct the syntax"):
        read_toml(path, "--car")
