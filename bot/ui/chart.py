"""The chart of what rises, drawn for Discord's dark ground and read on a phone.

Pillow's own font has little more than ASCII, so names are written in that (see `lettering`).
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from bot.core.lettering import plain
from bot.core.trends import LATE, WEEKS

if TYPE_CHECKING:
    from bot.core.trends import Rising, Topic

WIDTH = 1080
"""Pixels across. A phone shows about 340 points of it: a letter of 40 pixels is as large as those of a message."""
_GROUND, _LINE = "#2B2D31", "#3F4147"
_BRIGHT, _MUTED = "#F2F3F5", "#B5BAC1"
_BEFORE, _NOW = "#5C6070", "#7AA2F7"
_EDGE, _HEAD, _ROW, _FOOT = 48, 176, 124, 84
_BARS, _BAR_HEIGHT, _GAP = 372, 76, 6
"""How wide and how high a row's bars are at most, and how far apart."""
_NAME, _SMALL = 42, 32
"""How high a topic's name is written, and how small a long one may be."""
_FINE = 2
"""Pixels drawn for one shown, across and down: edges are smooth."""


def draw(rising: Rising) -> bytes:
    """Return a PNG of the topics, a row each: how its share of each week's papers went. Takes a tenth of a second.

    A topic whose name cannot be written is left out.
    """
    rows = [(name, topic) for topic in rising.topics if (name := plain(topic.name))]
    height = _HEAD + _ROW * len(rows) + _FOOT
    image = Image.new("RGB", (WIDTH * _FINE, height * _FINE), _GROUND)
    pen = _Pen(ImageDraw.Draw(image))
    pen.write(_EDGE, 40, "Rising topics", 58, _BRIGHT)
    pen.write(
        _EDGE,
        112,
        f"{LATE} weeks to {rising.last.day} {rising.last:%b %Y}, against the {WEEKS - LATE} before",
        34,
        _MUTED,
    )
    for number, (name, topic) in enumerate(rows):
        _row(pen, _HEAD + _ROW * number, name, topic)
    foot = _HEAD + _ROW * len(rows) + 20
    pen.write(_EDGE, foot, "bars: share of each week's papers, each row on its own scale", 29, _MUTED)
    return _png(image.resize((WIDTH, height), Image.Resampling.LANCZOS))


def _row(pen: _Pen, top: int, name: str, topic: Topic) -> None:
    pen.line(top)
    room = WIDTH - 2 * _EDGE - _BARS - 28
    shown, size = pen.fitting(name, room)
    pen.write(_EDGE, top + 22 + (_NAME - size) // 2, shown, size, _BRIGHT)
    pen.write(_EDGE, top + 75, facts(topic), 31, _NOW)
    wide = (_BARS - _GAP * (WEEKS - 1)) / WEEKS
    highest = max(topic.shares, default=0.0) or 1.0
    for week, share in enumerate(topic.shares):
        left = WIDTH - _EDGE - _BARS + week * (wide + _GAP)
        colour = _NOW if week >= WEEKS - LATE else _BEFORE
        pen.bar(left, top + 24 + _BAR_HEIGHT, wide, max(_BAR_HEIGHT * share / highest, 3), colour)


def facts(topic: Topic) -> str:
    """Return how a topic went in a few words."""
    papers = f"{topic.papers:,} paper{'' if topic.papers == 1 else 's'}"
    return f"{papers}, new" if topic.times is None else f"{papers}, {topic.times:.1f}x as often"


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    # Few colours are enough for it: a tenth of the bytes.
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Draws in the pixels that are shown."""

    def __init__(self, ink: ImageDraw.ImageDraw) -> None:
        self._ink = ink

    def write(self, left: float, top: float, said: str, size: int, colour: str) -> None:
        self._ink.text((left * _FINE, top * _FINE), said, colour, _font(size))

    def fitting(self, said: str, room: float) -> tuple[str, int]:
        """Return a text and the size at which it fits; as much of it as fits where no size does."""
        for size in range(_NAME, _SMALL, -2):
            if _font(size).getlength(said) <= room * _FINE:
                return said, size
        while said and _font(_SMALL).getlength(f"{said}...") > room * _FINE:
            said = said[:-1].rstrip()
        return f"{said}...", _SMALL

    def line(self, top: float) -> None:
        self._ink.line(
            [(_EDGE * _FINE, top * _FINE), ((WIDTH - _EDGE) * _FINE, top * _FINE)], fill=_LINE, width=2 * _FINE
        )

    def bar(self, left: float, bottom: float, wide: float, high: float, colour: str) -> None:
        box = [left * _FINE, (bottom - high) * _FINE, (left + wide) * _FINE, bottom * _FINE]
        self._ink.rounded_rectangle(box, radius=min(5.0, high / 2) * _FINE, fill=colour)


@lru_cache(maxsize=20)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * _FINE)
    # Only a Pillow that was built without FreeType has another one.
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - wheels have it
    return font
