"""One paper, once: how a paper is known again, whichever source speaks of it.

By its arXiv id; else by its DOI, or another id of its own; else by its title, once a look at the abstracts has shown
that it is no other paper of that title.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from bot.core import text
from bot.core.paper import arxiv_id, fold, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.paper import Paper

# Measured on 4,694 pairs of equal titles among 172,000 abstracts. Of the shorter abstract's terms, two papers
# that are nearest in topic share .26 (median) to .46 (99 of 100); a version that its authors revised shares .53 and
# more, in 3 of 4,600 less: down to .40. Of a pair of "Introduction"s, at most a few.
MOST: Final = 0.8
"""Share of the shorter abstract's terms that the other has too: one is the other, or a part of it."""
HALF: Final = 0.5
THIRD: Final = 0.3
"""Of the terms of both: an abstract of a few words finds half of them in many others."""
SOME: Final = 0.3
"""Enough where an author is the same too."""
FEW: Final = 8
"""Terms. An abstract with fewer says too little."""
NOTHING: Final = 3
"""Terms. An abstract with fewer says nothing."""
TELLING: Final = 4
"""Terms of a title that hardly two papers share."""


def arxiv_of(paper: Paper) -> str | None:
    """Return a paper's arXiv id, as its id, its DOI or its address tell it, or None."""
    return next(filter(None, map(arxiv_id, filter(None, (paper.id, paper.doi, paper.url)))), None)


def nameless(paper: Paper) -> bool:
    """Return whether a paper came without an id: then its title stands for one."""
    return arxiv_id(paper.id) is None and paper.id in {slug(paper.title), slug(paper.original_title)}


def names(paper: Paper) -> tuple[str, ...]:
    """Return the ids that no other paper has, the surest first.

    A paper that came without one is known by its text, word for word: its title alone may be another's too.
    """
    own = text_id(paper) if nameless(paper) else paper.id
    doi = None if paper.doi is None or arxiv_id(paper.doi) else paper.doi
    return tuple(dict.fromkeys(filter(None, (arxiv_of(paper), doi, own))))


def text_id(paper: Paper) -> str:
    """Return an id made of a paper's title and the words of its text, of at most 57 characters."""
    said = f"{title_key(paper.title)}\n{' '.join(fold(paper.abstract).split())}"
    return f"{slug(paper.title)}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def title_key(title: str) -> str:
    """Return what is compared of a title: letters of every script and digits, and what tells C, C++ and C# apart."""
    return "".join(c for c in fold(title) if c.isalnum() or c in "+#")


def title_forms(title: str) -> tuple[str, ...]:
    """Return what a title may be kept as: its key, and how older versions kept it."""
    return tuple(dict.fromkeys((title_key(title), " ".join(fold(title).split()))))


def registered(arxiv: str | None, doi: str | None) -> dict[str, str]:
    """Return ids by who gave them, one to each paper: arXiv, and the publisher, who is the first half of a DOI."""
    found = {"arxiv": arxiv, (doi or "").partition("/")[0]: doi}
    return {register: given for register, given in found.items() if register and given}


def at_odds(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether two papers, by their `registered` ids, have different ids from the same register."""
    return any(other.get(register, given) != given for register, given in one.items())


def likeness(one: Paper, other: Paper) -> float:
    """Return how much of their abstracts two papers of one title share, 0 to 1; 0 if they are not one paper."""
    a, b = (set(text.terms(paper.abstract)) for paper in (one, other))
    shared, least = len(a & b), min(len(a), len(b))
    # Where one says nothing, the title is all there is to go by.
    part = shared / least if least >= NOTHING else 1.0
    if least < FEW:
        return part if _alike_in_few(one, other, part, least) else 0.0
    whole = shared / len(a | b)
    alike = part >= MOST or (part >= HALF and whole >= THIRD) or (part >= SOME and _same_author(one, other))
    return part if alike else 0.0


def tells(paper: Paper) -> bool:
    """Return whether an abstract is long enough to know the paper by."""
    return len(set(text.terms(paper.abstract))) >= FEW


def _alike_in_few(one: Paper, other: Paper, part: float, least: int) -> bool:
    if nameless(one) and nameless(other):
        return part >= HALF
    return part == 1 and least >= FEW // 2 and len(set(text.terms(one.title))) >= TELLING


def _same_author(one: Paper, other: Paper) -> bool:
    names = [[_name_words(name) for name in paper.authors] for paper in (one, other)]
    return any(a <= b or b <= a for a in names[0] for b in names[1] if a and b)


def _name_words(name: str) -> frozenset[str]:
    """Return the words of a name, in whatever order it has them; initials say too little."""
    return frozenset(word for word in fold(name).replace(",", " ").replace(".", " ").split() if len(word) > 1)
