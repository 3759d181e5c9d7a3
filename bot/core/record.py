"""A record: what is kept of one paper, and whose word counts when sources differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from bot.core.hearsay import bare, is_hearsay, of_another
from bot.core.identity import FEW, arxiv_of, registered
from bot.core.paper import arxiv_id
from bot.core.text import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bot.core.paper import Paper

T = TypeVar("T")

_TRUST: Final = {"arxiv": 3, "huggingface": 2, "seed": 0}
"""Whose title and abstract count: arXiv has the authors' own, the seed dump has lost its formulas. Others: 1.

Feeds come after all of these, and what they say of versions counts for nothing.
"""
_COMMUNITY: Final = "huggingface"
"""Who counts the votes, and makes keywords, the short summary and the image itself: others only fill gaps in these."""


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as it is kept.

    `place` is its order of arrival, and decides which id stays when two records turn out to be one. `told_by` is
    the source of its title and abstract, `told_as` the id that this source gave it; `heard` has the last day each
    source listed it on, None for a source that gave no day.
    """

    paper: Paper
    place: int
    told_by: str
    told_as: str
    arxiv: str | None = None
    heard: Mapping[str, date | None] = field(default_factory=dict)

    @property
    def registered(self) -> dict[str, str]:
        """Its ids by who gave them."""
        return registered(self.arxiv, self.paper.doi)


def begun(paper: Paper, paper_id: str, place: int) -> Record:
    """Return the record of a paper that is new."""
    paper = _whole(paper)
    heard = {paper.source: paper.date}
    return Record(replace(paper, id=paper_id), place, paper.source, paper.id, arxiv_of(paper), heard)


def told(record: Record, paper: Paper, *, news: bool = True) -> Record:
    """Return a record after one more word about its paper: gaps are filled, votes are the newest, nothing is erased.

    But a feed that told of another paper under its id has told nothing of this one.

    Title and abstract are those of the latest version, from the source that is trusted most; once told, only that
    source itself changes them, under the same id. The day of listing is the first; what is no `news` (a new version)
    leaves it as it is.
    """
    old, new = _doubted(record, record.paper, _whole(paper))
    if not news:
        new = replace(new, date=None)
    latest = _latest(record, paper)
    believed = _believed(record, new, latest=latest)
    merged = _described(old, new) if believed else _described(new, old)
    counts = latest and (new.source == _COMMUNITY or _COMMUNITY not in record.heard)
    merged = _counted(merged, *((new, old) if counts else (old, new)))
    presents = counts and new.source in {_COMMUNITY, record.told_by}
    merged = _presented(merged, *((new, old) if presents else (old, new)))
    return replace(
        record,
        paper=_placed(merged, old, new),
        told_by=new.source if believed else record.told_by,
        told_as=new.id if believed else record.told_as,
        arxiv=record.arxiv or arxiv_of(new),
        heard={**record.heard, paper.source: _of(max, record.heard.get(paper.source), paper.date)},
    )


def joined(first: Record, second: Record) -> Record:
    """Return one record of two that turn out to be the same paper; it keeps the first one's id and place."""
    found = told(first, replace(second.paper, id=second.told_as, source=second.told_by))
    one, other = first.paper, second.paper
    heard = {
        source: _of(max, first.heard.get(source), second.heard.get(source))
        for source in {**first.heard, **second.heard}
    }
    return replace(
        found,
        paper=replace(
            found.paper,
            upvotes=_of(max, one.upvotes, other.upvotes),
            comments=_of(max, one.comments, other.comments),
            stars=_of(max, one.stars, other.stars),
        ),
        arxiv=first.arxiv or second.arxiv,
        heard=heard,
    )


def _doubted(record: Record, old: Paper, new: Paper) -> tuple[Paper, Paper]:
    """Return both with no more of a feed's word than counts beside one that is no feed's."""
    if is_hearsay(record.told_by) == is_hearsay(new.source) or not of_another(old, new):
        return old, new
    return (bare(old), new) if is_hearsay(record.told_by) else (old, bare(new))


def _whole(paper: Paper) -> Paper:
    return replace(
        paper,
        version=None if is_hearsay(paper.source) else paper.version,
        original_title=paper.original_title or paper.title,
        original_abstract=paper.original_abstract or paper.abstract,
    )


def _latest(record: Record, paper: Paper) -> bool:
    """Return whether this is its source's latest word. One paper may stand in two lists, and both are read again."""
    known = record.heard.get(paper.source)
    return known is None or paper.date is None or paper.date >= known


def _believed(record: Record, new: Paper, *, latest: bool) -> bool:
    """Return whether title and abstract are now these."""
    weights = [
        (not is_hearsay(source), paper.version or 0, _TRUST.get(source, 1))
        for paper, source in ((record.paper, record.told_by), (new, new.source))
    ]
    again = latest and (new.source, new.id) == (record.told_by, record.told_as)
    return weights[1] > weights[0] or (weights[1] == weights[0] and again)


def _described(other: Paper, first: Paper) -> Paper:
    """Return what two say of a paper's contents, the first where both do."""
    said = other if _says_little(first.abstract) and not _says_little(other.abstract) else first
    url = first.url or other.url
    code = tuple(dict.fromkeys([*first.code, *other.code]))
    links = dict.fromkeys([*first.links, *other.links, *_left_over(url, other.url), *_left_over(url, first.url)])
    return replace(
        first,
        abstract=said.abstract,
        original_abstract=said.original_abstract,
        url=url,
        authors=first.authors or other.authors,
        categories=first.categories or other.categories,
        code=code,
        links=tuple(link for link in links if link not in code),
    )


def _says_little(abstract: str) -> bool:
    # The terms are counted only of those that may have few.
    return len(abstract) < 30 * FEW and len(set(terms(abstract))) < FEW


def _left_over(url: str | None, other: str | None) -> tuple[str, ...]:
    """Return an address that another one took the place of, unless both lead to the same."""
    if not url or not other or url == other or (arxiv_id(url) and arxiv_id(url) == arxiv_id(other)):
        return ()
    return (other,)


def _counted(merged: Paper, first: Paper, other: Paper) -> Paper:
    return replace(
        merged,
        upvotes=_known(first.upvotes, other.upvotes),
        comments=_known(first.comments, other.comments),
        stars=_known(first.stars, other.stars),
    )


def _presented(merged: Paper, first: Paper, other: Paper) -> Paper:
    return replace(
        merged,
        keywords=first.keywords or other.keywords,
        summary=first.summary or other.summary,
        organization=first.organization or other.organization,
        thumbnail=first.thumbnail or other.thumbnail,
    )


def _placed(merged: Paper, old: Paper, new: Paper) -> Paper:
    """Return a paper with what does not depend on who is believed."""
    dois = [doi for doi in (old.doi, new.doi) if doi]
    return replace(
        merged,
        id=old.id,
        source=old.source,
        date=_of(min, old.date, new.date),
        listed=_known(old.listed, new.listed),
        published=_of(min, old.published, new.published),
        # arXiv gives each paper a DOI too, which says no more than its id does.
        doi=next((doi for doi in dois if not arxiv_id(doi)), dois[0] if dois else None),
        version=_of(max, old.version, new.version),
    )


def _known(first: T | None, other: T | None) -> T | None:
    return other if first is None else first


def _of(choose: Callable[[T, T], T], one: T | None, other: T | None) -> T | None:
    """Return the smaller or larger of two that are known, else the one that is."""
    return choose(one, other) if one is not None and other is not None else _known(one, other)
