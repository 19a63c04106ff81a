"""A row as the Pod gets it: all that its run needs, and the ConfigMaps that have the rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from edgeboot.base.errors import UsageError
from edgeboot.labs.many_segments.numbered_row import NumberedRow
from edgeboot.spec.contract.in_one_file import in_one_file

LARGEST: Final = 900_000
"""Octets of a ConfigMap's data: the API server takes 1 MiB, with its metadata (Kubernetes, "ConfigMaps")."""
_ROWS: Final = "rows-{:06}.jsonl"
_DIGITS: Final = 12
"""Of a SHA-256, so that the same content has the same name."""
Data = dict[str, str]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A segment of a Job."""

    name: str
    interface: str
    nodes: dict[str, str]
    contract: str
    """The key of its contract, and the file's name where the rows are mounted: made of what it states."""
    contract_name: str
    """As ``segments.toml`` names it: the label ``site`` of metrics, which stays when it is edited."""
    profile: str
    kubeconfig_secret: str | None
    arguments: list[str]
    """Further arguments of ``edgeboot verify``."""

    @classmethod
    def of(cls, row: NumberedRow, contract: str) -> Self:
        """Of the file's row."""
        its = row.row
        return cls(
            name=its.name,
            interface=its.interface,
            nodes=its.node_selector,
            contract=contract,
            contract_name=Path(its.contract or its.profile).name.removesuffix(".toml"),
            profile=its.profile,
            kubeconfig_secret=its.kubeconfig_secret,
            arguments=its.arguments,
        )

    def encode(self) -> str:
        """As one line of JSON, in ASCII: other letters may end a line for ``str.splitlines``."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True) + "\n"

    @classmethod
    def decode(cls, line: str) -> Self:
        """Of a line; raises ValueError, TypeError."""
        return cls(**json.loads(line))


def packed(rows: Sequence[NumberedRow]) -> list[Data]:
    """The data of as many ConfigMaps as the rows and their contracts need.

    Rows stand in files of lines that are named by the index of the first.

    Raises:
        UsageError: a contract is larger than a ConfigMap may be.
    """
    contracts: dict[str, str] = {}
    keys = {row.contract_file: _contract(row, contracts) for row in _one_of_each_file(rows)}
    lines = [PlannedRow.of(row, keys[row.contract_file]).encode() for row in rows]
    maps: list[Data] = [{}]
    room = LARGEST
    for key, text in (*sorted(contracts.items()), *_shards(lines)):
        size = len(key) + len(text.encode())
        if size > room:
            maps.append({})
            room = LARGEST
        maps[-1][key] = text
        room -= size
    return maps


def digest(data: Any) -> str:
    """The same for the same content."""
    text = json.dumps(data, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def first_index(key: str) -> int | None:
    """The index of the first row of a file of rows; None of another file."""
    name, _, number = key.removesuffix(".jsonl").partition("-")
    return int(number) if name == "rows" and number.isdecimal() else None


def row_of_index(files: Mapping[str, str], index: int) -> PlannedRow | None:
    """The row of an index in files of rows; None where they have none.

    Raises:
        ValueError, TypeError: it is none that this version reads.
    """
    line = _line(files, index)
    return None if line is None else PlannedRow.decode(line)


def nodes_of_index(files: Mapping[str, str], index: int) -> tuple[str, dict[str, str]] | None:
    """The name and the nodes of a segment; None where the files have none of this index.

    Its other fields may be those of another version: Jobs of several are in a namespace during an upgrade.

    Raises:
        ValueError, TypeError, KeyError: they cannot be read.
    """
    line = _line(files, index)
    if line is None:
        return None
    fields = json.loads(line)
    return fields["name"], fields["nodes"]


def names_of_rows(files: Mapping[str, str]) -> list[str]:
    """The names of all segments in files of rows, by their indexes; as ``nodes_of_index``."""
    in_order = sorted(name for name in files if first_index(name) is not None)
    return [json.loads(line)["name"] for name in in_order for line in files[name].splitlines()]


def _line(files: Mapping[str, str], index: int) -> str | None:
    before = [first for name in files if (first := first_index(name)) is not None and first <= index]
    lines = files[_ROWS.format(max(before))].splitlines() if before else []
    number = index - max(before, default=0)
    return lines[number] if number < len(lines) else None


def _one_of_each_file(rows: Sequence[NumberedRow]) -> Iterator[NumberedRow]:
    yield from {row.contract_file: row for row in rows}.values()


def _contract(row: NumberedRow, contracts: dict[str, str]) -> str:
    text = in_one_file(row.contract_file)
    if len(text.encode()) > LARGEST - 100:
        problem = f"has {len(text.encode())} octets, and a ConfigMap takes {LARGEST}"
        raise UsageError(f"contract {row.contract_file}", problem, "state less in it")
    key = f"contract-{digest(text)}.toml"
    contracts[key] = text
    return key


def _shards(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Files of lines, each small enough to share a ConfigMap with others."""
    first, shard, size = 0, [], 0  # type: int, list[str], int
    for index, line in enumerate(lines):
        if shard and size + len(line.encode()) > LARGEST // 2:
            yield _ROWS.format(first), "".join(shard)
            first, shard, size = index, [], 0
        shard.append(line)
        size += len(line.encode())
    yield _ROWS.format(first), "".join(shard)
