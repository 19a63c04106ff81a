"""Conventions of the project's source files, checked on their syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.contract.server_terms import Ability

Function = ast.FunctionDef | ast.AsyncFunctionDef
GOOD_SERVERS: Final = PROJECT / "tests" / "faults" / "good"
HARMFUL: Final = {"case_runner", "exhausted_pool", "declined", "rogue", "raced_discover"}
"""Fixtures that flood a segment, exhaust its pool or add rogue servers to it."""
OF_THE_LAB_ITSELF: Final = {"test_kubernetes_libvirt_dhcp.py"}
"""Files whose tests look at what a lab does to this machine: no value there is a server's or a manifest's."""
CONTRACT_FILES: Final = sorted([*CONTRACTS.glob("*.toml"), *GOOD_SERVERS.glob("*.toml")])


@cache
def syntax_tree(path: Path) -> ast.Module:
    """The file's syntax tree, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_files(*directories: str) -> list[Path]:
    """The Python files below these directories of the project; at least one."""
    paths = [path for directory in directories for path in sorted((PROJECT / directory).rglob("*.py"))]
    assert paths
    return paths


def location(path: Path, node: ast.stmt | ast.expr) -> str:
    """The node's ``file:line``, relative to the project."""
    return f"{path.relative_to(PROJECT)}:{node.lineno}"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each module or name that the file imports, by its full name, with its location."""
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, location(path, node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module, location(path, node)
            yield from ((f"{node.module}.{alias.name}", location(path, node)) for alias in node.names)


def imported(name: str, *directories: str) -> list[str]:
    """The locations that import a module or a part of it."""
    all_imports = [entry for path in python_files(*directories) for entry in imports(path)]
    return [where for module, where in all_imports if module == name or module.startswith(f"{name}.")]


def functions(path: Path) -> list[Function]:
    """Every function of the file, nested ones included."""
    return [node for node in ast.walk(syntax_tree(path)) if isinstance(node, Function)]


def is_test_or_fixture(function: Function) -> bool:
    """Whether its name begins with ``test_`` or a decorator is called ``fixture``."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    names = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in decorators}
    return function.name.startswith("test_") or "fixture" in names


def test_messages_know_no_socket_of_scapy() -> None:
    """edgeboot/dhcp does no I/O; import-linter, which checks the rest, sees scapy as one module."""
    assert imported("scapy.arch", "edgeboot/dhcp") == []


@pytest.mark.parametrize("lab", ["kind", "netns", "orchestrator"])
def test_suite_imports_no_lab(lab: str) -> None:
    """A test of what only one lab can do gets it from a fixture."""
    assert imported(f"edgeboot.labs.{lab}", "tests/e2e") == []


def test_no_code_sleeps() -> None:
    """Code waits for observed conditions: nothing calls a function named sleep."""
    sleeps = [
        location(path, node)
        for path in python_files("edgeboot", "fixtures", "tests")
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", None) == "sleep" or getattr(node.func, "id", None) == "sleep")
    ]
    assert sleeps == []
    assert imported("time.sleep", "edgeboot", "fixtures", "tests") == []


def test_no_address_of_the_segment_is_hard_coded() -> None:
    """Addresses come from the contract, the manifests or a node's lease, as there are other segments."""
    hard_coded = [
        location(path, node)
        for path in python_files("edgeboot", "fixtures", "tests/e2e")
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"192\.168\.99\.\d+(/\d+)?", node.value)
    ]
    assert hard_coded == []


def test_every_test_and_fixture_has_a_docstring() -> None:
    """Reports of failed runs show it."""
    undocumented = [
        f"{location(path, function)} {function.name}"
        for path in python_files("tests", "fixtures")
        for function in functions(path)
        if is_test_or_fixture(function) and not ast.get_docstring(function)
    ]
    assert undocumented == []


def test_every_failure_of_the_suite_is_a_finding() -> None:
    """Tests compare by ``check``; an assert only tells mypy that an optional value is there."""
    compared = [
        location(path, node)
        for path in python_files("tests/e2e")
        if path.name not in OF_THE_LAB_ITSELF
        for node in ast.walk(syntax_tree(path))
        if (isinstance(node, ast.Assert) and not narrows(node))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.fail")
    ]
    assert compared == []


def narrows(node: ast.Assert) -> bool:
    """Whether the statement is ``assert VALUE is not None``."""
    return node.msg is None and ast.unparse(node.test).endswith(" is not None")


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda path: path.stem)
def test_known_defect_names_an_existing_test(path: Path) -> None:
    """An entry without its test hides nothing now, and could hide a new test later."""
    contract: Contract = load_contract(path)
    tests = {function.name for file in python_files("tests/e2e") for function in functions(file)}
    names = {defect.test.partition("[")[0] for defect in contract.known_defects}
    assert names - tests == set()


def test_ability_markers_name_abilities_of_the_contract() -> None:
    """An unknown name would end every run, and each ability has a test that needs it."""
    needed = {
        mark.args[0].value
        for file in python_files("tests/e2e")
        for mark in ast.walk(syntax_tree(file))
        if isinstance(mark, ast.Call)
        and getattr(mark.func, "attr", None) == "ability"
        and isinstance(mark.args[0], ast.Constant)
    }
    assert needed == {ability.value for ability in Ability}


def test_harmful_tests_are_marked_own_segment() -> None:
    """Tests that flood a segment or exhaust its pool must not run where other machines boot."""
    harmful = [
        f"{location(path, function)} {function.name}"
        for path in python_files("tests/e2e")
        for function in functions(path)
        if function.name.startswith("test_")
        and HARMFUL & required_fixtures(function)
        and not any("mark.own_segment" in mark for mark in markers(path, function))
    ]
    assert harmful == []


def required_fixtures(function: Function) -> set[str]:
    """The fixtures that a test requires, as arguments or by usefixtures."""
    names = {each.arg for each in function.args.args}
    uses = [each for each in function.decorator_list if "usefixtures" in ast.unparse(each)]
    return names | {str(arg.value) for use in uses for arg in ast.walk(use) if isinstance(arg, ast.Constant)}


def markers(path: Path, function: Function) -> list[str]:
    """The source texts of the markers of a test and of its file."""
    assignments = [each for each in syntax_tree(path).body if isinstance(each, ast.Assign)]
    shared = [ast.unparse(each) for each in assignments if "pytestmark" in ast.unparse(each.targets[0])]
    return [*shared, *map(ast.unparse, function.decorator_list)]
