"""No paper, however long or hostile, makes a message that Discord refuses."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.change import Change
from bot.core.correction import Correction
from bot.core.favourite import Kind
from bot.core.filters import Order
from bot.core.notable import Notable, Reason
from bot.core.paper import Hit, Paper
from bot.core.query import parse
from bot.core.roundup import MAX_PAPERS, Schedule
from bot.core.trends import WEEKS, Rising, Topic
from bot.services.favourites import Page
from bot.services.favourites import Row as Kept
from bot.services.picking import Pick
from bot.services.posting import Digest
from bot.services.trending import Ranking, Row
from bot.ui import render, results
from bot.ui.client import Colloquium
from bot.ui.favourites import favourites_page
from bot.ui.markdown import fit, weight
from bot.ui.searches import Search
from bot.ui.trending import Asked, ranking_page
from bot.ui.trends import trends_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World


HOSTILE = {
    "plain": "deep learning of music ",
    "cjk": "深度学习音乐分离模型",
    "cjk words": "深度 学习 音乐 ",
    "backslashes": "\\",
    "quotes": '"',
    "markdown": "**_~`|[a](b)<@1>",
    "code": "```\n",
    "mentions": "@everyone <@&1> <#2> ",
    "emoji": "🎵👩‍👩‍👧‍👦",
    "urls": "https://example.org/a_very/long_path?with=query&and=more ",
    "lines": "\n- \n1. \n# ",
    "controls": "\u202e\u200b\t",
    "mixed": '深\\"*🎵[ ',
}
MASKED = {
    "none": None,
    "short": "https://arxiv.org/abs/2401.00001",
    "long": "https://example.org/" + "a" * 480,
    "wide": "https://例え.jp/" + "深" * 480,
    "broken": "https://[",
    "nameless": "http://localhost/paper",
}


def paper(piece: str, url: str | None = None, number: int = 0, *, title: str | None = None) -> Paper:
    return Paper(
        id=f"{number:02}" + "i" * 62,
        title=title if title is not None else (piece * 1000)[:1000],
        abstract=(piece * 50_000)[: 4_000 if url else 50_000],
        source="file",
        url=url,
        date=date(2024, 5, 1),
        authors=tuple((piece * 200)[:200] for _ in range(200)),
        upvotes=2**31 - 1,
        code=("https://github.com/" + "c" * 600, *([url] if url else [])),
        links=(url or "https://example.org/" + "p" * 490,),
    )


def hit(made: Paper, piece: str) -> Hit:
    return Hit(made, 1.0, made.abstract[:5000], tuple((piece * 50)[:50] for _ in range(40)))


def digest(papers: list[Paper], topics: str) -> Digest:
    schedule = Schedule(
        10**6, 2**63, 2**63, 2**63, time(9), "UTC", frozenset(range(7)), MAX_PAPERS, topics[:200],
        paused=False, note="", since=datetime(2024, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    reason = Reason((f"{10**9:,} votes", f"code with {10**9:,} stars"), (topics, topics[:1], topics))
    picks = tuple(Pick(made, made.abstract[:5000], reason) for made in papers)
    return Digest(schedule, "now-2026-01-01T00:00:00", picks, 10**9, 9, news=True, note=topics * 9)


def views(papers: list[Paper], piece: str) -> Iterator[discord.ui.LayoutView]:
    hits = [hit(made, piece) for made in papers]
    query = (piece * 4000)[:4000]
    public = f"shared by {fit(piece * 40, 40)}"
    yield results.search_page(query, hits[:5], 0, "t" * 12)
    options = Search(query, date(2024, 5, 1), date(2025, 5, 1), query, True, 10**6, query, Order.VOTES)
    change = Change((piece * 99)[:99], (piece * 99)[:99], 0, 0)
    for read in (Correction(parse(query), (change,) * 9), Correction(parse(query), (), (change,))):
        filters = options.described()
        yield results.search_page(query, hits * 5, 2, "t" * 12, correction=read, filters=filters, public=public)
        yield results.nothing(query, read, "t" * 12, filters=filters)
        yield results.nothing("-" + query, Correction(parse("-" + query), (), read.hints), "t" * 12)
    reason = Reason((f"{10**9:,} votes", f"code with {10**9:,} stars"), (query, query[:1], query))
    rows = [Row(made, made.abstract[:5000], reason, 1.0) for made in papers[:5]]
    read = Correction(parse(query), (change,) * 9, wishes=(query,) * 9, unmet=(query,) * 9, unknown=(query,) * 9)
    ranking = Ranking((Notable("p", 1.0, reason),) * 50, 10**6, read)
    yield ranking_page(Asked("t" * 12, query), ranking, rows, 4, share=True, public=public)
    for number in (0, 9):
        yield favourites_page(
            Page(Kind.SAVED, tuple(Kept(one, one.abstract[:5000]) for one in papers[:5]), number, 10, 50)
        )
    trends = Rising((Topic((piece * 99)[:99], 10**6, 9.9, (0.5,) * WEEKS),) * 8, date(2026, 1, 1), 10**6, 10**6)
    yield trends_page(trends, chart=True, share=True, public=public)
    yield render.similar_list(papers[0], hits[:5])
    yield render.similar_list(papers[0], [])
    for made in papers[:2]:
        yield render.paper_card(made)
        yield render.paper_card(made, share=False, public=public)
    for count in (1, 2, 5, MAX_PAPERS):
        yield render.roundup(digest(papers[:count], piece * 200))
        yield render.roundup(digest(papers[:count], ""), preview=True)
    yield render.roundup(digest([], piece))


def components(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    return made


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if accessory := component.get("accessory"):
            yield accessory


def check(view: discord.ui.LayoutView) -> None:
    """Assert what Discord asserts of components."""
    payload = components(view)
    parts = list(walk(payload))
    assert len(parts) <= 40
    texts = [part["content"] for part in parts if part["type"] == discord.ComponentType.text_display.value]
    assert all(content.strip() for content in texts)
    assert sum(map(len, texts)) <= 4000
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    assert size < 10_000
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(made) <= 100 for made in ids)
    for part in parts:
        assert len(part.get("label") or "") <= (80 if part["type"] == discord.ComponentType.button.value else 100)
        assert len((part.get("url") or "").encode()) <= 512
        assert all(len(item["description"]) <= 1024 for item in part.get("items", []))
        options = part.get("options", [])
        assert len(options) <= 25
        assert all(1 <= len(option["label"]) <= 100 and len(option["value"]) <= 100 for option in options)
        assert len({option["value"] for option in options}) == len(options)


@pytest.mark.parametrize("url", MASKED.values(), ids=MASKED)
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_every_view_of_the_longest_papers_keeps_discords_limits(piece: str, url: str | None) -> None:
    papers = [paper(piece, url, number) for number in range(MAX_PAPERS)]
    for view in views(papers, piece):
        check(view)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_every_view_of_papers_with_a_short_title_keeps_discords_limits(piece: str) -> None:
    papers = [paper(piece, None, number, title=f"{piece[:3]}x{number}") for number in range(MAX_PAPERS)]
    for view in views(papers, piece):
        check(view)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60).filter(lambda made: made.strip() != ""), min_size=1, max_size=3))
def test_every_view_of_random_papers_keeps_discords_limits(pieces: list[str]) -> None:
    piece = " ".join(pieces)
    papers = [
        Paper(f"p{number}", piece * 5, piece * 60, "file", authors=(piece,), url=MASKED["short"])
        for number in range(MAX_PAPERS)
    ]
    for view in views(papers, piece):
        check(view)


def test_ordinary_papers_lose_nothing_to_the_limits() -> None:
    made = Paper("2401.00001", "Attention " * 12, "A sentence of words. " * 60, "file", url=MASKED["short"])
    card = str(components(render.paper_card(made)))
    assert made.abstract in card
    assert f"[{made.title}]({made.url})" in card
    page = str(components(results.search_page("words", [Hit(made, 1.0, "A sentence of words.")], 0, "t")))
    assert "A sentence of **words**." in page
    assert made.url is not None
    assert made.url in page


@given(st.text(max_size=400), st.integers(1, 200))
def test_fit_keeps_its_limit(raw: str, limit: int) -> None:
    shown = fit(raw, limit)
    assert len(shown) <= limit
    assert weight(shown) <= limit * 3 // 2 + 2


@pytest.mark.parametrize("piece", ["\\", "*", "深", '"'])
def test_fit_uses_the_room_it_has(piece: str) -> None:
    assert weight(fit(piece * 5000, 1000)) > 1300


def specs(options: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for option in options:
        yield option
        yield from specs(option.get("options", []))


def test_the_commands_keep_the_limits_that_the_look_alike_does_not_check(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, Colloquium)
    commands = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    assert commands
    for spec in specs(commands):
        assert re.fullmatch(r"[a-z_-]{1,32}", spec["name"])
        assert 1 <= len(spec["description"]) <= 100
        assert len(spec.get("options", [])) <= 25
        assert len(spec.get("choices", [])) <= 25
    for command in commands:
        assert sum(len(spec["name"]) + len(spec["description"]) for spec in specs([command])) <= 8000
