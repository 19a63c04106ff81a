"""Answer times as a histogram, drawn as SVG: a bar for each third of a decade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

_EDGES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_NAMES: Final = ("< 1 ms", "1 ms", "3 ms", "10 ms", "30 ms", "0.1 s", "0.3 s", "1 s", "3 s", "≥ 10 s")
_HEIGHT: Final = 120
_BAR: Final = 46
_FOOT: Final = 22
_HEAD: Final = 18


def counted(seconds: Sequence[float]) -> list[int]:
    """How many are below each edge and not below the one before, and how many are above the last."""
    counts = [0] * (len(_EDGES) + 1)
    for each in seconds:
        counts[sum(each >= edge for edge in _EDGES)] += 1
    return counts


def histogram(seconds: Sequence[float]) -> str:
    """The drawing; each bar says its count."""
    counts = counted(seconds)
    drawing = ET.Element(
        "svg",
        {
            "class": "histogram",
            "role": "img",
            "viewBox": f"0 0 {_BAR * len(counts)} {_HEIGHT + _FOOT + _HEAD}",
        },
    )
    told = ", ".join(f"{count} from {name}" for name, count in zip(_NAMES, counts, strict=True) if count)
    ET.SubElement(drawing, "title").text = f"answer times: {told}"
    for number, (name, count) in enumerate(zip(_NAMES, counts, strict=True)):
        height = _HEIGHT * count / max(1, *counts)
        x, top = _BAR * number, _HEAD + _HEIGHT - height
        bar = {"x": f"{x + 4}", "y": f"{top:.1f}", "width": f"{_BAR - 8}", "height": f"{height:.1f}"}
        ET.SubElement(drawing, "rect", bar)
        middle = f"{x + _BAR / 2:g}"
        if count:
            ET.SubElement(drawing, "text", {"x": middle, "y": f"{top - 5:.1f}"}).text = str(count)
        ET.SubElement(drawing, "text", {"x": middle, "y": f"{_HEAD + _HEIGHT + 15}"}).text = name
    return ET.tostring(drawing, encoding="unicode")
