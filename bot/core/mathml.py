"""MathML in text becomes LaTeX, which is read in turn."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"<(/?)(?:mml:|m:)?([a-z]{2,20})(?:\s[^<>]*?)?(/?)>")
_START: Final = re.compile(r"<(?:mml:|m:)?math[\s>]")
_OVER: Final = {
    "~": "tilde", "˜": "tilde", "^": "hat", "ˆ": "hat", "¯": "bar", "‾": "bar", "→": "vec", "˙": "dot", "¨": "ddot",
}  # fmt: skip
_TEMPLATES: Final = {
    ("mfrac", 2): "\\frac{{{}}}{{{}}}",
    ("mroot", 2): "\\sqrt[{1}]{{{0}}}",
    **dict.fromkeys([("msub", 2), ("munder", 2)], "{}_{{{}}}"),
    **dict.fromkeys([("msup", 2), ("mover", 2)], "{}^{{{}}}"),
    **dict.fromkeys([("msubsup", 3), ("munderover", 3)], "{}_{{{}}}^{{{}}}"),
}
"""How an element with so many parts is written."""
_AROUND: Final = {"msqrt": ("\\sqrt{{{}}}", ""), "mfenced": ("({})", ", "), "mtext": (" {} ", ""), "mtd": (" {} ", "")}
_ELEMENTS: Final = frozenset(
    """
    math semantics annotation mrow mi mn mo mtext mspace mstyle mpadded mphantom mfenced menclose merror ms mfrac msqrt
    mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd maction
    """.split()  # noqa: SIM905 - names read better as prose
)


def read(text: str) -> str:
    """Return a text whose formulas in MathML are LaTeX. Unclosed elements end where the text does."""
    if not _START.search(text):
        return text
    whole: list[str] = []
    stack: list[tuple[str, list[str]]] = []
    place = 0
    for tag in _TAG.finditer(text):
        name = tag[2]
        if name not in _ELEMENTS or (not stack and name != "math"):
            continue
        (stack[-1][1] if stack else whole).append(_piece(text[place : tag.start()], inside=bool(stack)))
        place = tag.end()
        if not tag[1] and not tag[3]:
            stack.append((name, []))
        elif tag[1] and stack:
            _close(stack, whole)
    (stack[-1][1] if stack else whole).append(text[place:])
    while stack:
        _close(stack, whole)
    return "".join(whole)


def _piece(text: str, *, inside: bool) -> str:
    return text.strip() if inside else text


def _close(stack: list[tuple[str, list[str]]], whole: list[str]) -> None:
    name, children = stack.pop()
    (stack[-1][1] if stack else whole).append(_written(name, [child for child in children if child]))


def _written(name: str, parts: list[str]) -> str:
    template = _TEMPLATES.get((name, len(parts)))
    if name == "mover" and template and parts[1] in _OVER:
        return f"\\{_OVER[parts[1]]}{{{parts[0]}}}"
    if template:
        return template.format(*parts)
    if name == "semantics":
        return parts[0] if parts else ""  # what follows says the same in another notation
    around, between = _AROUND.get(name, ("{}", ""))
    return around.format(between.join(parts))
