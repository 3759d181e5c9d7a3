"""The lexicon: when two words are one word, over spellings and endings.

Words meet after stemming and spelling folding ("optimise" and "optimize", "behaviour" and "behavior", "RNNs" and
"RNN"), and by their common beginning ("recognition", "recognize").
"""

from __future__ import annotations

from functools import lru_cache

from bot.core import text

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


_STRANGERS = frozenset((
    frozenset(("generat", "general")), frozenset(("genera", "general")), frozenset(("commun", "communic")),
    frozenset(("univers", "univers")), frozenset(("person", "persona")), frozenset(("experi", "expert")),
))  # fmt: skip


def kin(one: str, other: str) -> bool:
    """Say whether two stems share a beginning of five letters that is seven tenths of the longer one."""
    if one[:5] != other[:5] or min(len(one), len(other)) < 5 or not (one + other).isalpha():  # noqa: PLR2004
        return False
    longer = max(len(one), len(other))
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 0.7 * longer and frozenset((one, other)) not in _STRANGERS
