"""Definitions: which sentence says what something is, when that is the question."""

from __future__ import annotations

import re
from typing import Final

from bot.core import lexicon, text
from bot.core.cues import CLIP

_ASKED = re.compile(
    r"^\s*(?:so )?what(?:'s| is| are)\s+(?:an? |the )?([\w -]{3,60}?)(?: anyway| about)?\s*\??\s*$"
    r"|^\s*what does\s+([\w -]{3,60}?) (?:mean|stand for)\s*\??\s*$"
    r"|\bwhat (?:do|does) .{1,80} mean by \"?([\w -]{3,60})",
    re.IGNORECASE,
)
_MOST: Final = 5
"""Terms of a phrase that is taken for the name of a thing."""
_STEM: Final = 0.7
"""Share of the phrase's last word by which it is found again, whatever its ending."""


def asked(question: str) -> str:
    """Return the thing whose definition is asked, as typed, or nothing."""
    match = _ASKED.search(question)
    phrase = next((group for group in match.groups() if group), "") if match else ""
    return phrase.strip() if 0 < len(text.terms(phrase)) <= _MOST else ""


def defines(sentence: str, thing: str) -> bool:
    """Say whether a sentence has all words of a thing and says what it is: "X, or Y for short, is", "called X"."""
    core = _core(thing)
    return _names(sentence, thing) and _says(
        sentence,
        rf"^(?:[\w-]+ ){{0,4}}{core}(?: \([^)]{{0,60}}\)|, [^,.]{{0,60}},)? (?:is|are|refers?) "
        rf"|{core}(?: \([^)]{{0,60}}\))?, (?:which|that|an?|the) "
        rf"|\b(?:call|termed|named)\w{{0,4}}(?: [\w-]+){{0,4}} [(]?{core}",
    )


def introduces(sentence: str, thing: str) -> bool:
    """Say whether a sentence has all words of a thing and presents it: "we propose X"."""
    return _names(sentence, thing) and _says(
        sentence, rf"\b(?:introduc|propos|present|develop)\w{{0,6}}[^.]{{0,60}}[ (]{_core(thing)}"
    )


def _core(thing: str) -> str:
    word = thing.rsplit(maxsplit=1)[-1]
    return re.escape(word[: max(3, round(_STEM * len(word)))]) + r"\w*"


def _names(sentence: str, thing: str) -> bool:
    there = {lexicon.fold(term) for term in text.terms(sentence)}
    return there.issuperset(lexicon.fold(term) for term in text.terms(thing))


def _says(sentence: str, pattern: str) -> bool:
    return bool(re.search(pattern, sentence[:CLIP], re.IGNORECASE))
