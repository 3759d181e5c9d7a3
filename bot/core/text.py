"""The analyzer: how text becomes terms and sentences, the same for papers and questions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import sentencex
import snowballstemmer

from bot.core.paper import fold
from bot.core.variants import american

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_QUERY = 4000
"""Characters of a query that are read; more than any sentence, less than a flood."""

LONGEST = 60
"""Characters of the longest word that is indexed or looked for: the rest are walls of letters, slow to stem."""

_WORD = re.compile(r"[^\W_]+(?:[-'’.+/_][^\W_]+)*")
NUMBERED = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where a name's number begins: "SAM2"."""
_PLAIN = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"[-'’.+/_]")
_POSSESSIVE = re.compile(r"['’]s$")
_NUMBER = re.compile(r"\d[\d.]*[a-z%]?")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
# Unicode's own name of lambda is "lamda".
GREEK = {letter: unicodedata.name(letter).rsplit(" ", 1)[1].lower() for letter in map(chr, range(0x3B1, 0x3CA))}
GREEK["λ"] = "lambda"
"""The small letters by name, as people type them."""
_LETTER = re.compile(r"(?<![α-ως])[α-ω](?![α-ως])")
_REJOIN = re.compile(
    r"(?:\bet al\.(?:\s*[\[(][^\])]{0,40}[\])])?"
    r"|\b(?:Eq|Eqs|Fig|Figs|Sec|Tab|Ref|Refs|No|vs|cf|resp|approx|i\.e|e\.g|w\.r\.t)\.)\s*$"
)

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have having
    he her here hers him his how i if in into is it its itself just let me might more most my no nor not of
    off on once only or other our ours out over own same she should so some such than that the their theirs
    them then there these they this those through to too under until up upon us very was we were what when
    where which while who whom why will with within without would you your yours anyone anything article
    articles find give list paper papers please search show tell use used uses using know
    """.split()  # noqa: SIM905 - words read better as prose
)
"""Words that carry no topic: English function words, and the words people ask with."""

_stemmer = snowballstemmer.stemmer("english")
_turn = Lock()
"""The stemmer keeps the word it works on in itself: threads would mix theirs up, and what is cached stays wrong."""


class Word(NamedTuple):
    """A word where it stands: `start:end` in characters, and the index terms it stands for."""

    start: int
    end: int
    terms: tuple[str, ...]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball English stem in one spelling; words with digits or other scripts are left as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    with _turn:
        return str(_stemmer.stemWord(american(word)))


def latin(folded: str) -> str:
    """Return a folded text with the letters that have no accent to drop as they are typed without ("Łukasz")."""
    return folded if folded.isascii() else folded.translate(_LATIN)


def _folded(token: str) -> str:
    """Return a word folded, without "'s"; a lone Greek letter by its name, as people type it ("β-VAE", "π0")."""
    folded = _POSSESSIVE.sub("", latin(fold(token)))
    return folded if folded.isascii() else _LETTER.sub(lambda match: GREEK[match[0]], folded)


@lru_cache(maxsize=200_000)
def _terms_of(token: str) -> tuple[str, ...]:
    folded = _folded(token)
    if _CJK.search(folded):
        # Scripts without spaces: overlapping pairs of characters stand in for words.
        return tuple(folded[i : i + 2] for i in range(len(folded) - 1)) or (folded,)
    if _NUMBER.fullmatch(folded):
        return (folded,) if len(folded) <= LONGEST else ()
    parts = [part for part in _JOINERS.split(folded) if 0 < len(part) <= LONGEST]
    kept = [stem(part) for part in parts if part not in STOP_WORDS]
    joined = _joined(parts)
    return (*kept, joined) if joined else tuple(kept)


def _joined(parts: list[str]) -> str:
    joined = "".join(parts)
    return stem(joined) if len(parts) > 1 and len(joined) <= LONGEST and joined not in STOP_WORDS else ""


def tokens(text: str) -> list[str]:
    """Return the words of a text as they stand, stop words too, in order."""
    return _WORD.findall(text)


def terms_of(token: str) -> tuple[str, ...]:
    """Return the index terms that one word of `tokens` stands for; none for a stop word. Not remembered here."""
    return _terms_of.__wrapped__(token)


@lru_cache(maxsize=10_000)
def whole(token: str) -> str:
    """Return the term that stands for a compound as a whole ("pretrain" for "pre-training"); else nothing."""
    folded = _folded(token)
    if _CJK.search(folded) or _NUMBER.fullmatch(folded):
        return ""
    return _joined([part for part in _JOINERS.split(folded) if 0 < len(part) <= LONGEST])


def surfaces(token: str) -> tuple[str, ...]:
    """Return the words that one word of `tokens` shows a reader: folded, unstemmed, compounds apart and joined."""
    folded = _folded(token)
    parts = [part for part in _JOINERS.split(folded) if part]
    shown = [*parts, "".join(parts)] if len(parts) > 1 else parts
    return tuple(word for word in shown if word not in STOP_WORDS and not _CJK.search(word))


def stems(text: str) -> list[str]:
    """Return every word of a text stemmed, stop words too, compounds in their parts: what a phrase is compared by."""
    parts = (part for token in tokens(text) for part in _JOINERS.split(_folded(token)))
    return [stem(part) for part in parts if 0 < len(part) <= LONGEST]


def squash(text: str) -> str:
    """Return a name without what people type differently: case, accents, spaces and signs ("SAM 2" is "sam2")."""
    return "".join(plain_words(text))


def plain_words(text: str) -> list[str]:
    """Return the words of a name, folded, without signs."""
    return _PLAIN.findall(fold(text))


def spaced(text: str) -> str:
    """Return a name with a space before its numbers: "SAM2" may be written "SAM 2"."""
    return NUMBERED.sub(" ", text)


def words(text: str) -> Iterator[Word]:
    """Yield every word of a text with its place; a stop word has no terms."""
    for match in _WORD.finditer(text):
        yield Word(match.start(), match.end(), _terms_of(match[0]))


def terms(text: str) -> list[str]:
    """Return the index terms of a text, in order, repeats kept (they carry weight)."""
    return [term for match in _WORD.finditer(text) for term in _terms_of(match[0])]


def document(title: str, abstract: str) -> list[str]:
    """Return the terms a paper is indexed by: the title counts twice in one common field."""
    head = terms(title)
    return head + head + terms(abstract)


def spans(text: str) -> list[tuple[int, int]]:
    """Return the `(start, end)` of each sentence; every slice is verbatim and trimmed."""
    found: list[tuple[int, int]] = []
    place = 0
    for piece in sentencex.segment("en", text):
        bare = piece.strip()
        start = text.find(bare, place) if bare else -1
        if start < 0:
            continue
        place = start + len(bare)
        # What a sentence ends in is near its end: looking at all of it each time would be quadratic.
        if found and _continues(text[max(found[-1][0], found[-1][1] - 80) : found[-1][1]], bare):
            found[-1] = (found[-1][0], place)
        else:
            found.append((start, place))
    return found or ([(0, len(text))] if text.strip() else [])


def _continues(before: str, piece: str) -> bool:
    """Say whether a piece was cut off the sentence before it: after "et al.", "Eq.", or in lower case."""
    return bool(_REJOIN.search(before)) or not any(c.isalpha() for c in piece) or piece[0] in ",;)]"


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each a verbatim slice of it."""
    return [text[start:end] for start, end in spans(text)]
