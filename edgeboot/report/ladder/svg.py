"""A ladder chart as SVG: a drawing for its head and one for each arrow, which stand on each other.

An arrow has a drawing of its own, so that what is decoded and logged can stand beside it, and open
below it. The lifelines reach from the top to the bottom of whatever height a drawing is given.
"""

from __future__ import annotations

import textwrap
from typing import Final
from xml.etree import ElementTree as ET

from edgeboot.report.ladder.chart import Arrow, Kind, Ladder
from edgeboot.report.ladder.machines import Participant

_TIME: Final = 66
_COLUMN: Final = 116
_HEAD: Final = 70
"""The height of a head with a role of two lines and an address."""
_ROWS: Final = 3
_ROW: Final = 14
ROW: Final = 40
"""The least height of an arrow's drawing, in pixels."""
_LINE: Final = 26
"""Where the arrow is, from the top."""
_TIP: Final = 7
_SHORT: Final = {"DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK", "DHCPNAK", "DHCPRELEASE"}


def width(chart: Ladder) -> int:
    """Of every drawing, in pixels."""
    return _TIME + _COLUMN * max(1, len(chart.participants))


def head(chart: Ladder) -> str:
    """The participants: role, addresses, MAC address."""
    titles = [_title(each) for each in chart.participants]
    height = _HEAD + _ROW * max(0, *(len(title) - _ROWS for title in titles), 0)
    drawing = _drawing(chart, height, "participants")
    for number, (each, title) in enumerate(zip(chart.participants, titles, strict=True)):
        x = _x(number)
        for row, (words, style) in enumerate(title):
            _text(drawing, x, 12 + _ROW * row, words, style)
        _text(drawing, x, height - 18, f"{each.mac}{' …' if each.others else ''}", "mac")
        _line(drawing, x, height - 10, x, height, "lifeline")
    return _markup(drawing)


def _title(each: Participant) -> list[tuple[str, str]]:
    """The lines above a MAC address, each with its style: one for each address, which do other things."""
    role = [(words, "role") for words in textwrap.wrap(each.title, 16)[:2]]
    return [*role, *((words, "address") for words in each.shown_addresses)]


def row(chart: Ladder, arrow: Arrow) -> str:
    """One arrow between lifelines, with its time; a dot at each machine that a broadcast reaches."""
    drawing = _drawing(chart, None, _told(chart, arrow))
    for number in range(len(chart.participants)):
        _line(drawing, _x(number), 0, _x(number), "100%", "lifeline")
    _text(drawing, _TIME - 8, _LINE + 4, f"{arrow.at:.3f} s", "time", "end")
    style = f"arrow {arrow.kind.value}{' deviates' if arrow.deviates else ''}"
    group = ET.SubElement(drawing, "g", {"class": style})
    source = _x(arrow.source)
    if arrow.destination is None:
        reached = [_x(number) for number in range(len(chart.participants)) if number != arrow.source]
        _broadcast(group, source, reached)
        middle = (source + (reached[0] if reached else source)) / 2
    else:
        _pointed(group, source, _x(arrow.destination))
        middle = (source + _x(arrow.destination)) / 2
    _text(group, middle, _LINE - 8, _short(arrow), "label")
    return _markup(drawing)


def gap(chart: Ladder, seconds: float) -> str:
    """Time in which nothing is seen."""
    drawing = _drawing(chart, 26, f"{seconds:.1f} s without a frame")
    for number in range(len(chart.participants)):
        _line(drawing, _x(number), 0, _x(number), 26, "lifeline quiet")
    _text(drawing, _TIME - 8, 17, f"+{seconds:.1f} s", "time", "end")
    return _markup(drawing)


def _drawing(chart: Ladder, height: int | None, title: str) -> ET.Element:
    size = {"width": str(width(chart)), "height": str(height) if height is not None else "100%"}
    drawing = ET.Element("svg", {"class": "rung", "role": "img", **size})
    ET.SubElement(drawing, "title").text = title
    return drawing


def _told(chart: Ladder, arrow: Arrow) -> str:
    """The arrow in words, for who does not see it."""
    source = chart.participants[arrow.source]
    to = "everybody" if arrow.destination is None else chart.participants[arrow.destination].role.value
    return f"{arrow.at:.3f} s: {arrow.label}, from {source.role.value} {source.mac} to {to}"


def _short(arrow: Arrow) -> str:
    """The first words, as a line between two machines has room for."""
    words = arrow.label.split()
    if arrow.kind in {Kind.DHCP, Kind.REFUSAL} and words[0] in _SHORT:
        return words[0].removeprefix("DHCP")
    return textwrap.shorten(arrow.label, 18, placeholder="…") or arrow.label[:18]


def _broadcast(group: ET.Element, source: float, reached: list[float]) -> None:
    for x in reached:
        _line(group, source, _LINE, x, _LINE, "stroke")
        ET.SubElement(group, "circle", {"cx": _n(x), "cy": _n(_LINE), "r": "4"})
    ET.SubElement(group, "circle", {"cx": _n(source), "cy": _n(_LINE), "r": "2"})


def _pointed(group: ET.Element, source: float, target: float) -> None:
    if source == target:  # To itself, such as a datagram that loops.
        ET.SubElement(group, "circle", {"cx": _n(source), "cy": _n(_LINE), "r": "5"})
        return
    back = -_TIP if target > source else _TIP
    _line(group, source, _LINE, target + back / 2, _LINE, "stroke")
    points = f"{target},{_LINE} {target + back},{_LINE - 4} {target + back},{_LINE + 4}"
    ET.SubElement(group, "polygon", {"points": points})


def _x(number: int) -> float:
    return _TIME + _COLUMN * (number + 0.5)


def _n(number: float) -> str:
    return f"{number:g}"


def _line(parent: ET.Element, x1: float, y1: float, x2: float, y2: float | str, style: str) -> None:
    end = y2 if isinstance(y2, str) else _n(y2)
    ET.SubElement(parent, "line", {"class": style, "x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": end})


def _text(parent: ET.Element, x: float, y: float, words: str, style: str, anchor: str = "middle") -> None:
    ET.SubElement(
        parent, "text", {"class": style, "x": _n(x), "y": _n(y), "text-anchor": anchor}
    ).text = words


def _markup(drawing: ET.Element) -> str:
    return ET.tostring(drawing, encoding="unicode")
