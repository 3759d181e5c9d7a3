"""What an index knows of papers beside their words: ids, order of arrival, days, votes, code, sources, authors."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core import strings
from bot.core.inversion import grouped, pairs
from bot.core.paper import fold
from bot.core.query import name_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.core.paper import Paper
    from bot.core.segment import Segment


class Facts:
    """Takes papers and gives columns; see Segment."""

    def __init__(self, base: Segment | None = None, onto: Segment | None = None) -> None:
        """Begin with nothing, or with what `onto` holds; `base` is what comes before both."""
        self._base = base
        self._ids = bytearray()
        self._id_sizes = array("i")
        self._hashes = array("Q")
        self._gone = set(onto.superseded.tolist() if onto is not None else ())
        self._removed: set[str] = set()
        self._days = array("i", onto.days if onto else ())
        self._votes = array("i", onto.votes if onto else ())
        self._code = array("b", onto.code.astype(np.int8) if onto else ())
        self._source = array("i", onto.source if onto else ())
        self._sources = {name: n for n, name in enumerate(onto.sources)} if onto else {}
        self._authors = {name: n for n, name in enumerate(onto.authors)} if onto else {}
        self._author_docs = array("i", onto.author_docs if onto else ())
        sizes = np.diff(onto.author_starts) if onto else np.empty(0, dtype=np.int64)
        self._author_keys = array("i", np.repeat(np.arange(len(sizes), dtype=np.int32), sizes))
        for paper_id in onto.ids if onto else ():
            self._take_id(paper_id)

    def __len__(self) -> int:
        """Return how many papers were taken."""
        return len(self._hashes)

    def add(self, paper: Paper) -> None:
        """Take one paper."""
        for name in dict.fromkeys(folded_name(name) for name in paper.authors):
            self._author_keys.append(self._authors.setdefault(name, len(self._authors)))
            self._author_docs.append(len(self))
        self._take_id(paper.id)
        self._days.append(paper.date.toordinal() if paper.date else 0)
        self._votes.append(-1 if paper.upvotes is None else paper.upvotes)
        self._code.append(bool(paper.code))
        self._source.append(self._sources.setdefault(paper.source, len(self._sources)))

    def remove(self, paper_id: str) -> None:
        """Leave a paper out that came before, here or in the base."""
        self._removed.add(paper_id)

    def _take_id(self, paper_id: str) -> None:
        encoded = strings.utf8(paper_id)
        self._ids += encoded
        self._id_sizes.append(len(encoded))
        self._hashes.append(strings.hash64(encoded))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the columns."""
        ids = strings.packed(self._ids, self._id_sizes, np.array(self._hashes, dtype=np.uint64), "ids")
        places, superseded = self._arrivals(strings.Strings(ids, "ids"))
        return {
            **ids,
            "papers.places": places,
            "papers.superseded": superseded,
            "papers.days": np.array(self._days, dtype=np.int32),
            "papers.votes": np.array(self._votes, dtype=np.int32),
            "papers.code": np.array(self._code, dtype=bool),
            "papers.source": np.array(self._source, dtype=np.int32),
            **strings.arrays(list(self._sources), "sources"),
            **self._author_arrays(),
        }

    def _author_arrays(self) -> dict[str, NDArray[Any]]:
        names = sorted(self._authors, key=strings.utf8)
        rank = np.empty(len(names), dtype=np.int32)
        rank[[self._authors[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        keys, docs = np.array(self._author_keys, dtype=np.int32), np.array(self._author_docs, dtype=np.int32)
        starts, docs, _ = grouped([pairs(keys, docs, 0, len(self))], rank, np.arange(len(names)))
        return {
            **strings.arrays(names, "authors"),
            "authors.papers.starts": starts,
            "authors.papers.docs": docs,
            **_words_of(names),
        }

    def _arrivals(self, ids: strings.Strings) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return each paper's order of arrival, kept from the one it replaces, and the numbers of those gone."""
        base = self._base
        number = len(base) if base is not None else 0
        after = int(base.places.max()) + 1 if base is not None and number else 0
        places = np.arange(after, after + len(ids), dtype=np.int64)
        gone = self._gone | {number + n for paper_id in self._removed for n in ids.all(paper_id)}
        for same in _repeated(ids):
            places[same] = places[same[0]]
            gone.update(number + n for n in same[:-1])
        if base is not None:
            for n in np.flatnonzero(base.ids.shares(np.array(self._hashes, dtype=np.uint64))).tolist():
                if (before := base.ids.find(ids[n])) >= 0:
                    places[n] = base.places[before]
                    gone.add(before)
            gone.update(found for paper_id in self._removed if (found := base.ids.find(paper_id)) >= 0)
        return places, np.array(sorted(gone), dtype=np.int32)


def _words_of(names: list[str]) -> dict[str, NDArray[Any]]:
    """Return the words of names, and for each the names that hold it."""
    words: dict[str, int] = {}
    keys, numbers = array("i"), array("i")
    for number, name in enumerate(names):
        for word in name_words(name):
            keys.append(words.setdefault(word, len(words)))
            numbers.append(number)
    held = pairs(np.array(keys, dtype=np.int32), np.array(numbers, dtype=np.int32), 0, len(names))
    starts, found, _ = grouped([held], np.arange(len(words), dtype=np.int32), np.arange(len(words)))
    return {**strings.arrays(list(words), "name_words"), "name_words.names.starts": starts, "name_words.names": found}


def folded_name(name: str) -> str:
    """Return a name as it is compared: letter case, accents and dots aside."""
    return " ".join(fold(name).replace(".", " ").split())


def _repeated(ids: strings.Strings) -> list[list[int]]:
    """Return the numbers of each string that stands more than once in a table."""
    same = np.flatnonzero(ids.hashes[1:] == ids.hashes[:-1])
    found = {tuple(ids.all(ids[n])) for n in ids.numbers(same)}
    return [list(numbers) for numbers in found if len(numbers) > 1]
