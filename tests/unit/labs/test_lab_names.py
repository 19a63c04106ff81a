"""Nothing outside the registry and a lab's own folder asks for a lab's name."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.labs.registry import LABS

SOURCES: Final = ("edgeboot", "fixtures", "tests/faults")
OWN: Final = {PROJECT / "edgeboot" / "labs" / name for name in LABS}


def names_asked_for(source: str) -> list[int]:
    """The lines that compare something with the name of a lab, or match it."""
    nodes = list(ast.walk(ast.parse(source)))
    operands = [node.value for node in nodes if isinstance(node, ast.MatchValue)]
    for node in nodes:
        if isinstance(node, ast.Compare):
            operands += [node.left, *node.comparators]
    return [each.lineno for each in operands if _holds_a_name(each)]


def _holds_a_name(operand: ast.expr) -> bool:
    elements = operand.elts if isinstance(operand, (ast.Tuple, ast.Set, ast.List)) else [operand]
    return any(isinstance(each, ast.Constant) and each.value in LABS for each in elements)


@pytest.mark.parametrize(
    "source",
    ["lab == 'netns'", "'kind' != lab.name", "lab in {'kind', 'netns'}", "match lab:\n case 'kind': pass"],
)
def test_question_for_a_lab_s_name_is_seen(source: str) -> None:
    """However it is put."""
    assert names_asked_for(source)


def test_nobody_asks_for_a_lab_s_name() -> None:
    """What differs from lab to lab is stated by its LabKind."""
    files = [
        path
        for folder in SOURCES
        for path in sorted(Path(PROJECT, folder).rglob("*.py"))
        if not OWN & set(path.parents)
    ]
    assert files
    asking = {str(path.relative_to(PROJECT)): names_asked_for(path.read_text()) for path in files}
    assert not {path: lines for path, lines in asking.items() if lines}
