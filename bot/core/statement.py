"""Statements: what a text says, as far as words show it: its stems, numbers, names, directions and negations."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.core import text
from bot.core.paper import fold
from bot.core.wording import (
    CONTRAST,
    DENIED,
    DIRECTION,
    GLUED,
    LEADS,
    NAME,
    NEGATION,
    NUMBER,
    OPENERS,
    SCALE,
    SPELLED,
    UNIT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR: Final = 3
"""Content stems on either side of a word that say what it is about."""


class Statement:
    """A sentence or two, read for what the rules compare. Everything is bounded by `grounded.MAX_DRAFT`."""

    def __init__(self, raw: str) -> None:
        self.raw = GLUED.sub(" ", raw)
        self.folded = fold(self.raw)

    @cached_property
    def words(self) -> list[text.Word]:
        """Every word where it stands."""
        return list(text.words(self.raw))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems; numbers are left to their own rule."""
        return frozenset(self.order)

    @cached_property
    def order(self) -> list[str]:
        """The content stems as they come: neither numbers nor their units ("8 times", "three")."""
        taken = {place for match in self.digits for place in range(match.start(), match.end())}
        content = [
            word.terms
            for word in self.words
            if word.start not in taken and self.raw[word.start : word.end].lower() not in SPELLED
        ]
        return [term for terms in content for term in terms if not term[0].isdigit()]

    @cached_property
    def digits(self) -> list[re.Match[str]]:
        """The numbers written in digits."""
        return list(NUMBER.finditer(self.raw))

    @cached_property
    def measured(self) -> list[tuple[float, frozenset[str], frozenset[str]]]:
        """Each number in digits: its value, the stems of the word right after it, and of what it may measure.

        That is what follows, and what stands before if a preposition leads over ("an accuracy of 84.4%").
        """
        found = []
        for match in self.digits:
            left, right = self.raw[: match.start()], self.raw[match.end() :]
            near = text.terms(right)[: 2 * _NEAR]
            if LEADS.search(left):
                near += text.terms(left)[-2 * _NEAR :]
            after = re.match(r"[\s-]+([A-Za-z]\w*)", right)
            found.append((_value(match), frozenset(text.terms(after[1]) if after else ()), frozenset(near)))
        return found

    @cached_property
    def numbers(self) -> list[tuple[float, str]]:
        """Each number in order, with its unit: "%", "x" or ""."""
        taken = {place for match in self.digits for place in range(match.start(), match.end())}
        found = [(match.start(), _value(match), UNIT.get(match[4] or "", "")) for match in self.digits]
        found += [
            (match.start(), SPELLED[match[0].lower()], "")
            for match in re.finditer(r"[A-Za-z]+", self.raw)
            if match[0].lower() in SPELLED and match.start() not in taken
        ]
        return [(value, unit) for _, value, unit in sorted(found)]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words with a capital, or with letters and digits, folded; openers and plain words aside."""
        found: list[str] = []
        begins = True
        for match in NAME.finditer(self.raw):
            word = re.sub(r"['’]s$", "", match[0])
            plain = begins and word[1:].islower() and fold(word) in OPENERS
            mixed = any(c.isalpha() for c in word) and any(c.isdigit() for c in word) and not word[0].isdigit()
            if (word != word.lower() or mixed) and not plain and text.terms(word):
                found.append(fold(word))
            begins = False
        return tuple(found)

    @cached_property
    def directions(self) -> list[tuple[int, int, frozenset[str]]]:
        """Each comparing word: its axis, its side, and the stems that stand near it."""
        content = [(text.stem(fold(self.raw[word.start : word.end])), word.terms) for word in self.words]
        content = [(word, terms) for word, terms in content if terms or word in DIRECTION]
        found = []
        for place, (word, _) in enumerate(content):
            if word in DIRECTION:
                near = content[max(0, place - _NEAR) : place] + content[place + 1 : place + 1 + _NEAR]
                found.append((*DIRECTION[word], frozenset(term for _, terms in near for term in terms)))
        return found

    @cached_property
    def negated(self) -> list[frozenset[str]]:
        """For each negation, the stems that follow it: what is denied."""
        found = []
        for match in NEGATION.finditer(self.raw):
            after = [word.terms for word in self.words if word.start >= match.end() and word.terms]
            found.append(frozenset(term for terms in after[:_NEAR] for term in terms))
        return found

    @cached_property
    def affirmed(self) -> Statement:
        """What is left without the things set aside: "contrary to the view that ..."."""
        rest = DENIED.sub(" ", self.raw)
        return self if rest == self.raw else Statement(rest)

    @cached_property
    def parts(self) -> list[Statement]:
        """The sides of a contrast, each for itself; one part when there is none."""
        pieces = [piece for piece in CONTRAST.split(self.raw) if text.terms(piece)]
        if len(pieces) == 1 and "," in self.raw and CONTRAST.match(self.raw.lstrip()):
            pieces = [piece for piece in self.raw.split(",", 1) if text.terms(piece)]
        return [Statement(piece) for piece in pieces] if len(pieces) > 1 else [self]

    def names_all(self, names: Iterable[str]) -> bool:
        """Say whether each folded name stands here whole: "imagenet" in "ImageNet-2012", no "gpt-4" in "GPT-4.5"."""
        return all(_named(name, self.folded) for name in names)


def _value(match: re.Match[str]) -> float:
    digits = match[1].replace(",", "") + (match[2] or "")
    return float(digits) * SCALE.get(match[3] or "", 1.0)


def _named(name: str, folded: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"[-./_]", name.removesuffix("s") if len(name) > 3 else name)]  # noqa: PLR2004
    return bool(re.search(rf"(?<!\w){'[-./_ ]?'.join(parts)}s?(?!\w|\.\d)", folded))
