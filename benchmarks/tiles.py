"""A collection of any size made from a smaller one."""

from __future__ import annotations

import random
from itertools import cycle
from typing import TYPE_CHECKING

from bot.core.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHARE = 0.3
"""Share of a copy's words that are taken from another paper, so that no two copies share their postings."""


def tiled(papers: Sequence[Paper], count: int) -> Iterator[Paper]:
    """Yield `count` papers, the same ones each time: a sample of the given, or all of them and varied copies.

    Copies have titles of their own, and about one coined word each: a vocabulary grows with its collection.
    """
    if count <= len(papers):
        places = sorted(random.Random(count).sample(range(len(papers)), count))
        yield from (papers[place] for place in places)
        return
    yield from papers
    titles = {hash(paper.title) for paper in papers}
    for number in range(len(papers), count):
        copy = _copy(papers, number)
        title = f"{copy.title} {number}" if hash(copy.title) in titles else copy.title
        titles.add(hash(title))
        yield Paper(copy.id, title, copy.abstract, copy.source)


def _copy(papers: Sequence[Paper], number: int) -> Paper:
    rng = random.Random(number)
    own, other = papers[number % len(papers)], papers[rng.randrange(len(papers))]
    abstract = _mixed(rng, own.abstract, other.abstract)
    if abstract:
        place = rng.randrange(len(abstract))
        abstract[place] = abstract[place][:4] + rng.choice(abstract)[-4:]
    title = _mixed(rng, own.title, other.title)
    return Paper(f"copy-{number}", " ".join(title), " ".join(abstract), own.source)


def _mixed(rng: random.Random, own: str, other: str) -> list[str]:
    donors = cycle(other.split() or [""])
    return [donor if rng.random() < SHARE else word for word, donor in zip(own.split(), donors, strict=False)]
