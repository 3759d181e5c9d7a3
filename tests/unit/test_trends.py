"""What rises: phrases of the papers' own that more of them are about than before, and no accident."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.lettering import plain
from bot.core.paper import Paper
from bot.core.phrases import Told
from bot.core.trends import FEWEST, WEEKS, Rising, Topic, anew, first_day, rising, survey
from bot.services import trends as service
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.ui import chart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

LAST, NOW = date(2026, 3, 8), datetime(2026, 3, 10, tzinfo=UTC)
FILLER = "We propose a method. It is better than what came before it, via large language models of the real-world."


def told(weeks_ago: float, title: str = "A title", abstract: str = FILLER, *keywords: str) -> Told:
    return Told(LAST - timedelta(days=int(7 * weeks_ago)), title, abstract, keywords)


def filler(each: int = 20) -> list[Told]:
    """Return papers that are about nothing in particular, as many in each week."""
    return [told(week + 0.5, f"Title{n}") for week in range(WEEKS) for n in range(each)]


def names(papers: list[Told], most: int = 8) -> list[str]:
    return [topic.name for topic in rising(survey(papers, LAST), most).topics]


def test_a_topic_of_several_titles_rises() -> None:
    papers = filler() + [told(week + 0.4, f"Agent memory for {n}") for week in range(4) for n in ("us", "you", "all")]
    papers += [told(8.5, "On agent memories")]
    found = rising(survey(papers, LAST), 8)
    assert (found.before, found.late) == (161, 92)
    [topic] = found.topics
    assert (topic.name, topic.papers) == ("agent memory", 12)
    assert topic.times == pytest.approx((12 / 92) / (1 / 161))
    assert topic.shares == pytest.approx([0, 0, 0, 1 / 21, 0, 0, 0, 0, 3 / 23, 3 / 23, 3 / 23, 3 / 23])


def test_keywords_are_topics_as_their_source_writes_them() -> None:
    papers = filler() + [told(n / 3, f"Other{n}", FILLER, "prompt injection (PI)") for n in range(9)]
    papers += [told(n / 3, f"More{n}", "Prompt injections abound.") for n in range(4)]
    assert names(papers) == ["prompt injection"]
    papers += [told(n / 3, f"Still{n}", "We use GRPO.", "GRPO") for n in range(11)]
    assert names(papers) == ["prompt injection", "GRPO"]


def test_what_is_said_of_everything_or_is_half_a_phrase_is_no_topic() -> None:
    title = "Towards real-world use of retrieval-augmented generation via strong tokens"
    papers = filler() + [told(n / 6, title, FILLER, "tokens") for n in range(20)]
    found = names(papers)
    assert "retrieval-augmented generation" in found
    assert not {"real-world", "real-world use", "tokens", "augmented generation", "towards real-world"} & set(found)


def test_an_acronym_and_its_long_form_are_one_topic() -> None:
    papers = filler() + [
        told(n / 4, f"World action models {n}", "World action models (WAM) act.", "WAM") for n in range(4)
    ]
    papers += [told(n / 4, f"WAM{n}", "A WAM acts, and the WAM plans.", "WAM") for n in range(4)]
    [topic] = rising(survey(papers, LAST), 8).topics
    assert topic.papers == 8
    assert topic.times is None


def test_a_few_papers_more_are_no_rise() -> None:
    steady = [told(week + 0.4, f"Agent memory {n}") for week in range(WEEKS) for n in "ab"]
    assert names(filler() + steady + [told(0.1, "Agent memory c")]) == []
    assert names(filler() + [told(0.1, f"Agent memory {n}") for n in "abcd"]) == []


def test_too_little_data_is_said_to_be() -> None:
    assert not rising(survey([], LAST), 8).enough
    some = rising(survey([told(n % 12, "Agent memory") for n in range(FEWEST)], LAST), 8)
    assert (some.enough, some.topics) == (False, ())
    assert rising(survey(filler(), LAST), 8).enough


def test_only_the_weeks_that_count_are_looked_at() -> None:
    outside = [told(-0.5, "Agent memory"), Told(first_day(LAST) - timedelta(days=1), "Agent memory", FILLER)] * 20
    assert names(filler() + outside) == []


wild = st.text("aB c-(.)'1\néα深", max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(told, st.floats(0, 11), wild, wild, wild), max_size=20))
def test_whatever_papers_say_the_shares_are_shares(papers: list[Told]) -> None:
    found = rising(survey([*filler(8), *papers * 6], LAST), 8)
    assert len(found.topics) <= 8
    for topic in found.topics:
        assert topic.name.strip()
        assert len(topic.shares) == WEEKS
        assert all(0 <= share <= 1 for share in topic.shares)
        assert topic.times is None or topic.times > 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(told, st.floats(0, 11), wild, wild, wild), max_size=20), st.integers(1, 40))
def test_phrases_counted_in_batches_are_where_they_were_found(papers: list[Told], size: int) -> None:
    every = [*filler(8), *papers * 6, *(told(n / 4, f"World models (WM) {n}", "World models (WM).") for n in range(9))]
    every += [told(n / 4, f"WM{n}", "A WM acts, and the WM plans.", "WM") for n in range(5)]
    census = survey(every, LAST)
    again = anew(census, 99)
    for first in range(0, len(every), size):
        again.count(every[first : first + size])
    assert rising(again, 99) == rising(census, 99)
    assert again.weeks == census.weeks


async def test_a_topic_of_a_sample_is_counted_in_all_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "COMPARED", 200)
    every = [*filler(), *(told(n / 25, f"Agent memory {n}") for n in range(90))]
    # Every second paper is read, and this is not one of them.
    every.insert(1, told(9, "The first agent memory"))
    async with opened(tmp_path) as papers:
        await papers.add([paper(n, one) for n, one in enumerate(every)], NOW)
        assert len(await papers.told(first_day(LAST), LAST, 2)) < 200
        found = await service.Trends(papers).rising(NOW)
    assert found == rising(survey(every, LAST), service.SHOWN)
    assert found is not None
    [topic] = found.topics
    assert (topic.name, topic.papers, found.before, found.late) == ("agent memory", 90, 161, 170)
    assert topic.times == pytest.approx((90 / 170) / (1 / 161))


@pytest.mark.parametrize("name", ["agent memory", "β-VAE, naïve", "a very long topic of many words " * 4, "深度学习"])
@pytest.mark.parametrize("rows", [0, 1, 8])
def test_the_chart_is_a_picture_of_its_rows(name: str, rows: int) -> None:
    topic = Topic(name, 1, None, (0.0,) * (WEEKS - 1) + (1.0,))
    with Image.open(BytesIO(chart.draw(Rising((topic,) * rows, LAST, 100, 100)))) as image:
        assert (image.format, image.width) == ("PNG", chart.WIDTH)
        assert image.height == 260 + 124 * (rows if plain(name) else 0)
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
    assert (0x2B, 0x2D, 0x31) in colours
    assert ((0x7A, 0xA2, 0xF7) in colours) == bool(rows and plain(name))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("KV cache", "KV cache"),
        ("β-VAE", "beta-VAE"),
        ("Δ-Learning of Φ", "Delta-Learning of Phi"),
        ("Naïve Łukasiewicz Ærø", "Naive Lukasiewicz Aero"),
        ("rock ’n’ roll – ﬁne → ½", "rock 'n' roll - fine 1/2"),
        ("深度学习", ""),
        ("deep 学习", ""),
        ("Ньютон", ""),
        ("→", ""),
        ("", ""),
    ],
)
def test_a_name_is_written_in_letters_that_every_font_has_or_not_at_all(name: str, shown: str) -> None:
    assert plain(name) == shown


@given(st.text(max_size=20))
def test_whatever_a_name_is_no_letter_of_it_is_lost(name: str) -> None:
    shown = plain(name)
    assert shown.isascii()
    assert shown.isprintable()
    if shown:
        assert sum(c.isalnum() for c in shown) >= sum(c.isalnum() for c in name)
        assert plain(shown) == shown


async def test_the_service_looks_again_only_when_papers_came(tmp_path: Path) -> None:
    async with opened(tmp_path) as papers:
        looking = service.Trends(papers)
        assert await looking.rising(NOW) is None
        await papers.add([paper(n, one) for n, one in enumerate(filler(6))], NOW)
        first, again = await asyncio.gather(looking.rising(NOW), looking.rising(NOW))
        assert first is again
        assert first is not None
        assert (first.last, first.before, first.late) == (LAST - timedelta(days=3), 48, 24)
        await papers.add([paper(999, told(0, "New"))], NOW)
        assert (await looking.rising(NOW)) is not first
        early = await looking.rising(datetime(2026, 1, 10, tzinfo=UTC))
        assert early is not None
        assert early.last <= date(2026, 1, 11)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Papers]:
    database = await open_database(path / "c.db")
    try:
        yield Papers(database)
    finally:
        await database.close()


def paper(number: int, one: Told) -> Paper:
    return Paper(f"p{number}", f"{one.title} {number}", one.abstract, "file", date=one.day, keywords=one.keywords)
