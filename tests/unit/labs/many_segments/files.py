"""A segments.toml for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.labs.many_segments.reading import BadRows, Segments, read_segments

DEFAULTS = '[defaults]\ninterface = "br0"\n'


def row(name: str, *fields: str) -> str:
    """A segment of this name with further lines."""
    return "\n".join(["[[segment]]", f'name = "{name}"', *fields, ""])


def read(directory: Path, *parts: str, defaults: str = DEFAULTS) -> Segments:
    """A file of these parts below the defaults."""
    file = directory / "segments.toml"
    file.write_text(defaults + "\n" + "\n".join(parts), encoding="utf-8")
    return read_segments(file)


def refused(directory: Path, *parts: str) -> list[str]:
    """What is said of a file of these parts, a line each."""
    with pytest.raises(BadRows) as caught:
        read(directory, *parts)
    return [str(each) for each in caught.value.problems]
