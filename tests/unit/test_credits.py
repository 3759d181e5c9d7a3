"""Whose papers these are: each source by the name it gives itself, and no key in an address is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.core.credit import ARXIV, HUGGINGFACE, of_feed
from bot.http import Client
from bot.services.library import Library
from bot.services.refresh import Refresh
from bot.sources import atom, files
from bot.sources.streams import Arxiv, Feed, HuggingFace
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.readings import Readings
from tests.unit.misbehaving import Clock, serving

if TYPE_CHECKING:
    from pathlib import Path

    from bot.services.refresh import Source

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
WORDS = "A made-up paper about made-up things, of which it shows in experiments that they are made up."


def rss(title: str) -> bytes:
    item = f"<item><title>One</title><link>https://journal.example/1</link><description>{WORDS}</description></item>"
    return f'<rss version="2.0"><channel><title>{title}</title>{item}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("url", "name", "shown"),
    [
        ("https://key:secret@journal.example:8443/feed?token=abc", "journal.example", "https://journal.example"),
        ("http://10.0.0.7/secret/feed.xml", "10.0.0.7", "http://10.0.0.7"),
    ],
)
def test_of_a_feeds_address_only_the_host_is_told(url: str, name: str, shown: str) -> None:
    credit = of_feed(url)
    assert (credit.name, credit.url) == (name, shown)
    assert (of_feed(url, "A Journal").name, of_feed(url, "A Journal").url) == ("A Journal", shown)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (rss("The &lt;i&gt;Made-Up&lt;/i&gt; Journal"), "The Made-Up Journal"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Atomic</title></feed>', "Atomic"),
        (b'<rss version="2.0"><channel></channel></rss>', ""),
    ],
)
def test_a_feed_says_its_title(content: bytes, title: str) -> None:
    feed = atom.parse(content)
    assert isinstance(feed, atom.Feed)
    assert feed.title == title


async def test_a_feed_is_known_by_its_own_name_from_its_first_answer_on(tmp_path: Path) -> None:
    titles = ["The Made-Up Journal", "x" * 999]

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=rss(titles.pop(0)), content_type="application/rss+xml")

    database = await open_database(tmp_path / "c.db")
    try:
        library = Library(Papers(database), files.parts)
        async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as client:
            feed = Feed(client, site.base)
            sources: list[Source] = [HuggingFace(client), Arxiv(client, ("cs.LG",)), feed]
            refresh = Refresh(sources, library, Readings(database))
            assert [credit.name for credit in await refresh.credits()] == [HUGGINGFACE.name, ARXIV.name, "127.0.0.1"]
            await refresh.once(NOW, feed.name)
            assert (await refresh.credits())[2].name == "The Made-Up Journal"
            again = Refresh(sources, library, Readings(database))
            assert (await again.credits())[2].name == "The Made-Up Journal"
            await again.once(NOW + timedelta(hours=4), feed.name)
            assert (await again.credits())[2].name == "x" * 200
            moved = Refresh([Feed(client, "https://else.example/feed")], library, Readings(database))
            assert [credit.name for credit in await moved.credits()] == ["else.example"]
    finally:
        await database.close()


def test_a_feed_has_a_name_of_its_own_that_tells_its_host_alone() -> None:
    one, other = (Feed(None, f"https://key:secret@journal.example/{path}") for path in ("a?token=abc", "b"))  # type: ignore[arg-type]
    assert one.name != other.name
    assert one.name == Feed(None, one.url).name  # type: ignore[arg-type]
    for feed in (one, other):
        host, _, digits = feed.name.rpartition("-")
        assert (host, len(digits)) == ("journal.example", 6)
    assert len(Feed(None, f"https://{'é' * 300}/").name) < 64  # type: ignore[arg-type]


async def test_another_feed_in_the_place_of_one_is_read_in_full_on_the_same_day(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match"):
            return web.Response(status=304)
        title = request.path.strip("/")
        content = rss(title).replace(b"One", title.encode()).replace(b"/1<", f"/{title}<".encode())
        return web.Response(body=content, headers={"ETag": '"1"'}, content_type="application/rss+xml")

    database = await open_database(tmp_path / "c.db")
    papers, readings = Papers(database), Readings(database)
    try:
        async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as client:
            for number, path in enumerate(("old", "new", "old")):
                feed = Feed(client, f"{site.base}/{path}")
                refresh = Refresh([feed], Library(papers, files.parts), readings)
                await refresh.once(NOW + number * timedelta(hours=4))
                [check] = await refresh.look(NOW)
                assert check.name == f"source {path}"
            assert [request.headers.get("If-None-Match") for request in site.asked] == [None, None, '"1"']
        found = {paper.title: paper.source for paper in await papers.get(await papers.newest())}
        assert found == {path: Feed(client, f"{site.base}/{path}").name for path in ("old", "new")}
    finally:
        await database.close()
