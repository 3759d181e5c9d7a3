"""LaTeX's macros: what each becomes in text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bot.core import codes
from bot.core.scripts import enclosed, raised, script
from bot.core.symbols import (
    ACCENTS,
    BLACKBOARD,
    GLUED,
    LETTER_ACCENTS,
    LETTERS,
    MATH_ACCENTS,
    SPACES,
    STYLES,
    SYMBOLS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.latex import Walk
    from bot.core.line import Line

CONTROLS: Final = {
    "!": "", "-": "", "/": "", "@": "", "*": "", ")": "", "]": " ",
    ",": " ", ":": " ", ";": " ", ">": " ", " ": " ", "\n": " ", "\t": " ", "\\": " ", "|": "‖",
}  # fmt: skip
"""Backslash and a character that is no letter: spaces, and marks that do not show. Others stand for themselves."""

_SPACES: Final = re.compile(r"\s*")
_EMPTY: Final = re.compile(r"\{\s*\}")
_TO_LETTER: Final = re.compile(r"\s+(?=[A-Za-z]\})")
_END_OF_LETTER: Final = re.compile(r"\{\s*\}|\s")
_GLUED: Final = re.compile(rf"({'|'.join(GLUED)})(?!a[st])")
_ENVIRONMENT: Final = re.compile(r"(?:begin|end)(?:enumerate|itemize|equation|align|center|quote|abstract)")
_HIDDEN: Final = frozenset({"left", "right", "middle"})
_FACTOR: Final = re.compile(r"[\w({^\[]|\\(?:sqrt|log|ln|exp|left(?![a-z])|[bB]ig+l?(?![a-z])|frac|sum)")
"""What stands behind a fraction that is only a factor."""
_COLOUR: Final = re.compile(r"[a-z]+\d*(?:![\w!]+)?|(?:[A-Z][a-z]+)+|[\d., ]+")
_VERBATIM: Final = re.compile(r"\*?([|!+/#@=\"'])([^\n]{0,200}?)\1")
_TO_NUMBER: Final = re.compile(r"(?:\{\}|[\s~])*(?=\d)")
_DOTLESS: Final = {"ı": "i", "ȷ": "j"}


def known(name: str) -> bool:
    """Say whether a name is one of LaTeX's, not an author's own or no macro at all."""
    return name in STYLES or name in SYMBOLS or name in MATH_ACCENTS or name in SPACES or name in _HANDLERS


def word(walk: Walk, line: Line, name: str, depth: int) -> None:
    """Write what a named macro stands for; its arguments come next in the walk."""
    if name in STYLES:
        if not line.last.isalnum():
            walk.skip(_SPACES)
    elif name in SYMBOLS:
        _symbol(walk, line, SYMBOLS[name])
    elif name in LETTERS and not walk.in_formula and not line.last.isdigit() and walk.next() != "(":
        line.put(LETTERS[name])
        walk.skip(_END_OF_LETTER)
    elif name in MATH_ACCENTS:
        line.put(accented(walk.argument(depth), MATH_ACCENTS[name]))
    elif name in LETTER_ACCENTS and (walk.next() in {"{", "\\"} or walk.skip(_TO_LETTER)):
        line.put(accented(walk.argument(depth), LETTER_ACCENTS[name]))
    elif handler := _HANDLERS.get(name):
        handler(walk, line, depth)
    elif name.startswith("cite"):
        _cite(walk, line, depth)
    else:
        _unknown(walk, line, name, depth)


def _symbol(walk: Walk, line: Line, sign: str) -> None:
    tight = walk.in_formula and not line.last.isspace() and not sign.isalnum() and sign != ":"
    line.put(sign, apart=sign[0].isascii() and sign.isalpha())
    if tight:
        walk.skip(_SPACES)


def _unknown(walk: Walk, line: Line, name: str, depth: int) -> None:
    """Keep the name of a macro that is an author's own, and its arguments as words."""
    if name in SPACES or _ENVIRONMENT.fullmatch(name):
        line.put(" ")
        return
    if (found := _GLUED.match(name)) and found.end() < len(name):
        walk.place -= len(name) - found.end()
        word(walk, line, found[1], depth)
        return
    line.put(name, apart=True)
    if walk.skip(_EMPTY) and not walk.in_formula:
        line.glue()
    while walk.next() == "{" and (content := walk.argument(depth)):
        line.put(content, apart=True)


def accent(walk: Walk, line: Line, mark: str, depth: int) -> None:
    r"""Write an accented letter, as na\"{\i}ve and \'e; before anything else the mark is a character."""
    walk.skip(_TO_LETTER)
    if walk.next() in {"{", "\\"} or (walk.next().isalpha()):
        before = walk.place
        letter = walk.argument(depth)
        line.put(accented(letter, ACCENTS[mark]) if letter or walk.place > before else mark)
    else:
        line.put(mark)


def accented(letter: str, mark: str) -> str:
    """Return a letter with a combining mark; what is longer has lost nothing but the look."""
    letter = _DOTLESS.get(letter, letter)
    return unicodedata.normalize("NFC", letter + mark) if len(letter) == 1 and letter.isalpha() else letter


def link(url: str, label: str) -> str:
    """Return a labelled address as text, the address alone where the label says nothing else."""
    url, label = url.strip(), label.strip()

    def bare(address: str) -> str:
        return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/").lower()

    if not url or not label or bare(label) == bare(url):
        return url or label
    return label if url in label else f"{label} ({url})"


def _fraction(walk: Walk, line: Line, depth: int) -> None:
    above, below = enclosed(walk.argument(depth)), enclosed(walk.argument(depth))
    found = f"{above}/{below}" if above and below else above or below
    line.put(f"({found})" if _FACTOR.match(walk.text, walk.place) else found, apart=True)


def _root(walk: Walk, line: Line, depth: int) -> None:
    degree, content = walk.option() or "", walk.argument(depth)
    line.put((raised(degree) if degree.isdecimal() else degree) + "√" + enclosed(content, single=True))


def _choose(walk: Walk, line: Line, depth: int) -> None:
    line.put(f"({walk.argument(depth)} choose {walk.argument(depth)})")


def _link(walk: Walk, line: Line, depth: int) -> None:
    line.put(link(walk.argument(depth), walk.argument(depth)), apart=True)


def _address(walk: Walk, line: Line, depth: int) -> None:
    line.put(walk.argument(depth).strip(), apart=True)


def _cite(walk: Walk, line: Line, depth: int) -> None:
    told = [option for option in (walk.option(), walk.option()) if option]
    line.put(f"[{'; '.join([*told, walk.argument(depth).strip()])}]")


def _note(walk: Walk, line: Line, depth: int) -> None:
    if content := walk.argument(depth).strip():
        line.put(f" ({content})")


def _coloured(walk: Walk, line: Line, depth: int) -> None:
    walk.option()
    colour = walk.argument(depth)
    if walk.next() == "{":
        line.put(walk.argument(depth))
    elif not _COLOUR.fullmatch(colour):
        line.put(colour)  # what it colours, if a source took the braces between


def _length(walk: Walk, line: Line, depth: int) -> None:
    walk.argument(depth)
    line.put(" ")


def _environment(walk: Walk, line: Line, depth: int) -> None:
    name = walk.argument(depth)
    walk.option()
    if name in {"array", "tabular"} and walk.next() == "{":
        walk.argument(depth)
    line.put(" ")


def _item(walk: Walk, line: Line, _depth: int) -> None:
    label = walk.option()
    line.put(f" {label} " if label else " • ")


def _delimiter(walk: Walk, _line: Line, _depth: int) -> None:
    if walk.next() == ".":
        walk.place += 1


def _not(walk: Walk, line: Line, depth: int) -> None:
    sign = walk.argument(depth)
    line.put(f"{sign}\u0338" if len(sign) == 1 and not sign.isalnum() and not sign.isspace() else f"not {sign}")


def _modulo(walk: Walk, line: Line, depth: int) -> None:
    line.put(f" (mod {walk.argument(depth)})")


def _degrees(_walk: Walk, line: Line, _depth: int) -> None:
    if line.last.isdigit():
        line.put("°")
    else:
        line.put("deg", apart=True)


def _board(walk: Walk, line: Line, depth: int) -> None:
    letter = walk.argument(depth)
    line.put(BLACKBOARD.get(letter, letter))


def _stacked(mark: str) -> Callable[[Walk, Line, int], None]:
    def write(walk: Walk, line: Line, depth: int) -> None:
        above = walk.argument(depth)
        line.put(walk.argument(depth) + script(mark, above))

    return write


def _placed(mark: str) -> Callable[[Walk, Line, int], None]:
    def write(walk: Walk, line: Line, depth: int) -> None:
        line.put(script(mark, walk.argument(depth)))

    return write


def _quantity(walk: Walk, line: Line, depth: int) -> None:
    line.put(f"{walk.argument(depth)} {walk.argument(depth)}".strip(), apart=True)


def _verbatim(walk: Walk, line: Line, _depth: int) -> None:
    r"""Write what stands between two equal marks as it is: \verb|x_y|."""
    found = walk.skip(_VERBATIM)
    line.put(found[2] if found else "verb", apart=found is None)


def _section(walk: Walk, line: Line, depth: int) -> None:
    if not walk.in_formula and walk.skip(_TO_NUMBER):
        line.put("§")
    else:
        _unknown(walk, line, "S", depth)


def _nothing(_walk: Walk, _line: Line, _depth: int) -> None:
    r"""Write nothing: \xspace leaves the space behind it as it stands."""


def _second(walk: Walk, line: Line, depth: int) -> None:
    _text, plain = walk.argument(depth), walk.argument(depth)
    line.put(plain)


_HANDLERS: Final[dict[str, Callable[[Walk, Line, int], None]]] = {
    **dict.fromkeys(["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"], _fraction),
    "sqrt": _root,
    **dict.fromkeys(["binom", "tbinom", "dbinom"], _choose),
    **dict.fromkeys(["href", "hyperlink", "hyperref"], _link),
    **dict.fromkeys(["url", "path", "nolinkurl"], _address),
    **dict.fromkeys(["ref", "eqref", "autoref", "cref", "Cref", "label"], _cite),
    **dict.fromkeys(["footnote", "footnotetext", "thanks"], _note),
    **dict.fromkeys(["textcolor", "colorbox", "color"], _coloured),
    **dict.fromkeys(["hspace", "vspace", "hskip", "vskip"], _length),
    **dict.fromkeys(["begin", "end"], _environment),
    **dict.fromkeys(_HIDDEN, _delimiter),
    **dict.fromkeys(["overset", "stackrel"], _stacked("^")),
    "underset": _stacked("_"),
    "item": _item,
    "unicode": codes.by_number,
    "char": codes.char,
    "ding": codes.dingbat,
    "not": _not,
    "pmod": _modulo,
    "deg": _degrees,
    "mathbb": _board,
    "textsuperscript": _placed("^"),
    "textsubscript": _placed("_"),
    **dict.fromkeys(["SI", "qty", "SIrange"], _quantity),
    "texorpdfstring": _second,
    "verb": _verbatim,
    "S": _section,
    "xspace": _nothing,
}
