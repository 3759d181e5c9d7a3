r"""LaTeX read as text: one walk from left to right, in linear time, that keeps every word and number.

Naive conversion destroys abstracts: "%" is no comment here, "$5" is money, and the macros of authors (`\tool`)
are names to keep. Only markup goes; what the walk does not know stays as it is written, without its backslash.
"""

from __future__ import annotations

import re
from typing import Final

from bot.core import macros
from bot.core.line import Line
from bot.core.links import ADDRESS, unescaped
from bot.core.scripts import ends_in_symbol, is_formula, lowered, raised, script, set_like
from bot.core.symbols import ACCENTS, STYLES

MAX_DEPTH: Final = 40
"""Groups within groups; deeper braces are dropped, their text stays."""

_PATH: Final = r"(?<!\w)[A-Za-z]:(?:\\[\w.-]++){2,}+(?![{\\])"
r"""A file's name as Windows writes it: C:\Users\new\table."""
_SPECIAL: Final = re.compile(rf"{ADDRESS}|{_PATH}|\\(?:[A-Za-z]+|.|$)|\$\$?|[{{}}^_~]", re.DOTALL)
_NAME: Final = re.compile(r"\\([A-Za-z]+|.|$)", re.DOTALL)
_SPACES: Final = re.compile(r"\s*")
_DIGITS: Final = re.compile(r"[-+−]?\d+")
_NEGATIVE_FRACTION: Final = re.compile(r"[-−]\d+/\d+(?![\w.])")
_CIRC: Final = re.compile(r"circ(?![a-z])")
_OPTION: Final = re.compile(r"\s*\[([^\[\]{}]{0,200})\]")
_LEADING_STYLE: Final = re.compile(r"\s*\\(?:em|bf|it|rm|sc|sf|sl|tt|cal)(?![A-Za-z])")
_QUOTED: Final = re.compile(r'(?<![\w\\{])\\"([^"\\{}]{1,200})\\"(?!\w)')
_BRACED: Final = re.compile(r"((?:(?!\\[{}])[^$]){1,80}?)\\\}")
"""What stands between escaped braces, which are signs of the text."""
_PREAMBLE: Final = re.compile(r"\\documentclass.{0,1000}?\\begin\{document\}", re.DOTALL)


def read(text: str) -> str:
    """Return text without LaTeX's markup: Unicode for what has a sign there, names for what has none."""
    if "\\documentclass" in text:
        text = _PREAMBLE.sub("", text)
    if '\\"' in text:
        text = _QUOTED.sub(r'"\1"', text)
    return Walk(text).line()


class Walk:
    """Where the walk through a text stands."""

    def __init__(self, text: str) -> None:
        """Begin at the start."""
        self.text = text
        self.place = 0
        self._formula_end = -1
        self._unclosed: set[str] = set()

    @property
    def in_formula(self) -> bool:
        """Whether this is between dollar signs."""
        return self.place <= self._formula_end

    def next(self) -> str:
        """Return the character that comes next, or ""."""
        return self.text[self.place : self.place + 1]

    def line(self, depth: int = 0, before: str = "") -> str:
        """Read up to the end; in a group (a depth above 0), through its closing brace."""
        line = Line(before)
        while found := _SPECIAL.search(self.text, self.place):
            line.put(self.text[self.place : found.start()])
            self.place = found.end()
            mark = found[0]
            if mark == "}":
                if depth:
                    return str(line)
            elif mark == "{":
                self._group(line, depth)
            elif mark in {"^", "_"}:
                self._script(line, mark, depth)
            elif mark[0] == "\\":
                self.macro(line, mark[1:], depth)
            elif mark[0] == "$":
                self._dollar(line, mark)
            elif mark == "~":
                self._tie(line)
            elif mark[1:3] == ":\\":
                self._path(line, mark)
            else:
                self._address(line, unescaped(mark), depth)
        line.put(self.text[self.place :])
        self.place = len(self.text)
        return str(line)

    def argument(self, depth: int) -> str:
        """Read what a macro or a script applies to: a group, a macro, or one character."""
        self.skip(_SPACES)
        mark = self.next()
        if depth >= MAX_DEPTH or mark in {"", "}", "$"}:
            return ""
        self.place += 1
        if mark == "{":
            return self.line(depth + 1)
        if mark != "\\":
            return mark
        found = _NAME.match(self.text, self.place - 1)
        assert found is not None  # noqa: S101 - it stands at a backslash
        self.place = found.end()
        if found[1] in STYLES:
            return self.argument(depth + 1)
        line = Line(" ")
        self.macro(line, found[1], depth + 1)
        return str(line)

    def option(self) -> str | None:
        """Read an argument in brackets, if one comes next."""
        found = self.skip(_OPTION)
        return found[1] if found else None

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go beyond what the pattern matches here."""
        found = pattern.match(self.text, self.place)
        if found:
            self.place = found.end()
        return found

    def macro(self, line: Line, name: str, depth: int) -> None:
        """Read a macro whose name (a word, or one other character) has just been read."""
        if name[:1].isalpha() and name.isascii():
            macros.word(self, line, name, depth)
        elif name in ACCENTS:
            macros.accent(self, line, name, depth)
        elif name in {"(", "["}:
            self._open_formula(line, name)
        elif name == "{":
            self._braces(line)
        else:
            line.put(macros.CONTROLS.get(name, name))

    def _group(self, line: Line, depth: int) -> None:
        if depth >= MAX_DEPTH:
            return
        styled = _LEADING_STYLE.match(self.text, self.place)
        content = self.line(depth + 1, line.last)
        content = content.lstrip() if styled else content
        if not styled and set_like(content):
            line.put(f"{{{content}}}")
            return
        # {L}earning is one word, max{a/b} are two.
        if not content.isalnum() and line.last.isalnum() and content[:1].isalnum():
            line.put(" ")
        line.put(content)

    def _braces(self, line: Line) -> None:
        """Read a set. Where its braces could be taken for LaTeX's own, spaces tell them apart, as in { x }."""
        found = _BRACED.match(self.text, self.place)
        if found is None or found[1].count("{") != found[1].count("}"):
            line.put("{")
            return
        self.place = found.end()
        inner = Walk(found[1])
        inner._formula_end = len(found[1]) if self.in_formula else -1
        content = inner.line().strip()
        line.put(f"{{{content}}}" if set_like(content) or not content else f"{{ {content} }}")

    def _path(self, line: Line, path: str) -> None:
        r"""Read a file's name, unless it is the type of a function: f:\mathbb R\to\mathbb R."""
        if self.in_formula or any(macros.known(part) for part in path.split("\\")[1:]):
            self.place -= len(path) - 2
            path = path[:2]
        line.put(path)

    def _script(self, line: Line, mark: str, depth: int) -> None:
        line.glue()
        if self.next() == "{" or (self.next() == "\\" and (self.in_formula or mark == "^")):
            # Apart: what follows belongs to no index.
            found = script(mark, self.argument(depth))
            line.put(found, apart=found[:1] == mark)
            if not found.startswith(mark):
                line.glue()
            return
        if mark == "^" and (root := self.skip(_NEGATIVE_FRACTION)):
            line.put(script(mark, root[0]))
        elif digits := self._digits(line, mark):
            line.put(raised(digits) if mark == "^" else lowered(digits))
        elif mark == "^" and _is_base(line.last):
            self._raised(line)
        else:
            line.put(mark)

    def _digits(self, line: Line, mark: str) -> str:
        """Read the number behind a mark without braces, if it is an exponent or an index."""
        found = _DIGITS.match(self.text, self.place)
        if found is None or (mark == "_" and not found[0].isdecimal()):
            return ""
        behind = self.text[found.end() : found.end() + 2]
        if re.match(r"\.\d", behind):
            return ""
        if not self.in_formula:
            if mark == "^" and not _is_base(line.last):
                return ""
            if mark == "_" and (not ends_in_symbol(line.tail(5)) or re.match(r"\w|\.\w", behind)):
                return ""
        self.place = found.end()
        return found[0]

    def _raised(self, line: Line) -> None:
        """Read an exponent that is a sign: q*, W⁺, 360° where a source removed the backslash."""
        if self.skip(_CIRC):
            line.put("°")
        elif self.next() and self.next() in "*+-′":
            line.put(script("^", self.next()))
            self.place += 1
        else:
            line.put("^")

    def _dollar(self, line: Line, mark: str) -> None:
        at = self.place - len(mark)
        if at == self._formula_end:
            self._formula_end = -1
            return
        if mark == "$$":
            self._formula_end = self.text.find(mark, self.place)
            return
        end = self.text.find("$", self.place)
        if end > 0 and is_formula(self.text[self.place : end], self.text[end + 1 : end + 2]):
            self._formula_end = end
        else:
            line.put("$")

    def _open_formula(self, line: Line, name: str) -> None:
        if not self.in_formula and name not in self._unclosed:
            self._formula_end = self.text.find("\\)" if name == "(" else "\\]", self.place)
            if self._formula_end < 0:
                self._unclosed.add(name)  # never looked for again: that would take quadratic time
        line.put("" if name == "(" else " ")

    def _tie(self, line: Line) -> None:
        """Read "~": a space that keeps words together, or "about"."""
        following = self.next()
        tail = line.tail(2)
        if line.last.isdigit() and following.isdigit():
            line.put("~")  # from 1 to 2
        elif line.last.isalpha() and following.isalpha() and not tail[:1].isalpha() and not self.in_formula:
            line.put("~")  # x is distributed as N
        elif following.isspace() and line.last.isdigit():
            line.put("~")
        elif line.last.isalnum() or line.last in {")", "]", "}", ".", ",", ":", ";", "%"}:
            line.put(" ")
        else:
            line.put("" if following in {"\\", "(", "~"} else "~")

    def _address(self, line: Line, url: str, depth: int) -> None:
        """Read an address; braces behind it hold its label, where a source removed the macro around both."""
        if self.next() == "{" and depth < MAX_DEPTH:
            line.put(macros.link(url, self.argument(depth)), apart=True)
        else:
            line.put(url)


def _is_base(character: str) -> bool:
    """Say whether an exponent may stand behind a character."""
    return character.isalnum() or character in {")", "]", "}", "|", "‖", "⟩"}
