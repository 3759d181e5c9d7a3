"""Exponents and indices in text, and what else of formulas is decided by their look."""

from __future__ import annotations

import re
from typing import Final

_SUPERSCRIPT: Final = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPT: Final = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_NUMBER: Final = re.compile(r"[-+−]?\d+|[-+−]")
_MARKS: Final = frozenset({"*", "∗", "†", "‡", "′", "″", "°", "th", "st", "nd", "rd"})
_WORD: Final = re.compile(r"\w[\w.]*")
_SIMPLE: Final = re.compile(r"√?(?:[\w.%]+|\([^()]*\))")
_ENCLOSED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SYMBOL: Final = re.compile(r"(?:^|[^\w./:@&#~-])[^\W\d_]{1,3}$")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{5}")
_SEPARATOR: Final = re.compile(r"[,:|∈…=]")
_MACRO: Final = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?")
_PROSE: Final = re.compile(r"[a-z]{3,}\s+[a-z]{2,}\s+[a-z]{2,}")
_LONGEST_SET: Final = 80


def raised(digits: str) -> str:
    """Return digits and signs as an exponent."""
    return digits.translate(_SUPERSCRIPT)


def lowered(digits: str) -> str:
    """Return digits as an index."""
    return digits.translate(_SUBSCRIPT)


def script(mark: str, content: str) -> str:
    """Return an exponent ("^") or index ("_") as text: x², x₁, x_ij, x^(n+1), 90°."""
    content = content.strip()
    if _NUMBER.fullmatch(content):
        return raised(content) if mark == "^" else lowered(content)
    if mark == "^" and content in {"∘", "circ"}:
        return "°"
    if not content or (mark == "^" and content in _MARKS):
        return content
    whole = len(content) == 1 or _WORD.fullmatch(content) or _ENCLOSED.fullmatch(content)
    return mark + (content if whole else f"({content})")


def ends_in_symbol(tail: str) -> bool:
    """Say whether a text ends in what may carry an index: CO, x, π, but no name of a file."""
    return tail.endswith(")") or bool(_SYMBOL.search(tail))


def enclosed(part: str, *, single: bool = False) -> str:
    """Return a part of a formula in parentheses, unless it cannot be misread without."""
    part = part.strip()
    plain = len(part) == 1 or part.isdecimal() if single else _SIMPLE.fullmatch(part)
    return part if plain or not part or _ENCLOSED.fullmatch(part) else f"({part})"


def set_like(content: str) -> bool:
    """Say whether braces around this belong to the text: {0, 1}, {x : x > 0}, { x }, but not {entropy collapse}."""
    inner = content.strip(" ,")
    if inner and content[0] == content[-1] == " ":
        return True
    return (
        0 < len(inner) <= _LONGEST_SET
        and bool(_SEPARATOR.search(inner))
        and inner[0] not in "=:"
        and not _LONG_WORD.search(inner)
    )


def is_formula(content: str, after: str) -> bool:
    """Say whether what stands between two dollar signs is a formula, not prose between two prices.

    `after` is the character behind the second.
    """
    price = content[:1].isdigit() or content[:1] == "."
    if not content.strip() or (after.isdigit() and (price or " " in content)):
        return False
    plain = _MACRO.sub(" ", content)
    if price:
        return not content[-1].isspace() and not re.search(r"[A-Za-z]{2,}\s|\s[A-Za-z]{2,}", plain)
    if (content[0].isspace() or content[-1].isspace()) and not re.search(r"[\\^_{}=<>+]", content):
        return False
    return not _PROSE.search(plain)
