"""Finds the lines of the manifests that set a field of the Pod, for error messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from edgeboot.base.paths import shown
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.kustomize import Rendered


def place(field: str, rendered: Rendered) -> str:
    """File, line number and text of the last manifest that sets the field, so patches win."""
    return str(cause_of(field, rendered))


def cause_of(field: str, rendered: Rendered) -> Cause:
    """The same as a cause; without a line where no manifest sets the field."""
    for path in reversed(rendered.files):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line.strip().removeprefix("- ").startswith(f"{field}:"):
                return Cause(shown(path), number + 1, " ".join(_block(lines[number:])))
    return Cause(None, None, f"no {field} in {', '.join(shown(path) for path in rendered.files)}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a manifest."""

    path: Path
    number: int
    """Counted from 1."""

    @property
    def place(self) -> str:
        """File and number, as messages show them."""
        return f"{shown(self.path)}:{self.number}"

    @property
    def cause(self) -> Cause:
        """As a cause: file, number, and the line with those indented below it."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return Cause(shown(self.path), self.number, " ".join(_block(lines[self.number - 1 :])))


def line_of(path: Sequence[str], rendered: Rendered) -> Line | None:
    """The line of the last manifest that sets the field at a path; None where none does.

    Args:
        path: keys from the top of the object; an item of a list is named by its ``name``, its
            ``mountPath`` or its number.
        rendered: the manifests; a patch goes before what it patches.
    """
    for file in reversed(rendered.files):
        for document in yaml.compose_all(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader):
            number = _find(document, path)
            if number is not None:
                return Line(file, number)
    return None


def _find(node: yaml.Node | None, path: Sequence[str]) -> int | None:
    number: int | None = None
    for part in path:
        number, node = _step(node, part)
        if node is None:
            return None
    return number


def _step(node: yaml.Node | None, part: str) -> tuple[int | None, yaml.Node | None]:
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                if key.value == part:
                    return key.start_mark.line + 1, value
        case yaml.SequenceNode():
            for number, item in enumerate(node.value):
                named = {key.value: value.value for key, value in getattr(item, "value", []) if _is_name(key)}
                if part in {*named.values(), str(number)}:
                    return item.start_mark.line + 1, item
    return None, None


def _is_name(key: yaml.Node) -> bool:
    return key.value in {"name", "mountPath"}


def _block(lines: Sequence[str]) -> Iterator[str]:
    """The first line and the lines indented below it."""
    yield lines[0].strip()
    for line in lines[1:]:
        if _depth(line) <= _depth(lines[0]):
            return
        yield line.strip()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
