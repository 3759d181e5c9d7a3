"""Traits: what may tell that a sentence answers, as numbers; what each is worth is fitted (`fitted.WORTH`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core import cues, definition
from bot.core.reading import HELD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.core.reading import Reading

    Row = NDArray[np.float64]

TITLED: Final = 0.35
"""What a word of the title counts when sentences of that paper are compared: it tells papers apart, not sentences."""
SUBJECT: Final = 0.3
"""What a word counts that only says which paper is meant, likewise."""
AMOUNTS: Final = frozenset(("count", "amount", "percent", "time", "size"))
_LATE: Final = frozenset(("result", "percent", "amount", "time", "tested"))
_WORDINGS: Final = tuple(kind for kind in cues.KINDS if not kind.must)
_OWN = re.compile(r"(?:In this|This) (?:paper|work|article)|We (?:propose|introduce|present)")
_DIGIT = re.compile(r"\d")


def traits(reading: Reading, found: float) -> dict[str, Row | float]:
    """Return all traits of a paper's sentences, by name, as they are fitted; `found` is its share of the search score.

    Each is of shape (sentences,), or one number for all of them.
    """
    return {**held(reading, found), **wording(reading)}


def held(reading: Reading, found: float) -> dict[str, Row | float]:
    """Return those traits that tell what a paper and its sentences hold of the question, which are quick to see."""
    return {**_of_paper(reading, found), **_held(reading)}


def wording(reading: Reading) -> dict[str, Row | float]:
    """Return those traits that only the sentences' wording, length and place tell."""
    return {**_wording(reading), **_place(reading)}


def asked(reading: Reading) -> Row:
    """Return each concept's weight as something asked about this paper, of shape (concepts,).

    The title settles what it holds, unless any paper will do that has it, and so does what names the subject.
    """
    titled = (reading.titled >= HELD) & (not reading.question.listing)
    subject = np.array([concept.subject for concept in reading.question.concepts], dtype=bool)
    weights: Row = reading.weights * np.where(titled, TITLED, 1.0) * np.where(subject, SUBJECT, 1.0)
    return weights


def rarity(grid: Row) -> Row:
    """Return how rare each concept is in the abstract, 0 to 1: ln(1 + sentences / sentences with it), 1 in one only."""
    size = len(grid)
    found: Row = np.log1p(size / np.maximum(grid.sum(axis=0), 1.0)) / np.log1p(size)
    return found


def _of_paper(reading: Reading, found: float) -> dict[str, Row | float]:
    return {
        "paper: question held": reading.coverage(),
        "paper: question in the title": reading.share(reading.titled),
        "paper: search score": found,
        "paper: phrases": reading.phrases(),
        "paper: a name is missing": float(bool(reading.missing())),
        "paper: how often": reading.share(np.log1p(reading.grid.sum(axis=0))),
    }


def _held(reading: Reading) -> dict[str, Row | float]:
    grid, weights = reading.grid, asked(reading)
    total = weights.sum() or 1.0
    rare = rarity(grid)
    before = np.maximum(np.vstack([np.zeros(grid.shape[1]), grid[:-1]]) - grid, 0.0)
    focused = np.array([concept.word.lower() in reading.question.focus for concept in reading.question.concepts])
    return {
        "held": grid @ weights / total,
        "held, rare in the abstract": grid @ (weights * rare) / total,
        "held word for word, rare": reading.exact @ (weights * rarity(reading.exact)) / total,
        "held, title and all": grid @ reading.weights / (reading.weights.sum() or 1.0),
        "held by the sentence before": before @ (weights * rare) / total,
        'the word after "which"': ((grid >= HELD) & focused).any(axis=1),
        "the thing counted": np.array(reading.counts),
    }


def _wording(reading: Reading) -> dict[str, Row | float]:
    sentences = reading.sentences
    kinds = cues.kinds(reading.question.raw)
    thing = definition.asked(reading.question.raw)

    def told(kind: cues.Kind) -> Row | float:
        return np.array([kind.tells(sentence) for sentence in sentences]) if kind in kinds else 0.0

    digits = bool(AMOUNTS & {kind.name for kind in kinds})
    return {
        "the fact asked for": ~np.array([cues.unmet(kinds, sentence) for sentence in sentences], dtype=bool),
        "a definition": _of_thing(definition.defines, thing, sentences),
        "an introduction": _of_thing(definition.introduces, thing, sentences),
        "digits for an amount": np.array([digits and bool(_DIGIT.search(sentence)) for sentence in sentences]),
        '"we propose"': np.array([bool(_OWN.match(sentence)) for sentence in sentences]),
        **{f"wording: {kind.name}": told(kind) for kind in _WORDINGS},
    }


def _of_thing(tells: Callable[[str, str], bool], thing: str, sentences: Sequence[str]) -> Row | float:
    return np.array([tells(sentence, thing) for sentence in sentences]) if thing else 0.0


def _place(reading: Reading) -> dict[str, Row | float]:
    size = len(reading.sentences)
    names = {kind.name for kind in cues.kinds(reading.question.raw)}
    place = np.arange(size) / max(size - 1, 1)
    return {
        "length": np.log1p([len(sentence.split()) for sentence in reading.sentences]),
        "the first": place == 0,
        "the last": place == 1,
        "late": place,
        "late, for a result": place * bool(names & _LATE),
        "early, for a problem": (1 - place) * ("trouble" in names),
    }
