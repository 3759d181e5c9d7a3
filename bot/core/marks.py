"""Marks: the citations in a draft, and its text without them and without what a reader cannot see."""

from __future__ import annotations

import re
from typing import Final

MARK: Final = re.compile(r"\[\s*P\s*[0-9]{1,9}(?:\s*[,;&]\s*P?\s*[0-9]{1,9})*\s*\]", re.IGNORECASE)
"""One citation mark: `[P1]`, `[p2]`, `[P1, P3]`."""

MARKS: Final = re.compile(rf"\s*{MARK.pattern}(?:[\s,;]*{MARK.pattern})*", re.IGNORECASE)
BULLET: Final = re.compile(r"^\s*(?:[-*•>#]+\s+)+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]")


def numbers_of(marks: str) -> tuple[int, ...]:
    """Return the 0-based passages that marks name, each once."""
    found = (int(digits) - 1 for mark in MARK.findall(marks) for digits in re.findall(r"[0-9]+", mark))
    return tuple(dict.fromkeys(found))


def clean(raw: str) -> str:
    """Take out what a reader cannot see, so that no rule is led past it; lines stay."""
    return _INVISIBLE.sub("", _CONTROL.sub(" ", raw))


def tidy(sentence: str) -> str:
    """One space between words, none before the closing stop where a mark was taken out."""
    return re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", " ".join(sentence.split())).strip()


def bare(sentence: str) -> str:
    """What is compared to tell a sentence copied whole: no marks, no bullet, no closing stop."""
    plain = tidy(MARK.sub(" ", BULLET.sub("", clean(sentence))))
    return tidy(BULLET.sub("", plain)).rstrip(".!?… ").strip()
