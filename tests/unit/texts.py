"""Text for the tests of tidying: pieces that hurt, and real papers where this machine has them."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.unit.recorded import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES = [
    "\\", "{", "}", "$", "$$", "^", "_", "~", "<", ">", "&", "amp;", "lt;", "gt;", "#38;", "i", "b", "sub", "sup",
    "</", "/>", "mathcal", "sim", "times", "approx", "left(", "right)", "\\left", "\\frac", "\\sqrt", "\\href",
    "https://x.org/a_1", "\\cite", "\\textbf", "\\begin", "\\end", "\\item", "[", "]", "(", ")", "1", "2", "23", "x",
    "tool", "α", "π", " ", "\n", "--", "''", "``", '"', "'", "é", "\u0301", "Ã", "©", "\x80", "â", "€", "™", "\xad",
    "\u200b", "ﬁ", "%", ".", ",", "\\_", "\\$", "\\\\", "\\(", "\\)", "\\unicode{x26}", "\\textless",
    "\\textbackslash", "\\lbrace", "\\textdollar", "<mml:math>", "<mml:mi>", "</mml:mi>", "</mml:math>", "<mml:msup>",
    "</mml:msup>", "<jats:title>", "</jats:title>", '<a href="https://y.org">', "</a>", "|", "circ", "mph{", "url{",
    "boldsymbol", "pi_", "e", "n", "-", "+", "*", "\\hat", "\\not", "\\u", "\\c", '\\"', '\\char"26', "\\ding{51}",
    "=", ":", "<think>", "\\deg", "5", "leq", "pm",
]  # fmt: skip
HOSTILE = [
    "{", "\\", "<", "}", "$", "^", "_", "~", "&", "\\frac", "\\frac{", "\\hat", "\\href{", "&amp;", "&amp;lt;", "<a ",
    "<i>", "^{", "_{", "\\(", "\\[", "$$", "$ ", "$a", "<mml:math>", "<mml:mfrac>", "\\begin{", "\\documentclass",
    '\\"', "https://", "https://x", "https://x.y{", "`", "--", "Ã\xad", "â€", "\x80", "left(", "Oleft(", "sim1",
    "1times", "mathcal ", "frac{", "\\textbackslash ", "\\cite[", "\\sqrt[", "{a,", "x_1", "<jats:title>",
    "tex-math>math><tex-math>", "<!--", " ", "\n", "\u0301", "\\u{", "1~", "\\item[", "alpha_", "{\\bf ",
    "\\mathcal\\mathcal", "<a href=https://x.y>", "\\{", "<sub>",
]  # fmt: skip
"""Each fills fifty thousand characters."""
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[cvuH](?![A-Za-z]))\s?\{?\\?(\w)\}?")
_MACRO = re.compile(r"\\textcolor\s*\{\w+\}|\\color\{[a-z]+\}|\\[A-Za-z]+")
_REMAINS = re.compile(
    r"(?<![A-Za-z])(?:math(?:cal|bb|bf|rm)|boldsymbol|rightarrow|propto|cdot|leq|geq|infty|varepsilon|lceil|rceil"
    r"|langle|rangle|approx|(?:text\w\w|emph|frac|text)(?=\{)|(?:sim|times|pm)(?=[\d}])|pm(?= )"
    r"|(?:pi|tau|theta|alpha|beta|lambda|sigma|"
    r"gamma|mu|eta|phi|delta)(?=[_^])|circ)|(?<=[\d}\s])(?:times|sim|rightarrow|right)(?![a-z])|(?<=[A-Z])left(?=\()"
)
_COLOUR = re.compile(r"(?<![A-Za-z])(?:blue|black|red|teal|orange|magenta)(?=[{}])|\bsum(?=_)|<a href|Theta(?=_)")


def letters(prose: str) -> str:
    """Letters and digits in order, whatever their typography: 10¹⁹ is 1019, and ü is u."""
    return "".join(c for c in unicodedata.normalize("NFKD", prose) if c.isalnum())


def words(written: str) -> set[str]:
    """Words of two letters and more, and numbers: LaTeX's own names aside."""
    bare = _COLOUR.sub(" ", _REMAINS.sub(" ", _MACRO.sub(" ", _ACCENT.sub(r"\1", written))))
    return {letters(word) for word in re.findall(r"[^\W\d_]{2,}|\d+", bare)}


def real_papers() -> Iterator[str]:
    """Titles and abstracts of real papers that hold markup, on one line. Skips the test where there are none."""
    file = DATA / "papers" / "hf_daily.jsonl.gz"
    if not file.is_file():
        pytest.skip("no real papers: set COLLOQUIUM_TEST_DATA")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for original in (record["title"], record["summary"]):
                if re.search(r"[\\{}$^_~<&]|\dtimes|sim\d|[^\x00-\x7f]", original):
                    yield " ".join(original.split())
