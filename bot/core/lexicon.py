"""The lexicon: which words of research English mean nearly the same, so that a paraphrase meets its sentence.

A word may be in several groups (synonyms). Words meet after stemming and spelling
folding ("optimise" and "optimize", "behaviour" and "behavior", "RNNs" and "RNN").
"""

from __future__ import annotations

from functools import lru_cache

from bot.core import text
from bot.core.synonyms import GROUPS

SAME = 0.65
"""What a word of the same group counts, against 1 for the word itself."""
KIN = 0.8
"""What a word with the same beginning counts ("recognition", "recognize")."""


def _no_vowels(term: str) -> bool:
    return not any(letter in "aeiouy" for letter in term)


@lru_cache(maxsize=200_000)
def fold(term: str) -> str:
    """Return a stem in one spelling: American endings, acronyms without their plural s."""
    if not term.isascii():
        return term
    if term in _NUMBERS:
        return _NUMBERS[term]
    if term.endswith("s") and len(term) > 2 and (_no_vowels(term) or term in _SHORT_PLURALS):  # noqa: PLR2004
        return term[:-1]
    if len(term) <= 4:  # noqa: PLR2004 - "his", "four": too short to be an ending
        return term
    if term.endswith("is") and len(term) > 5:  # noqa: PLR2004 - "normalis" of "normalise", where "normalize" gave "normal"
        return text.stem(term[:-2] + "ize")
    endings = ((british, american) for british, american in _ENDINGS if term.endswith(british))
    british, american = next(endings, ("", ""))
    return term if term in _NOT_BRITISH else term.removesuffix(british) + american


_NUMBERS = {
    word: str(n)
    for n, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelv"], 2
    )
}
_SHORT_PLURALS = frozenset(("gpus", "cpus", "tpus", "npus", "mlps", "kans", "gans", "vaes", "odes", "pdes", "nerfs"))
_ENDINGS = (
    ("ysi", "yz"),
    ("yse", "yz"),
    ("ys", "yz"),
    ("our", "or"),
    ("ogu", "og"),
    ("ell", "el"),
    ("tre", "ter"),
)
_NOT_BRITISH = frozenset(
    ("contour", "detour", "cell", "shell", "precis", "always", "surpris", "promis", "compris", "exercis")
)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(GROUPS.split(";")):
        for word in line.split():
            for term in text.terms(word)[-1:]:
                groups.setdefault(fold(term), set()).add(number)
    return {term: frozenset(found) for term, found in groups.items()}


def known(term: str) -> bool:
    """Say whether the lexicon holds a folded stem."""
    return term in _table()


@lru_cache(maxsize=100_000)
def closeness(one: str, other: str) -> float:
    """Return how near two folded stems are, 0 to 1: the same, the same beginning, or a common group."""
    if one == other:
        return 1.0
    if _kin(one, other):
        return KIN
    table = _table()
    found = table.get(one)
    return SAME if found and not found.isdisjoint(table.get(other, ())) else 0.0


@lru_cache(maxsize=1)
def _members() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for term, groups in _table().items():
        for group in groups:
            found.setdefault(group, set()).add(term)
    return {group: frozenset(terms) for group, terms in found.items()}


@lru_cache(maxsize=20_000)
def _company(term: str) -> frozenset[str]:
    return frozenset().union(*(_members()[group] for group in _table().get(term, ())))


def near(term: str, vocabulary: frozenset[str]) -> dict[str, float]:
    """Return the words of a vocabulary that are close to a term, with their closeness (as `closeness` has it)."""
    found = dict.fromkeys(_company(term) & vocabulary, SAME)
    start = term[:5]
    if len(start) == 5:  # noqa: PLR2004 - as in _kin
        found |= {other: KIN for other in vocabulary if other.startswith(start) and _kin(term, other)}
    if term in vocabulary:
        found[term] = 1.0
    return found


_STRANGERS = frozenset((
    frozenset(("generat", "general")), frozenset(("genera", "general")), frozenset(("commun", "communic")),
    frozenset(("univers", "univers")), frozenset(("person", "persona")), frozenset(("experi", "expert")),
))  # fmt: skip


def _kin(one: str, other: str) -> bool:
    """Say whether two stems share a beginning of five letters that is three quarters of the longer one."""
    if one[:5] != other[:5] or min(len(one), len(other)) < 5 or not (one + other).isalpha():  # noqa: PLR2004
        return False
    longer = max(len(one), len(other))
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 0.7 * longer and frozenset((one, other)) not in _STRANGERS
