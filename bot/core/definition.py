"""Definitions: which sentence says what something is, when that is the question."""

from __future__ import annotations

import re

from bot.core import lexicon, text

_ASKED = re.compile(
    r"^\s*(?:so )?what(?:'s| is| are| does)?\s+(?:an? |the |is )?([\w -]{3,60}?)"
    r"(?:\s(?:mean|stand for|anyway|about))?\s*\??\s*$"
    r"|\bwhat (?:do|does) .{1,80} mean by \"?([\w -]{3,60})",
    re.IGNORECASE,
)
_MOST = 5
"""Terms of a phrase that is taken for the name of a thing."""
_STEM = 5
"""Letters by which the phrase's last word is found again, whatever its ending."""


def asked(question: str) -> str:
    """Return the thing whose definition is asked, as typed, or nothing."""
    match = _ASKED.search(question)
    phrase = next((group for group in match.groups() if group), "") if match else ""
    return phrase.strip() if 0 < len(text.terms(phrase)) <= _MOST else ""


def tells(sentence: str, thing: str) -> bool:
    """Say whether a sentence has all words of a thing and says "is", "called" or "we propose" of it."""
    there = {lexicon.fold(term) for term in text.terms(sentence)}
    if not there.issuperset(lexicon.fold(term) for term in text.terms(thing)):
        return False
    core = re.escape(thing.rsplit(maxsplit=1)[-1][:_STEM])
    return bool(
        re.search(rf"{core}\w*(?: \([^)]*\))?,? (?:is|are|refers?|which)\b", sentence, re.IGNORECASE)
        or re.search(
            rf"(?:call|called|termed|named|introduce|propose|present|define)\w*[^.]{{0,60}}{core}",
            sentence,
            re.IGNORECASE,
        )
    )
