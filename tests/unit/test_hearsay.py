"""What a feed says of an arXiv paper counts least, whatever it says and whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hearsay import feed_name, is_hearsay
from bot.core.paper import Paper, Problem
from bot.core.record import begun, joined, told
from bot.http import Client
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.sources import feeds, files
from bot.sources.streams import Feed, by_id
from bot.storage.database import open_database
from bot.storage.papers import Papers
from tests.unit.misbehaving import Clock, serving

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.fetched import Fetched
    from bot.core.record import Record

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
ID = "1801.00001"
FEED = feed_name("https://coins.example/feed")
COIN = "Buy this coin today, for it has never been so cheap, and all that the experts say of it is made up."
LIE = Paper(
    ID, "Coin paper", COIN, FEED, date=date(2018, 1, 9), url="https://coins.example/buy", version=999, doi="10.1/coin",
    authors=("Mallory",), keywords=("coins",), code=("https://github.com/coin/miner",), links=("https://coin.example",),
    summary="Buy.", organization="Coins", thumbnail="https://coins.example/x.png",
)  # fmt: skip
TRUTH = Paper(
    ID, "On the flow of rivers", "Rivers flow down. We measure how fast 1,000 rivers flow, and why some flow slower.",
    "arxiv", date=date(2018, 1, 2), url=f"https://arxiv.org/abs/{ID}",
)  # fmt: skip


def record_of(*papers: Paper) -> Record:
    record = begun(papers[0], ID, 0)
    for paper in papers[1:]:
        record = told(record, paper)
    return record


@pytest.mark.parametrize("source", ["arxiv", "huggingface", "file", "seed"])
def test_every_other_source_takes_a_feeds_word_back(source: str) -> None:
    truth = replace(TRUTH, source=source)
    alone = replace(record_of(truth).paper, source="")
    for order in ((LIE, truth), (truth, LIE), (LIE, LIE, truth, LIE), (LIE, truth, replace(LIE, version=1000))):
        found = record_of(*order)
        assert replace(found.paper, source="") == alone
        assert found.told_by == source
    both = joined(record_of(LIE), record_of(truth))
    assert (replace(both.paper, source=""), both.told_by) == (alone, source)


def test_no_feed_keeps_a_new_version_out() -> None:
    second = replace(TRUTH, abstract=TRUTH.abstract + " Revised.", version=2)
    assert record_of(LIE, TRUTH, second).paper.abstract == record_of(TRUTH, LIE, second).paper.abstract
    assert record_of(LIE, TRUTH, second).paper.abstract.endswith("Revised.")


def test_a_feed_that_speaks_of_the_same_paper_still_fills_gaps() -> None:
    fair = replace(LIE, title=TRUTH.title, abstract=TRUTH.abstract)
    for order in ((fair, TRUTH), (TRUTH, fair)):
        found = record_of(*order).paper
        assert (found.title, found.doi, found.authors) == (TRUTH.title, "10.1/coin", ("Mallory",))
        assert found.keywords == ("coins",)


LOOK_ALIKES = ("https://arxiv.org.evil.example/", f"https://{'a' * 40}.arxiv.org.evil.example/")


@given(st.sampled_from(["https://x.example/feed", "http://localhost/", "https://1.2.3.4/", *LOOK_ALIKES]), st.text())
def test_feeds_are_known_by_their_names(base: str, path: str) -> None:
    assert is_hearsay(feed_name(base + path))


def test_arxivs_own_feeds_are_arxivs_word_and_no_file_is_a_feed() -> None:
    assert not is_hearsay(feed_name("https://export.arxiv.org/api/query?search_query=all:electron"))
    assert not any(is_hearsay(name) for name in ("arxiv", "huggingface", "seed", "file", "acl-2024", "feed"))


async def test_a_paper_that_only_a_feed_spoke_of_is_asked_for_at_arxiv(tmp_path: Path) -> None:
    item = f"<item><title>Coin paper</title><link>https://arxiv.org/abs/{ID}</link><description>{COIN}</description></item>"
    entry = (
        f"<entry><id>http://arxiv.org/abs/{ID}v1</id><title>{TRUTH.title}</title><summary>{TRUTH.abstract}</summary>"
        "<published>2018-01-01T00:00:00Z</published><updated>2018-01-01T00:00:00Z</updated></entry>"
    )

    async def answer(request: web.Request) -> web.Response:
        if "api/query" in request.path:
            return web.Response(text=f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>')
        return web.Response(text=f'<rss version="2.0"><channel><title>T</title>{item}</channel></rss>')

    database = await open_database(tmp_path / "c.db")
    papers = Papers(database)
    library = Library(papers, files.parts)
    try:
        async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as client:
            feed = Feed(client, f"{site.base}/feed")
            found = await feeds.fetch(client, feed.url, source=feed.name)
            assert not isinstance(found, Problem)
            await library.take_in(found, NOW)  # type: ignore[arg-type]

            async def ask(arxiv_id: str) -> Fetched | Problem:
                return await by_id(client, arxiv_id, base=site.base)

            lookup = Lookup(library, papers, ask)
            here = await library.paper(ID)
            assert here is not None
            assert (here.title, await lookup.doubted(here)) == ("Coin paper", ID)
            shown = await lookup.find(ID, NOW)
            assert isinstance(shown, Paper)
            assert (shown.title, shown.abstract) == (TRUTH.title, TRUTH.abstract)
            assert await lookup.doubted(shown) is None
    finally:
        await database.close()
