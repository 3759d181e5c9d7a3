"""Which paper is meant by a name or a half-typed title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.index import Match
    from bot.core.paper import Paper

SHORTEST = 3
"""Letters of the shortest last word that may be half-typed."""


def named(typed: str, papers: Sequence[Paper]) -> Paper | None:
    """Return the one of some papers, the likeliest first, that was meant; None where that is doubtful.

    It is called so (all of its title, or what stands before the colon), or its title begins so, or it has all the
    words, at least two, the last one perhaps half-typed ("layer norm"); of a single word it must be the only one.
    """
    name = text.squash(typed)
    words = text.plain_words(typed)
    if not name:
        return None
    squashed = [(text.squash(paper.title.partition(":")[0]), text.squash(paper.title), paper) for paper in papers]
    called = [paper for head, title, paper in squashed if name in {head, title}]
    if called:
        return called[0]
    if len(words) == 1:
        having = [paper for paper in papers if words[0] in text.plain_words(paper.title)]
        return having[0] if len(having) == 1 else None
    begun = [paper for _, title, paper in squashed if title.startswith(name)]
    return next(iter([*begun, *(paper for paper in papers if _has(words, text.plain_words(paper.title)))]), None)


def first_named(typed: str, titles: Mapping[str, str], matches: Sequence[Match]) -> list[Match]:
    """Put those papers first that are called what was typed: by all their title, else by what its colon follows."""
    name = text.squash(typed)
    heads = {key: [text.squash(title), text.squash(title.partition(":")[0])] for key, title in titles.items()}
    called = [match for match in matches if name in heads.get(match.id, ())] if len(name) > 1 else []
    called.sort(key=lambda match: heads[match.id].index(name))
    return [*(match._replace(score=matches[0].score) for match in called), *(m for m in matches if m not in called)]


def _has(words: list[str], title: list[str]) -> bool:
    *whole, last = words
    half = len(last) >= SHORTEST
    return set(whole) <= set(title) and any(word == last or (half and word.startswith(last)) for word in title)
