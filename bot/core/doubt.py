"""Doubt: whether the best sentence answers at all, or the papers do not say.

What speaks for and against it is counted as points on a scorecard (`fitted.POINTS`), as lenders and doctors do: each
sign has steps, and the points of all steps together, as log odds, give how sure the answer is.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from bot.core import cues
from bot.core.fitted import POINTS
from bot.core.lexicon import KIN
from bot.core.thesaurus import NEAR, SAME
from bot.core.traits import AMOUNTS, asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.core.asking import Concept
    from bot.core.reading import Reading

_UNMET: Final = 0.3
"""Below this closeness, a word is not met at all."""
_YES_OR_NO = re.compile(
    r"^(?:[\w' -]{1,120}: )?(?:does|do|did|can|could|is|are|was|were|has|have|had|will|would|should)\b", re.IGNORECASE
)
_MANY: Final = 6
"""Words met word for word that count: more say no more."""
SIGNS: Final = len(POINTS)
"""How many signs are counted."""


class Best(NamedTuple):
    """The sentence that answers best, if any does, and the papers that may be quoted beside its own."""

    reading: Reading
    number: int
    score: float
    others: Sequence[Reading] = ()


def missed(near: Sequence[Reading]) -> list[Concept]:
    """Return the concepts of the question that none of the papers holds, be it in other words."""
    held = np.max([reading.there for reading in near], axis=0)
    return [concept for concept, most in zip(near[0].question.concepts, held, strict=True) if most < _UNMET]


def unstated(reading: Reading) -> tuple[str, ...]:
    """Return the facts that the question asks for and no sentence of a paper states."""
    kinds = [kind for kind in cues.kinds(reading.question.raw) if kind.must]
    return tuple(kind.name for kind in kinds if not any(map(kind.tells, reading.sentences)))


def uncounted(reading: Reading) -> bool:
    """Say whether no sentence of a paper has a number of the thing that a "how many" asks for."""
    return not any(reading.counts)


def certainty(best: Best, near: Sequence[Reading]) -> float:
    """Return how much speaks for the sentence, 0 to 1; `near` are the papers weighed in full."""
    found = signs(best, near)
    points = sum(_points(name, found[name]) for name in POINTS)
    return 1.0 / (1.0 + math.exp(-points))


def _points(name: str, value: float) -> float:
    steps, points = POINTS[name]
    return points[bisect_right(steps, value)]


def _held(best: Best) -> NDArray[np.float64]:
    held: NDArray[np.float64] = np.max([reading.best for reading in (best.reading, *best.others)], axis=0)
    return held


def signs(best: Best, near: Sequence[Reading]) -> dict[str, float]:
    """Return what speaks for the sentence and against it, by name."""
    reading = best.reading
    held = _held(best)
    return {
        "score": best.score,
        **_names(reading, held),
        **_words(best, held, near),
        **_asked(best, held),
        **_form(best),
    }


def _names(reading: Reading, held: NDArray[np.float64]) -> dict[str, float]:
    names = np.array([concept.name for concept in reading.question.concepts], dtype=bool)
    return {
        "names": float(names.any()),
        "a name is missing": float(bool(reading.missing())),
        "a name is not met": float((names & (held < _UNMET)).any()),
        "a name is met in part": float((names & (held < KIN)).any()),
    }


def _words(best: Best, held: NDArray[np.float64], near: Sequence[Reading]) -> dict[str, float]:
    reading = best.reading
    weights = reading.weights
    total = float(weights.sum()) or 1.0
    sentence = np.maximum(reading.exact[best.number], reading.titled_exact)
    somewhere = np.max([other.best for other in near], axis=0)
    exact = np.max([*reading.exact, reading.titled_exact], axis=0)
    unmet = held < _UNMET
    return {
        "words": math.log(len(weights)),
        "not met": reading.share(unmet),
        "the heaviest not met": float((weights * unmet).max()) / total,
        "not met in any paper": reading.share(somewhere < _UNMET),
        "met nearly": reading.share((held < SAME) & ~unmet),
        "met by the same": reading.share(held >= SAME),
        "met word for word": reading.share(exact),
        "words met word for word": float(min((exact >= KIN).sum(), _MANY)),
        "the heaviest in the sentence": float((weights * (sentence >= KIN)).max()) / total,
        "in the sentence": reading.share(np.maximum(reading.grid[best.number], reading.titled)),
    }


def _asked(best: Best, held: NDArray[np.float64]) -> dict[str, float]:
    reading = best.reading
    weights = asked(reading)
    total = float(weights.sum()) or 1.0
    focused = np.array([concept.word.lower() in reading.question.focus for concept in reading.question.concepts])
    return {
        "asked": float(weights @ held) / total,
        "asked in the sentence": float(weights @ reading.grid[best.number]) / total,
        'the word after "which" is not met': float((focused & (held < NEAR)).any()),
        "asked beside the title": total / (float(reading.weights.sum()) or 1.0),
    }


def _form(best: Best) -> dict[str, float]:
    reading = best.reading
    raw = reading.question.raw
    kinds = cues.kinds(raw)
    amount = bool(AMOUNTS & {kind.name for kind in kinds})
    sentence = reading.sentences[best.number]
    return {
        "yes or no": float(bool(_YES_OR_NO.match(raw))),
        "an amount": float(amount),
        "an amount without digits": float(amount and not re.search(r"\d", sentence)),
        "the fact asked for": float(not cues.unmet(kinds, sentence)),
        "the thing counted": float(reading.counts[best.number]),
        "what it is compared with": float(reading.rivals_met()),
    }
