"""What both drawings have: words for who does not see them, a legend, axes, and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

WIDTH: Final = 420
LEFT: Final = 36
RIGHT: Final = WIDTH - 20
HEIGHT: Final = 190
_FOOT: Final = 38
_THOUSANDS: Final = 10_000
"""From so many nodes on they are counted in thousands."""
_LEGEND_ROW: Final = 16
_ABOVE: Final = 22
"""Between the legend and the axes, for the names of the limits."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time that the contract states, drawn as a line across."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: what is drawn with these classes."""

    text: str
    classes: str


class Frame:
    """A drawing with its legend and its axis of nodes.

    Args:
        title: what it shows.
        description: what is to be seen in it, for who does not see it.
        keys: its legend, two in a row.
        most: the number of nodes at the top.
    """

    def __init__(self, title: str, description: str, keys: Sequence[Key], most: int) -> None:
        self.top = (len(keys) + 1) // 2 * _LEGEND_ROW + _ABOVE
        self.bottom = self.top + HEIGHT
        box = f"0 0 {WIDTH} {self.bottom + _FOOT}"
        names = {"xmlns": "http://www.w3.org/2000/svg", "class": "storm", "role": "img", "viewBox": box}
        self._root = ET.Element("svg", names)
        ET.SubElement(self._root, "title").text = title
        ET.SubElement(self._root, "desc").text = description
        self._add_legend(keys)
        self._add_scale(most)

    def text(self, across: float, down: float, words: str, classes: str = "") -> None:
        """A text; without classes it begins at its place."""
        place = {"x": f"{across:.1f}", "y": f"{down:.1f}"} | ({"class": classes} if classes else {})
        ET.SubElement(self._root, "text", place).text = words

    def line(self, start: tuple[float, float], end: tuple[float, float], classes: str) -> None:
        """A straight line."""
        ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        self._add("line", classes, ends)

    def area(self, left: float, width: float, height: float, classes: str) -> None:
        """A rectangle that stands on the axis."""
        self._add("rect", classes, {"x": left, "y": self.bottom - height, "width": width, "height": height})

    def dot(self, across: float, down: float, classes: str) -> None:
        """A point."""
        self._add("circle", classes, {"cx": across, "cy": down, "r": 3})

    def path(self, way: str, classes: str) -> None:
        """A line with corners."""
        ET.SubElement(self._root, "path", {"class": classes, "fill": "none", "d": way})

    def tick(self, across: float, words: str) -> None:
        """A place on the axis of time."""
        self.line((across, self.bottom), (across, self.bottom + 4), "axis")
        self.text(across, self.bottom + 16, words, "middle")

    def axis_of_time(self, words: str) -> None:
        """What its times count from."""
        self.text(RIGHT, self.bottom + 32, words, "end")

    def limit(self, limit: Limit, across: float) -> None:
        """A limit at its place; its name is on the side where there is room."""
        self.line((across, self.top - 14), (across, self.bottom), "limit")
        left = across > (LEFT + RIGHT) / 2
        self.text(across + (-4 if left else 4), self.top - 6, limit.name, "limit end" if left else "limit")

    def __str__(self) -> str:
        return ET.tostring(self._root, encoding="unicode")

    def _add(self, name: str, classes: str, place: dict[str, float]) -> None:
        texts = {key: f"{at:.1f}" for key, at in place.items()}
        ET.SubElement(self._root, name, {"class": classes} | texts)

    def _add_legend(self, keys: Sequence[Key]) -> None:
        for number, key in enumerate(keys):
            across, down = LEFT + number % 2 * (WIDTH - LEFT) / 2, 12 + number // 2 * _LEGEND_ROW
            self.line((across, down - 4), (across + 20, down - 4), key.classes)
            self.text(across + 25, down, key.text)

    def _add_scale(self, most: int) -> None:
        for quarter in range(5):
            down = self.bottom - HEIGHT * quarter / 4
            self.line((LEFT, down), (RIGHT, down), "axis" if quarter == 0 else "grid")
            if most * quarter % 4 == 0:  # There is no half of a node.
                self.text(LEFT - 5, down + 4, _shown(most * quarter // 4), "end")
        self.text(2, self.top - 10, "nodes")


def _shown(nodes: int) -> str:
    """As there is room for left of the axis."""
    return str(nodes) if nodes < _THOUSANDS else f"{nodes / 1000:.3g}k"
