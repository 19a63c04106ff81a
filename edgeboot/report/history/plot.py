"""A line of values over runs, drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

_WIDTH: Final = 640
_HEIGHT: Final = 160
_LEFT: Final = 56
_BOTTOM: Final = 24
_TOP: Final = 12


def plot(title: str, dates: Sequence[str], values: Sequence[float | None]) -> str:
    """A point for each run that has the value, joined by lines; empty where none has it.

    Args:
        title: what is measured, for who does not see the drawing.
        dates: of each run.
        values: seconds; None where it was not measured.
    """
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if not known:
        return ""
    most = max(value for _, value in known) or 1.0
    box = f"0 0 {_WIDTH} {_TOP + _HEIGHT + _BOTTOM}"
    drawing = ET.Element("svg", {"class": "trend", "role": "img", "viewBox": box})
    told = ", ".join(f"{dates[number]} {_shown(value)}" for number, value in known)
    ET.SubElement(drawing, "title").text = f"{title}: {told}"
    for part in (0.0, 0.5, 1.0):
        y = f"{_TOP + _HEIGHT * (1 - part):g}"
        ET.SubElement(
            drawing, "line", {"class": "grid", "x1": f"{_LEFT}", "x2": f"{_WIDTH}", "y1": y, "y2": y}
        )
        label = {"class": "scale", "x": f"{_LEFT - 6}", "y": y, "text-anchor": "end"}
        ET.SubElement(drawing, "text", label).text = _shown(most * part)
    step = (_WIDTH - _LEFT - 20) / max(1, len(values) - 1)
    points = [(_LEFT + 10 + step * number, _TOP + _HEIGHT * (1 - value / most)) for number, value in known]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    ET.SubElement(drawing, "polyline", {"points": joined, "fill": "none"})
    for (number, value), (across, down) in zip(known, points, strict=True):
        point = ET.SubElement(drawing, "circle", {"cx": f"{across:.1f}", "cy": f"{down:.1f}", "r": "4"})
        ET.SubElement(point, "title").text = f"{dates[number]}: {_shown(value)}"
    for number, anchor in ((0, "start"), (len(dates) - 1, "end")):
        label = {"class": "scale", "x": f"{_LEFT + 10 + step * number:.1f}", "text-anchor": anchor}
        ET.SubElement(drawing, "text", label | {"y": f"{_TOP + _HEIGHT + 18}"}).text = dates[number]
    return ET.tostring(drawing, encoding="unicode")


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if 0 < seconds < 1 else f"{seconds:.3g} s"
