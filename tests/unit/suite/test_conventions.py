"""What holds for every file of the project, read from the files themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.spec.contract.contract import Contract, load_contract
from edgeboot.spec.contract.server_terms import Ability

Function = ast.FunctionDef | ast.AsyncFunctionDef
GOOD_SERVERS: Final = PROJECT / "tests" / "faults" / "good"
HARMFUL: Final = {"case_runner", "exhausted_pool", "declined", "rogue", "outrun"}
"""Fixtures that flood, drain or confuse a segment."""
CONTRACT_FILES: Final = sorted([*CONTRACTS.glob("*.toml"), *GOOD_SERVERS.glob("*.toml")])


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def files(*directories: str) -> list[Path]:
    """The Python files below some of the project's directories."""
    found = [path for directory in directories for path in sorted((PROJECT / directory).rglob("*.py"))]
    assert found
    return found


def place(path: Path, node: ast.stmt | ast.expr) -> str:
    """File and line, as an editor opens them."""
    return f"{path.relative_to(PROJECT)}:{node.lineno}"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each module the file imports, by its full name, with the place."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, place(path, node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module, place(path, node)
            yield from ((f"{node.module}.{alias.name}", place(path, node)) for alias in node.names)


def imported(name: str, *directories: str) -> list[str]:
    """Where a module, or a part of it, is imported."""
    each = [found for path in files(*directories) for found in imports(path)]
    return [place for module, place in each if module == name or module.startswith(f"{name}.")]


def functions(path: Path) -> list[Function]:
    """Every function of the file."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def is_test_or_fixture(function: Function) -> bool:
    """By its name, or by a decorator called fixture."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    names = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in decorators}
    return function.name.startswith("test_") or "fixture" in names


def test_messages_know_no_socket_of_scapy() -> None:
    """Bytes in, values out; import-linter, which holds the other rules, sees scapy as one module."""
    assert imported("scapy.arch", "edgeboot/dhcp") == []


def test_nobody_sleeps() -> None:
    """What is waited for is observed: no call of anything named sleep."""
    called = [
        place(path, node)
        for path in files("edgeboot", "fixtures", "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", None) == "sleep" or getattr(node.func, "id", None) == "sleep")
    ]
    assert called == []
    assert imported("time.sleep", "edgeboot", "fixtures", "tests") == []


def test_nobody_knows_the_segment_s_addresses_by_heart() -> None:
    """They come from the contract, the manifests, or from what a node holds: there are other segments."""
    by_heart = [
        place(path, node)
        for path in files("edgeboot", "fixtures", "tests/e2e")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"192\.168\.99\.\d+(/\d+)?", node.value)
    ]
    assert by_heart == []


def test_every_test_and_fixture_says_what_it_is_for() -> None:
    """Its docstring is what a reader of a failed run gets to read."""
    silent = [
        f"{place(path, function)} {function.name}"
        for path in files("tests", "fixtures")
        for function in functions(path)
        if is_test_or_fixture(function) and not ast.get_docstring(function)
    ]
    assert silent == []


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda path: path.stem)
def test_known_defect_names_a_test_there_is(path: Path) -> None:
    """An entry without its test would hide nothing, or one day anything."""
    contract: Contract = load_contract(path)
    tests = {function.name for file in files("tests/e2e") for function in functions(file)}
    named = {defect.test.partition("[")[0] for defect in contract.known_defects}
    assert named - tests == set()


def test_ability_a_test_needs_is_one_a_contract_can_deny() -> None:
    """A name that no contract knows would end every run."""
    needed = {
        mark.args[0].value
        for file in files("tests/e2e")
        for mark in ast.walk(tree(file))
        if isinstance(mark, ast.Call)
        and getattr(mark.func, "attr", None) == "ability"
        and isinstance(mark.args[0], ast.Constant)
    }
    assert needed == {ability.value for ability in Ability}


def test_what_harms_a_segment_is_only_done_to_one_of_the_suite_s_own() -> None:
    """Where other people's machines boot, nobody may be refused, flooded or left without an address."""
    harmful = [
        f"{place(path, function)} {function.name}"
        for path in files("tests/e2e")
        for function in functions(path)
        if function.name.startswith("test_")
        and HARMFUL & asked_for(function)
        and not any("mark.own_segment" in mark for mark in marks(path, function))
    ]
    assert harmful == []


def asked_for(function: Function) -> set[str]:
    """The fixtures a test names, as arguments or by usefixtures."""
    named = {each.arg for each in function.args.args}
    uses = [each for each in function.decorator_list if "usefixtures" in ast.unparse(each)]
    return named | {str(arg.value) for use in uses for arg in ast.walk(use) if isinstance(arg, ast.Constant)}


def marks(path: Path, function: Function) -> list[str]:
    """The markers of a test and of its file, as they are written."""
    of_the_file = [each for each in tree(path).body if isinstance(each, ast.Assign)]
    shared = [ast.unparse(each) for each in of_the_file if "pytestmark" in ast.unparse(each.targets[0])]
    return [*shared, *map(ast.unparse, function.decorator_list)]
