"""A ledger: papers entered one after another into the records they belong to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.core.identity import arxiv_of, at_odds, likeness, names, registered, tells, text_id, title_forms, title_key
from bot.core.record import begun, joined, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.core.paper import Paper
    from bot.core.record import Record


class Sighting(NamedTuple):
    """What a source said of a paper on a day that it listed it; no `day` if it named none."""

    paper_id: str
    source: str
    day: date | None
    votes: int | None
    version: int | None


class Ledger:
    """Holds the records that some papers may belong to, and enters these papers.

    Afterwards, by record id: `records` as they are now, `known` as they were. `aliases` are ids found anew for
    records, `titles` their titles found anew; `joined` tells which known record became part of which.
    """

    def __init__(
        self,
        records: Iterable[Record],
        ids: Mapping[str, str],
        titles: Iterable[tuple[str, str]],
        place: int,
    ) -> None:
        """Begin with stored records, what record each id leads to, and each title; `place` is a new record's."""
        self.known = {record.paper.id: record for record in records}
        self.records = dict(self.known)
        self.aliases: dict[str, str] = {}
        self.titles: set[tuple[str, str]] = set()
        self.joined: dict[str, str] = {}
        self.sightings: list[Sighting] = []
        self.updates = 0
        self._place = place
        self._ids = {name: paper_id for name, paper_id in ids.items() if paper_id in self.known}
        self._ids |= {paper_id: paper_id for paper_id in self.known}
        self._titles: dict[str, dict[str, None]] = defaultdict(dict)
        for title, paper_id in titles:
            if paper_id in self.known:
                self._titles[title][paper_id] = None

    @property
    def added(self) -> list[Record]:
        """The records that are new."""
        return [record for key, record in self.records.items() if key not in self.known]

    @property
    def changed(self) -> list[Record]:
        """The known records that are not as they were; when a source was heard last is kept elsewhere."""
        grown = set(self.joined.values())
        return [
            record
            for key, record in self.records.items()
            if (was := self.known.get(key)) and (key in grown or replace(record, heard=was.heard) != was)
        ]

    def enter_all(self, papers: Iterable[Paper], *, news: bool = True) -> None:
        """Enter papers one after another."""
        for paper in papers:
            self.enter(paper, news=news)

    def enter(self, paper: Paper, *, news: bool = True) -> None:
        """Enter one paper; what is no `news` (a new version) only where its paper is known."""
        found = self._records_of(paper)
        if found:
            self._tell(found, paper, news=news)
        elif news:
            record = begun(paper, self._free_id(paper), self._place)
            self._place += 1
            self.records[record.paper.id] = record
            self._note(record, paper)

    def _records_of(self, paper: Paper) -> list[Record]:
        """Return the records that speak of a paper, the surest first; of those at odds, only the first."""
        found: dict[str, Record] = {}
        arxiv = arxiv_of(paper)
        for name in names(paper):
            record = self.records.get(self._ids.get(name, ""))
            if record and not (arxiv and record.arxiv and arxiv != record.arxiv):
                arxiv = arxiv or record.arxiv
                found[record.paper.id] = record
        ids = registered(arxiv, paper.doi)
        for record in self._of_title(paper, found):
            if not at_odds(ids, record.registered):
                ids = {**record.registered, **ids}
                found[record.paper.id] = record
        return list(found.values())

    def _of_title(self, paper: Paper, found: Mapping[str, Record]) -> list[Record]:
        """Return other records of the same title and a like abstract, the likest first."""
        same = [key for form in title_forms(paper.title) for key in self._titles.get(form, ())]
        # An id that was made of a title: the title may have been tidied otherwise.
        others = {key: self.records[key] for key in [self._ids.get(paper.id), *same] if key}
        shares = {key: likeness(paper, record.paper) for key, record in others.items() if key not in found}
        alike = sorted((key for key in shares if shares[key]), key=lambda key: (-shares[key], others[key].place))
        # A paper that says next to nothing of itself must not make one of several.
        telling = [key for key in alike if tells(paper) and tells(others[key].paper)]
        return [others[key] for key in telling or alike[:1]]

    def _tell(self, found: list[Record], paper: Paper, *, news: bool) -> None:
        first, *others = sorted(found, key=lambda record: record.place)
        record = first
        for other in others:
            record = self._join(record, other)
        record = told(record, paper, news=news)
        self.updates += bool(others) or record.paper != first.paper
        self.records[record.paper.id] = record
        self._note(record, paper)

    def _join(self, first: Record, second: Record) -> Record:
        """Make one record of two: everything that led to the second leads to the first."""
        kept, gone = first.paper.id, second.paper.id
        del self.records[gone]
        if gone in self.known:
            self.joined[gone] = kept
        self.joined = {key: kept if into == gone else into for key, into in self.joined.items()}
        self._ids = {name: kept if into == gone else into for name, into in self._ids.items()}
        self.aliases = {name: kept if into == gone else into for name, into in self.aliases.items()}
        self.aliases[gone] = kept
        self.titles = {(key, kept if into == gone else into) for key, into in self.titles}
        for of_title in self._titles.values():
            if gone in of_title:
                del of_title[gone]
                of_title[kept] = None
        self.sightings = [
            sighting._replace(paper_id=kept) if sighting.paper_id == gone else sighting for sighting in self.sightings
        ]
        return joined(first, second)

    def _note(self, record: Record, paper: Paper) -> None:
        """Remember by which ids and title a record was known this time, and who said what."""
        kept, key = record.paper.id, title_key(paper.title)
        for name in (*names(paper), paper.id):
            if name not in self._ids:
                self._ids[name] = kept
                if name != kept:
                    self.aliases[name] = kept
        if key and kept not in self._titles[key]:
            self._titles[key][kept] = None
            self.titles.add((key, kept))
        self.sightings.append(Sighting(kept, paper.source, paper.date, paper.upvotes, paper.version))

    def _free_id(self, paper: Paper) -> str:
        """Return the id of a new record: the paper's own, unless that is another's by now."""
        tried = (paper.id, arxiv_of(paper), text_id(paper))
        return next((key for key in tried if key and key not in self._ids), f"paper-{self._place}")
