"""WordPiece: how BERT's family of models cuts text into the numbers that they read.

The uncased form of Devlin et al. 2018: lower case without accents, cut at spaces and punctuation, then each word
greedily into the longest pieces that the vocabulary holds. The numbers equal those of the `tokenizers` library.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_WORD = 100
"""Characters of the longest word that is cut into pieces; a longer one is unknown (BERT's own limit)."""
_REMEMBERED = 100_000
"""Words whose pieces are kept: most text is the same words over and over."""
_TEXT_READ = 20
"""Characters read for each number wanted. English has about five; no abstract's words have more than ten."""

_IDEOGRAPHS = (
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81f\U0002b820-\U0002ceaf\U0002f800-\U0002fa1f"
)
_IDEOGRAPH = re.compile(f"([{_IDEOGRAPHS}])")
_PLAIN = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")


class WordPiece:
    """A vocabulary in use. `vocabulary` is one piece for each number; a piece inside a word begins with "##".

    Raises ValueError if it lacks one of the marks [CLS], [SEP] and [UNK].
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(vocabulary)}
        if missing := {"[CLS]", "[SEP]", "[UNK]"} - self._number.keys():
            raise ValueError(f"no such vocabulary: {min(missing)} is missing")
        self._first, self._last = self._number["[CLS]"], self._number["[SEP]"]
        self._unknown = [self._number["[UNK]"]]
        self._known: dict[str, list[int]] = {}

    def __call__(self, text: str, most: int = 128) -> list[int]:
        """Return the numbers of a text between the marks for its start and end, at most `most` (two or more) in all.

        Only the beginning of a text is read that could fill them.
        """
        found = [self._first]
        for word in _words(text[: most * _TEXT_READ]):
            found += self._pieces(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self._last]

    def _pieces(self, word: str) -> list[int]:
        if (known := self._known.get(word)) is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._cut(word)
        return known

    def _cut(self, word: str) -> list[int]:
        if len(word) > MAX_WORD:
            return self._unknown
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._number), None)
            if end is None:
                return self._unknown  # BERT's rule: a word of which any part is unknown is unknown as a whole
            pieces.append(self._number[mark + word[start:end]])
            start = end
        return pieces


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text, folded; every punctuation mark and ideograph is a word of its own."""
    if text.isascii() and (text.isprintable() or not _odd(text)):
        yield from _PLAIN.findall(text.lower())
        return
    spaced = _IDEOGRAPH.sub(r" \1 ", _clean(text))
    for word in _unaccented(spaced).lower().split():
        yield from _split(word)


def _odd(text: str) -> bool:
    return any(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in text)


def _clean(text: str) -> str:
    """Drop what cannot be seen: control, format and private characters, and the mark for text that was lost."""
    kept = (char for char in text if char in "\t\n\r" or unicodedata.category(char) not in {"Cc", "Cf", "Co"})
    return "".join(kept).replace("�", "")


def _unaccented(text: str) -> str:
    # NFD, not the NFKD of paper.fold: the vocabulary has pieces such as "²" and "ﬁ".
    return "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")


def _split(word: str) -> Iterator[str]:
    start = 0
    for place, char in enumerate(word):
        if _is_punctuation(char):
            if place > start:
                yield word[start:place]
            yield char
            start = place + 1
    if start < len(word):
        yield word[start:]


def _is_punctuation(char: str) -> bool:
    """Say whether a character stands by itself; to BERT, "$", "^" and "`" do too, which Unicode calls symbols."""
    return (char.isascii() and char.isprintable() and not char.isalnum() and char != " ") or (
        unicodedata.category(char)[0] == "P"
    )
