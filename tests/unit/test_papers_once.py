"""One paper, once, in the database: whatever the order, the repetition and the source, and however it came apart."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.identity import names
from bot.core.paper import canonical_id
from bot.storage import database, records
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.roundups import Roundups
from bot.storage.sightings import Sightings
from bot.storage.snapshot import snapshot
from tests.unit.samples import made_up, seed_papers
from tests.unit.shelves import NOW, opened
from tests.unit.test_cli import bot
from tests.unit.test_identity import ARXIV, HF, OTHER, REVISED, SEED, TEXT, TITLE
from tests.unit.test_storage import PLAN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.app import App
    from bot.core.paper import Paper
    from bot.storage.database import Database

LATER = NOW + timedelta(days=1)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    found = await open_database(tmp_path / "test.db")
    yield found
    await found.close()


# A world: papers that are there in truth, and views of them by sources. Several papers have the same title.

TITLES = ["Introduction", "A survey", "Gates for Slow Rivers and Lakes", "C++ — a Primer", "Ünïcode"]
FILLER = "we propose a method that results show data model".split()  # noqa: SIM905 - words read better as prose


@dataclass(frozen=True)
class Truth:
    """A paper: its titles by version, and the ids that the world gave it."""

    number: int
    titles: tuple[str, str]
    arxiv: bool
    doi: bool

    def abstract(self, version: int) -> str:
        words = [f"p{self.number}word{n}" for n in range(30)]
        changed = {5 * version + n for n in range(5)}
        return " ".join([w + "s" * 9 if n in changed else w for n, w in enumerate(words)] + FILLER)


@st.composite
def views(draw: st.DrawFn, truth: Truth) -> Paper:
    """Draw what one source says of a paper; saying it again, it differs only in the day and its votes."""
    source = draw(st.sampled_from(["seed", "file", "huggingface", "arxiv", "feed"]))
    version = draw(st.integers(1, 2)) if source == "arxiv" else len(source) % 3 + 1
    with_arxiv = truth.arxiv and (source in {"huggingface", "arxiv"} or draw(st.booleans()))
    arxiv = f"2401.0000{truth.number}" if with_arxiv and source != "seed" else None
    title = truth.titles[version == 2]
    own = f"key{truth.number}" if source == "file" and draw(st.booleans()) else None
    # What it says may depend on the id it uses, as in two copies in one file.
    text = truth.abstract(version + (own is None))
    day = draw(st.integers(1, 9)) if source == "huggingface" else None
    return made_up(
        title,
        text,
        id=canonical_id(own or (arxiv if source != "feed" else None), title),
        source=source,
        url=arxiv and f"https://arxiv.org/abs/{arxiv}",
        doi=f"10.1000/{truth.number}" if truth.doi and source in {"arxiv", "feed"} else None,
        version=version if source == "arxiv" else None,
        date=date(2024, 1, day) if day else None,
        upvotes=10 * day if day else None,
        keywords=(f"k{day}",) if day else (),
        code=(f"https://github.com/{source}/x",),
        authors=(f"Author {truth.number}",) if source == "arxiv" else (),
        listed="Mar 11" if source == "seed" else None,
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[int, Paper]]:
    truths = [
        Truth(
            n,
            (draw(st.sampled_from(TITLES)), draw(st.sampled_from(TITLES))),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return draw(
        st.lists(st.sampled_from(truths).flatmap(lambda t: st.tuples(st.just(t.number), views(t))), max_size=14)
    )


def as_they_are(world: list[tuple[int, Paper]]) -> set[frozenset[int]]:
    """Return which views (by number) are linked, by an id or by a title of the same paper, over others too."""
    linked = list(range(len(world)))

    def root(n: int) -> int:
        return n if linked[n] == n else root(linked[n])

    by_link = defaultdict[object, list[int]](list)
    for n, (number, paper) in enumerate(world):
        for link in (*names(paper), (number, paper.title)):
            by_link[link].append(n)
    for first, *others in by_link.values():
        for other in others:
            linked[root(other)] = root(first)
    parts = defaultdict[int, set[int]](set)
    for n in range(len(world)):
        parts[root(n)].add(n)
    return {frozenset(part) for part in parts.values()}


async def found_by(papers: Papers, view: Paper) -> str:
    """Return the id of the record of a view, to which all its names lead."""
    found = [await papers.get([name]) for name in names(view)]
    assert len({paper.id for [paper] in found}) == 1
    return found[0][0].id


def assert_nothing_lost(before: Paper, after: Paper) -> None:
    for field in ("title", "abstract", "url", "listed", "upvotes", "doi", "keywords", "authors", "date"):
        assert getattr(before, field) in (None, (), "") or getattr(after, field) not in (None, (), ""), field
    assert set(before.code) <= set(after.code)
    assert {*before.links, before.url} - {None} <= {*after.links, after.url}
    assert before.date is None or (after.date is not None and after.date <= before.date)
    assert (before.version or 0) <= (after.version or 0)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_any_order_and_any_repetition_give_the_same_papers(
    tmp_path_factory: pytest.TempPathFactory, world: list[tuple[int, Paper]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(world))))
    repeated = data.draw(st.lists(st.sampled_from(order), max_size=5)) if world else []
    cuts = sorted(data.draw(st.lists(st.integers(0, len(world)), max_size=4)))
    folder = tmp_path_factory.mktemp("world")

    async def scenario() -> None:
        async with opened(folder, file=False) as (papers, shelf):
            seen: list[Paper] = []
            for start, end in zip([0, *cuts], [*cuts, len(world)], strict=True):
                await papers.add([world[n][1] for n in [*order[start:end], *repeated]], NOW)
                for before in seen:
                    [after] = await papers.get([before.id])
                    assert_nothing_lost(before, after)
                seen = await papers.get(await papers.newest())
                await shelf.catch_up()
                assert sorted(match.id for match in shelf.index.search("method data", 99)) == sorted(p.id for p in seen)
            parts = defaultdict[str, set[int]](set)
            for n, (_, view) in enumerate(world):
                parts[await found_by(papers, view)].add(n)
            assert {frozenset(part) for part in parts.values()} == as_they_are(world)
            assert await papers.count() == len(parts)
            mark = await papers.mark()
            assert await papers.add([world[n][1] for n in order], LATER) == (0, 0)
            assert await papers.mark() == mark
            assert await papers.get(list(parts)) == [paper for key in parts for paper in seen if paper.id == key]

    asyncio.run(scenario())


TANGLED = st.builds(
    made_up,
    st.sampled_from(["Introduction", "A survey"]),
    st.sampled_from(["", "Text.", TEXT, REVISED, OTHER]),
    id=st.sampled_from(["a", "2401.00001", "2401.00002", "introduction", "10.1000/a", "a-survey"]),
    source=st.sampled_from(["file", "arxiv", "seed"]),
    url=st.sampled_from([None, "https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00002"]),
    doi=st.sampled_from([None, "10.1000/a", "10.1000/b", "10.2000/c"]),
    version=st.sampled_from([None, 1, 2]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TANGLED, max_size=12), st.integers(0, 12))
def test_whatever_sources_claim_every_id_leads_to_one_paper(
    tmp_path_factory: pytest.TempPathFactory, tangle: list[Paper], cut: int
) -> None:
    async def scenario() -> None:
        async with opened(tmp_path_factory.mktemp("tangle"), file=False) as (papers, _):
            for part in (tangle[:cut], tangle[cut:]):
                await papers.add(part, NOW)
            known = await papers._database.rows("SELECT arxiv FROM papers WHERE arxiv IS NOT NULL")
            assert len(known) == len({row["arxiv"] for row in known})
            for paper in tangle:
                for name in (*names(paper), paper.id):
                    assert len(await papers.get([name])) == 1
            count = await papers.count()
            assert (await papers.add(tangle, LATER))[0] == 0
            assert await papers.count() <= count

    asyncio.run(scenario())


async def test_everything_a_source_says_is_read_back(db: Database) -> None:
    full = replace(HF, authors=("Zoë Ä.",), doi="10.1000/x", version=3, categories=("cs.LG", "stat.ML"), listed="Jan 5")
    papers = Papers(db)
    assert await papers.add([full], NOW) == (1, 0)
    assert await papers.get([full.id]) == [full]


async def test_a_seed_paper_is_found_by_its_arxiv_id_once_its_copy_came(app: App) -> None:
    seed = seed_papers()[3]
    copy = made_up(
        seed.title.upper(),
        seed.abstract.replace(" the ", " that very "),
        id="2401.01234",
        source="arxiv",
        url="https://arxiv.org/abs/2401.01234",
        date=date(2024, 1, 3),
    )
    library, papers = app.library, app.library._papers
    before = await library.size()
    assert await papers.add([copy], LATER) == (0, 1)
    await library.catch_up()
    for wanted in ("2401.01234", "https://arxiv.org/abs/2401.01234v2", seed.id, seed.title, seed.title.lower()):
        found = await library.paper(wanted)
        assert found is not None
        assert (found.id, found.url, found.date) == (seed.id, copy.url, copy.date)
    assert [paper.id for paper in await library.get(["2401.01234", seed.id])] == [seed.id]
    hits = await library.search(seed.title, 60)
    assert [hit.paper.id for hit in hits].count(seed.id) == 1
    assert await library.size() == before


def test_the_command_line_finds_a_seed_paper_by_its_arxiv_id_once_its_copy_came(tmp_path: Path) -> None:
    seed = seed_papers()[3]
    copy = {"id": "2401.01234v1", "title": seed.original_title, "abstract": seed.original_abstract, "upvotes": 5}
    (tmp_path / "more.jsonl").write_text(json.dumps(copy), encoding="utf-8")
    assert bot(tmp_path, "ingest", "--json", str(tmp_path / "more.jsonl")).json == {
        "read": 1,
        "added": 0,
        "updated": 1,
        "unchanged": 0,
        "rejected": [],
    }
    found = bot(tmp_path, "paper", "--json", "2401.01234").json
    assert (found["id"], found["upvotes"]) == (seed.id, 5)


async def test_what_a_channel_has_seen_is_not_shown_again_under_another_id(db: Database) -> None:
    papers, store = Papers(db), Roundups(db)
    plan = await store.save(PLAN)
    await papers.add([SEED], NOW)
    await store.claim(plan.id, "2024-05-03", [SEED.id], NOW)
    await store.settle(plan, "2024-05-03", 5, NOW)
    await papers.add([HF, ARXIV], LATER)
    assert set(await papers.newest()) <= await store.shown(plan.channel_id)
    assert "2401.01234" in await store.shown(plan.channel_id)


CSV = made_up("Gates, an Early Draft", OTHER, id="row-1", doi="10.1000/gates", upvotes=2)


async def test_two_papers_that_a_doi_makes_one_lose_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (papers, shelf):
        db = papers._database
        store = Roundups(db)
        plan, other = await store.save(PLAN), await store.save(replace(PLAN, channel_id=9))
        await papers.add([*seed_papers(), CSV, HF], NOW)
        await shelf.open()
        base = shelf.index.base
        for schedule, key in ((plan, CSV.id), (plan, HF.id), (other, HF.id)):
            await store.claim(schedule.id, f"2024-05-0{len(key)}", [key], NOW)
            await store.settle(schedule, f"2024-05-0{len(key)}", 5, NOW)
        await store.claim(other.id, "2024-05-09", [HF.id], NOW)  # being sent
        before = await papers.mark()

        assert await papers.add([ARXIV], LATER) == (0, 1)
        await store.settle(other, "2024-05-09", 6, NOW)
        assert (
            await papers.get([HF.id])
            == await papers.get(["https://doi.org/10.1000/GATES"])
            == await papers.get([CSV.id])
        )
        [found] = await papers.get([CSV.id])
        assert (found.id, found.upvotes, found.title, found.keywords) == (CSV.id, 7, TITLE, HF.keywords)
        assert await papers.by_title(CSV.title) == await papers.by_title(TITLE) == found
        for schedule in (plan, other):
            assert CSV.id in await store.shown(schedule.channel_id)
        said = await Sightings(db).of(HF.id)
        assert {(seen.source, seen.day, seen.votes, seen.version) for seen in said} == {
            ("file", None, 2, None),
            ("huggingface", HF.date, 7, None),
            ("arxiv", ARXIV.date, None, 1),
        }
        with snapshot(tmp_path / "test.db") as view:
            assert view.removed(before.seq) == [HF.id]
            assert [paper.id for paper in view.papers(before.seq)] == [CSV.id]

        await shelf.catch_up()
        assert shelf.index.base is base
        assert shelf.index.search(TITLE, 5)[0].id == CSV.id
        assert HF.id not in [match.id for match in shelf.index.search(TITLE, 99)]
        assert await papers.add([CSV, HF, ARXIV, *seed_papers()], LATER) == (0, 0)
    async with opened(tmp_path) as (papers, shelf):
        await shelf.open()
        assert (len(shelf.index), len(shelf.index.base)) == (57, 58)
        assert shelf.index.number(HF.id) is None


async def test_a_table_that_is_yet_to_come_follows_too(db: Database) -> None:
    papers = Papers(db)
    async with db.transaction() as writer:
        await writer.rows("CREATE TABLE kept (member INTEGER, paper_id TEXT, PRIMARY KEY (member, paper_id)) STRICT")
        rows = [(1, CSV.id), (1, HF.id), (2, HF.id)]
        await writer.many("INSERT INTO kept (member, paper_id) VALUES (?, ?)", rows)
    await papers.add([CSV, HF], NOW)
    await papers.add([ARXIV], NOW)
    kept = [tuple(row) for row in await db.rows("SELECT member, paper_id FROM kept ORDER BY member")]
    assert kept == [(1, CSV.id), (2, CSV.id)]


async def test_three_papers_become_one_at_once(db: Database) -> None:
    papers = Papers(db)
    third = made_up(TITLE, TEXT, id="row-9")
    await papers.add([CSV], NOW)
    await papers.add([HF], NOW)
    async with db.transaction() as writer:
        # As an older version would have left it.
        await writer.rows("DELETE FROM titles")
    await papers.add([third], NOW)
    assert await papers.count() == 3
    await papers.add([ARXIV], NOW)
    assert {paper.id for paper in await papers.get([CSV.id, HF.id, third.id, "10.1000/gates"])} == {CSV.id}
    assert await papers.count() == 1


async def test_a_revision_changes_the_text_but_neither_the_day_nor_the_arrival(db: Database) -> None:
    papers = Papers(db)
    await papers.add([ARXIV], NOW)
    revision = replace(ARXIV, abstract=REVISED, original_abstract=REVISED, version=2, date=date(2024, 4, 30))
    stranger = replace(revision, id="2401.09999", url=None, doi=None, title="Another", abstract=OTHER)
    mark = await papers.mark()
    assert await papers.revise([revision, stranger], LATER) == 1
    assert await papers.get([ARXIV.id]) == [replace(revision, date=ARXIV.date)]
    assert (await papers.mark()).seq == mark.seq + 1
    assert await papers.last_added() == NOW.isoformat(timespec="seconds")
    assert await papers.revise([revision], LATER) == 0
    assert await papers.add([ARXIV], LATER) == (0, 0)
    assert await papers.count() == 1


async def test_who_said_what_and_when_is_kept(db: Database) -> None:
    papers, sightings = Papers(db), Sightings(db)
    await papers.add([SEED, HF], NOW)
    await papers.add([replace(HF, upvotes=12), replace(HF, upvotes=30, date=date(2024, 1, 9)), ARXIV], LATER)
    await papers.add([replace(HF, upvotes=None)], LATER)
    said = await sightings.of("2401.01234")
    assert said == await sightings.of(SEED.id)
    assert [(seen.source, seen.day, seen.votes, seen.first, seen.last) for seen in said] == [
        ("seed", None, None, NOW, NOW),
        ("huggingface", HF.date, 12, NOW, LATER),
        ("arxiv", ARXIV.date, None, LATER, LATER),
        ("huggingface", date(2024, 1, 9), 30, LATER, LATER),
    ]
    assert await sightings.listed(date(2024, 1, 9)) == [SEED.id]
    assert await sightings.listed(ARXIV.date or NOW.date(), "arxiv") == [SEED.id]
    assert await sightings.listed(ARXIV.date or NOW.date(), "feed") == []
    assert await sightings.of("nowhere") == []


def database_of_version_5(path: Path) -> None:
    """Write the seeds, and one of them with its arXiv address, as version 5 of the schema had them."""
    with closing(sqlite3.connect(path)) as raw:
        for script in sorted(database.MIGRATIONS.glob("000[1-5]_*.sql")):
            raw.executescript(script.read_text(encoding="utf-8"))
        for n, paper in enumerate(seed_papers()):
            url = "https://arxiv.org/abs/2401.01234" if n == 3 else None
            raw.execute(
                "INSERT INTO papers (id, place, seq, title, abstract, original_title, original_abstract, folded_title, "
                "source, url, listed, code, links, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'seed', ?, ?, ?, ?, ?)",
                (
                    *(paper.id, n, n + 1, paper.title, paper.abstract, paper.original_title, paper.original_abstract),
                    *(records.fold_title(paper.title), url, paper.listed),
                    *(json.dumps(paper.code), json.dumps(paper.links), NOW.isoformat()),
                ),
            )
        raw.execute("INSERT INTO changes (seq, token) VALUES (56, 'then')")
        raw.execute("INSERT INTO shown (channel_id, paper_id, shown_at) VALUES (3, ?, 'then')", (seed_papers()[3].id,))
        raw.execute("PRAGMA user_version = 5")
        raw.commit()


async def test_a_database_of_version_5_knows_its_papers_again(tmp_path: Path) -> None:
    database_of_version_5(tmp_path / "test.db")
    db = await open_database(tmp_path / "test.db")
    papers, third = Papers(db), seed_papers()[3]
    assert await papers.get([paper.id for paper in seed_papers()]) == [
        replace(paper, url="https://arxiv.org/abs/2401.01234" if paper is third else None) for paper in seed_papers()
    ]
    assert await papers.add(seed_papers(), LATER) == (0, 0)
    assert (await papers.mark()).seq == 56
    assert [paper.id for paper in await papers.get(["2401.01234"])] == [third.id]
    copy = made_up(third.title, third.abstract, id="2401.01234", source="arxiv", version=1)
    other = made_up(seed_papers()[5].title, seed_papers()[5].abstract, id="2401.05555", source="arxiv")
    assert await papers.add([copy, other], LATER) == (0, 2)
    assert await papers.count() == 56
    assert "2401.01234" in await Roundups(db).shown(3)
    [seen] = await Sightings(db).of(seed_papers()[0].id)
    assert (seen.source, seen.first, seen.last) == ("seed", NOW, LATER)
    await db.close()


async def test_papers_are_known_again_without_a_look_at_all(db: Database) -> None:
    asked: list[str] = []
    papers = Papers(db)
    await papers.add([CSV, HF], NOW)
    await db._connection.set_trace_callback(asked.append)
    await papers.add([CSV, HF, SEED], LATER)
    await db._connection.set_trace_callback(lambda _sql: None)
    reads = [sql for sql in asked if sql.lstrip().startswith("SELECT")]
    assert len(reads) >= 6
    for sql in reads:
        for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}"):
            assert not row["detail"].startswith(("SCAN papers", "SCAN titles", "SCAN aliases", "SCAN sightings"))


async def test_more_ids_than_one_statement_takes_are_read_in_parts(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_MOST", 7)
    papers = Papers(db)
    assert await papers.add(seed_papers(), NOW) == (56, 0)
    assert await papers.add([*seed_papers(), HF], NOW) == (1, 0)


async def test_of_a_title_that_very_many_have_papers_are_known_by_their_words(db: Database) -> None:
    papers = Papers(db)
    many = [made_up("Introduction", " ".join(f"w{n}x{k}" for k in range(12))) for n in range(120)]
    assert await papers.add(many, NOW) == (120, 0)
    assert await papers.add(many[::-1], NOW) == (0, 0)
    assert await papers.count() == 120
