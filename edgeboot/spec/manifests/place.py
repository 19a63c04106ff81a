"""Finds the lines of the manifests that set a field of the Pod, for error messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgeboot.base.paths import shown
from edgeboot.spec.manifests.kustomize import Rendered


def place(field: str, rendered: Rendered) -> str:
    """File, line number and text of the last manifest that sets the field, so patches win."""
    for path in reversed(rendered.files):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line.strip().removeprefix("- ").startswith(f"{field}:"):
                return f"{shown(path)}:{number + 1} {' '.join(_block(lines[number:]))}"
    return f"no {field} in {', '.join(shown(path) for path in rendered.files)}"


def _block(lines: Sequence[str]) -> Iterator[str]:
    """The first line and the lines indented below it."""
    yield lines[0].strip()
    for line in lines[1:]:
        if _depth(line) <= _depth(lines[0]):
            return
        yield line.strip()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
