"""The library: find papers, read one, see what is like it, take in new ones."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot.core import text
from bot.core.answer import STAYING, SURE, Answer, answer, parse, search_for
from bot.core.index import Filter, Index, Match, Order, best_sentence
from bot.core.letting_go import let_go
from bot.core.naming import first_named, named
from bot.core.paper import Batch, Hit, Paper, Problem, Rejection, arxiv_in
from bot.core.query import Query
from bot.core.thesaurus import Thesaurus
from bot.core.verbatim import meeting
from bot.services.report import Report
from bot.services.semantic import DEPTH
from bot.services.shelf import Shelf
from bot.storage.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.core.correction import Correction
    from bot.core.fetched import Fetched
    from bot.core.part import Part
    from bot.services.semantic import Semantic
    from bot.storage.papers import Papers

log = logging.getLogger(__name__)
T = TypeVar("T")
THREADS = 2
"""Threads that work on the index. They take turns at the interpreter, so more of them finish no sooner, and each keeps
the event loop waiting: with six searches at a time it was 20 to 35 ms late at the 99th percentile on six threads, 10 to
14 on two. The second is there so that replies do not wait for long work."""
READ, BATCH = 500, 50
"""Papers whose texts are read for a phrase with stop words, and how many at a time."""
NAMED = 50
"""Papers whose titles are compared with what was typed."""
RANKED = 10_000
"""Papers on a topic that a channel is shown first, then the newest: three years of ten a day."""


class Reader(Protocol):
    """Reads a file of papers part by part. A Problem ends it: nothing, or nothing more, could be read."""

    def __call__(self, path: Path) -> Iterator[Part | Problem]:
        """Read one file."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is in a file: records read from it, and the share of it, from 0 to 1."""

    file: Path
    read: int
    share: float


@dataclass(frozen=True, slots=True)
class Size:
    """How much is here: papers, and when the last came in (ISO 8601, UTC)."""

    papers: int
    last_added: str | None


class Library:
    """All use cases of papers. Work on the index leaves the event loop."""

    def __init__(  # noqa: PLR0913 - the last two are named where it is made
        self,
        papers: Papers,
        read: Reader,
        shelf: Shelf | None = None,
        semantic: Semantic | None = None,
        *,
        words: Container[str] = (),
        thesaurus: Thesaurus | None = None,
    ) -> None:
        """Use stored papers, a file reader, an open shelf (else the index is in memory: `catch_up` first), and vectors.

        Without vectors, or while they cannot be had, papers are found by their words alone. The `words` of a dictionary
        are taken as they are although no paper holds them. Without a `thesaurus`, questions are answered by their own
        words only.
        """
        self._thesaurus = thesaurus or Thesaurus()
        self._words = words
        self._threads = ThreadPoolExecutor(THREADS, "library")
        self._papers = papers
        self._read = read
        self._shelf = shelf or Shelf(papers)
        self._semantic = semantic

    async def _aside(self, work: Callable[..., T], *values: Any) -> T:
        """Do work on the index off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *values)

    @property
    def _index(self) -> Index:
        return self._shelf.index

    async def catch_up(self) -> None:
        """Take note of papers that another process took in; cheap when there are none, and never an error."""
        try:
            await self._shelf.catch_up()
        except DatabaseError as error:
            log.warning("new papers not looked for why=%s", error)

    async def settle(self) -> None:
        """Leave everything so that the next start is quick: wait for the index's file if it is being written."""
        await self._shelf.settle()

    def sources(self) -> list[str]:
        """Return the names of the sources that papers here came from."""
        return list(dict.fromkeys([*self._index.base.sources, *self._index.delta.sources]))

    async def read(self, query: str) -> Correction:
        """Return a query as it was likely meant, and what to say about it."""
        index = self._index
        read = await self._aside(index.read, query, self._words)
        if not (read.query.required or read.query.excluded):
            return read
        idle = await self._aside(index.idle, read.query)
        for clause, _ in read.query.verbatim:
            if clause.ways and clause not in idle and not await self._matching(index, Query("", required=(clause,)), 1):
                idle.append(clause)
        return await self._aside(let_go, read, idle, index.finds)

    async def search(
        self, query: str | Query, k: int = 10, only: Filter | None = None, order: Order = Order.RELEVANCE
    ) -> list[Hit]:
        """Return at most k papers that hold a word of the query, or are near it in meaning, best first.

        A query in words is read as it was likely meant. Meaning has no part in another order than that of relevance.
        """
        index = self._index
        asked = (await self.read(query)).query if isinstance(query, str) else query
        relevance = order is Order.RELEVANCE
        semantic = self._semantic if relevance else None
        depth = DEPTH if semantic else NAMED if relevance else 0
        matches = await self._matching(index, asked, max(k, depth), only, order)
        if semantic:
            matches = await semantic.rerank(asked, index, matches, strict=only is not None)
        if relevance:
            matches = await self._named_first(asked, matches)
        return await self._hits(index, asked.terms, matches[:k])

    async def _matching(
        self, index: Index, asked: Query, k: int, only: Filter | None = None, order: Order = Order.RELEVANCE
    ) -> list[Match]:
        """Return what the index finds; with phrases that have stop words, those whose texts hold them."""
        if not asked.verbatim:
            return await self._aside(index.search, asked, k, only, order)
        found: list[Match] = []
        matches = await self._aside(index.search, asked, READ, only, order)
        for first in range(0, len(matches), BATCH):
            batch = matches[first : first + BATCH]
            met = await self._aside(meeting, asked, await self._papers.get([match.id for match in batch]))
            found += [match for match in batch if match.id in met]
            if len(found) >= k:
                break
        return found[:k]

    async def _named_first(self, asked: Query, matches: list[Match]) -> list[Match]:
        """Put the papers first that are called what was typed, unless there are conditions (see `first_named`)."""
        if asked.required or asked.excluded:
            return matches
        titles = await self._papers.titles([match.id for match in matches[:NAMED]])
        return first_named(asked.typed or asked.raw, titles, matches)

    async def similar(self, paper: Paper, k: int = 10) -> list[Hit]:
        """Return at most k papers like this one, best first."""
        index = self._index
        matches = await self._aside(index.similar, paper, max(k, DEPTH) if self._semantic else k)
        if self._semantic:
            matches = await self._semantic.similar(paper, index, matches)
        return await self._hits(index, text.document(paper.title, paper.abstract), matches[:k])

    async def answer(self, question: str, context: str = "", of: Sequence[str] = ()) -> Answer:
        """Quote an answer to a question, or say that the papers do not; `context` is earlier talk.

        With ids in `of`, only those papers are asked.
        """
        index = self._index
        asked = await self._aside(parse, question, index, self._thesaurus, context)
        found = [(paper_id, 0.0) for paper_id in of] or await self._aside(search_for, index, asked)
        papers = {paper.id: paper for paper in await self._papers.get([paper_id for paper_id, _ in found])}
        ranked = [(papers[paper_id], score) for paper_id, score in found if paper_id in papers]
        return await self._aside(answer, asked, ranked, index, STAYING if of else SURE)

    async def paper(self, wanted: str) -> Paper | None:
        """Return the paper of an id, an arXiv link, or a title; else the one whose title comes first, or None."""
        wanted = _text(wanted)
        known = arxiv_in(wanted)
        for key in dict.fromkeys([known or wanted, wanted]):
            if found := await self._papers.get([key]):
                return found[0]
        if exact := await self._papers.by_title(wanted):
            return exact
        # An id is no title that somebody began to type.
        return None if known else await self._nearly(wanted)

    async def _nearly(self, wanted: str) -> Paper | None:
        """Return the paper that goes by a name or half-typed title, None where that is doubtful (see `named`)."""
        if not text.terms(wanted):
            return None
        found = await self._papers.beginning(wanted, 25)
        for spelling in dict.fromkeys([wanted, text.spaced(wanted)]):
            found += await self._aside(self._index.complete, spelling, 25)
        return named(wanted, await self._papers.get(list(dict.fromkeys(found))))

    async def complete(self, typed: str, k: int = 25) -> list[Paper]:
        """Return at most k papers for a half-typed title; the newest while nothing is typed."""
        if not typed.strip():
            return await self._papers.get(await self._papers.newest(k))
        typed = _text(typed)
        found = await self._papers.beginning(typed, k)
        found += await self._aside(self._index.complete, typed, k)
        return await self._papers.get(list(dict.fromkeys(found))[:k])

    async def get(self, ids: Sequence[str]) -> list[Paper]:
        """Return the papers of these ids, in order; unknown ids are left out."""
        return await self._papers.get(ids)

    async def size(self) -> Size:
        """Return how much is here."""
        return Size(await self._papers.count(), await self._papers.last_added())

    async def telling(self, paper: Paper, topics: str | Query) -> str:
        """Return the sentence of a paper that says most about some topics, or about its own title."""
        asked = topics.terms if isinstance(topics, Query) else text.terms(topics)
        return await self._aside(best_sentence, self._index, asked or text.terms(paper.title), paper.abstract)

    async def ranked(self, topics: str | Query) -> list[str]:
        """Return the ids of the papers on some topics, best first, the first RANKED at most.

        Topics in words are read as they were likely meant.
        """
        asked = (await self.read(topics)).query if isinstance(topics, str) else topics
        return [match.id for match in await self._matching(self._index, asked, RANKED)]

    async def newest(self, count: int | None = None) -> list[str]:
        """Return all ids, or the first `count`, the newest and most voted first."""
        return await self._papers.newest(count)

    async def ingest(
        self, files: Iterable[Path], now: datetime, tell: Callable[[Progress], None] = lambda _progress: None
    ) -> Report:
        """Take files in, part by part. What cannot be read is a rejection each; all else is taken in."""
        report = Report()
        for file in files:
            report += await self._ingest_one(file, now, tell)
        await self._follow(report)
        return report

    async def take_in(self, found: Fetched, now: datetime) -> Report:
        """Take in what a live source handed over. New versions change the papers that are here, and add none."""
        added, updated = await self._papers.add(found.papers, now)
        updated += await self._papers.revise(found.revisions, now)
        read = len(found.papers) + len(found.revisions) + len(found.rejected)
        report = Report(read, added, updated, found.rejected)
        await self._follow(report)
        return report

    async def _follow(self, report: Report) -> None:
        """Make what came in findable."""
        if report.added or report.updated:
            await self._shelf.catch_up()
            if self._semantic:
                self._semantic.changed()

    async def _ingest_one(self, file: Path, now: datetime, tell: Callable[[Progress], None]) -> Report:
        report = Report()
        parts = self._read(file)
        while part := await asyncio.to_thread(next, parts, None):
            if isinstance(part, Problem):
                log.warning("file refused why=%s", part.message)
                return report + Report(
                    rejected=(Rejection(str(file), part.message.removeprefix(f"{file.name}: ")),), refused=1
                )
            report += await self._take(part, now)
            tell(Progress(file, report.read, part.share))
        return report

    async def _take(self, batch: Batch, now: datetime) -> Report:
        for rejection in batch.rejected:
            log.warning("record refused where=%s why=%s", rejection.where, rejection.why)
        added, updated = await self._papers.add(batch.papers, now)
        read = len(batch.papers) + len(batch.rejected)
        return Report(read, added, updated, batch.rejected, remarks=batch.remarks)

    async def _hits(self, index: Index, wanted: Sequence[str], matches: Sequence[Match]) -> list[Hit]:
        papers = {paper.id: paper for paper in await self._papers.get([match.id for match in matches])}
        found = [(papers[match.id], match) for match in matches if match.id in papers]

        def snippets() -> list[str]:
            return [best_sentence(index, wanted, paper.abstract) for paper, _ in found]

        shown = await self._aside(snippets)
        return [
            Hit(paper, match.score, snippet, match.matched)
            for (paper, match), snippet in zip(found, shown, strict=True)
        ]


def _text(typed: str) -> str:
    """Return what was typed on one line; half a surrogate pair (a stray byte) is no text that SQLite could look for."""
    return " ".join(typed.encode(errors="replace").decode().split())
