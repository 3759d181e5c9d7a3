"""Hugging Face's daily papers: every shape they have had, whatever is broken, over real HTTP."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fetched import Fetched, Later, Unchanged
from bot.core.paper import Batch, Paper, Problem
from bot.http import Client
from bot.sources import huggingface
from tests.unit.answers import daily, daily_2024, day
from tests.unit.damage import JUNK, PAGE, check, damaged, misshapen
from tests.unit.misbehaving import Clock, serving
from tests.unit.recorded import needs_samples, recorded

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 24)
DOCUMENT = [daily(1), daily(2), daily_2024(3)]


def read(*records: Any, asked: date | None = None) -> Batch:
    found = huggingface.parse(day(*records), "hf", asked)
    assert isinstance(found, Batch)
    return found


def one(record: Any, asked: date | None = None) -> Paper:
    [paper] = read(record, asked=asked).papers
    return paper


def why(content: bytes) -> str:
    found = huggingface.parse(content, "hf")
    assert isinstance(found, Problem)
    return found.message


def test_a_record_of_2026() -> None:
    paper = one(daily(7))
    assert (paper.id, paper.source, paper.title) == ("2611.00007", "huggingface", "Made-up paper 7")
    assert paper.abstract == "We make up paper number 7. It is 1.5 times as good."
    assert paper.original_abstract == "We make up paper number 7.\nIt is 1.5 times as good."
    assert (paper.date, paper.published) == (DAY, date(2026, 11, 20))
    assert (paper.upvotes, paper.comments, paper.stars) == (47, 3, 152)
    assert paper.authors == ("Ada Lovelace", "Paul Erdős")
    assert paper.code == ("https://github.com/made-up/paper",)
    assert paper.links == ("https://made-up.example/paper", "https://huggingface.co/papers/2611.00007")
    assert paper.url == "https://arxiv.org/abs/2611.00007"
    assert (paper.summary, paper.keywords) == ("It is made up.", ("making up", "papers"))
    assert (paper.organization, paper.thumbnail) == ("The Made-Up Institute", "https://thumbnails.example/7.png")


def test_a_record_of_2024() -> None:
    paper = one(daily_2024())
    assert paper.title == "A made-up title that goes on in a second line"
    assert (paper.date, paper.published) == (date(2024, 6, 3), date(2024, 5, 31))
    assert (paper.upvotes, paper.comments, paper.stars) == (27, 3, None)
    assert (paper.summary, paper.keywords, paper.organization) == ("", (), "")
    assert paper.thumbnail == "https://thumbnails.example/1.png"


def test_the_days_own_word_wins_then_the_day_asked_for_and_the_outer_time_says_nothing() -> None:
    assert one(daily(), asked=date(2026, 11, 25)).date == DAY
    unsaid = daily()
    del unsaid["paper"]["submittedOnDailyAt"]
    assert one(unsaid, asked=date(2026, 11, 25)).date == date(2026, 11, 25)
    assert one(unsaid).date == date(2026, 11, 20)
    assert one(daily_2024(), asked=DAY).date == DAY


def test_all_but_title_and_abstract_may_be_missing() -> None:
    paper = one({"paper": {"title": "T", "summary": "S"}})
    assert (paper.id, paper.url, paper.date, paper.upvotes, paper.links) == ("t", None, None, None, ())
    assert one({"title": "Outer", "summary": "Outer", "paper": {"id": "2611.00001"}}).title == "Outer"
    assert read(daily(title=None)).papers[0].title == "Made-up paper 1"


def test_a_single_paper_as_the_lookup_answers() -> None:
    found = huggingface.parse(json.dumps(daily()["paper"]).encode(), "hf")
    assert isinstance(found, Batch)
    assert (found.papers[0].id, found.papers[0].upvotes, found.papers[0].comments) == ("2611.00001", 41, None)


def test_every_record_that_is_refused_is_counted_with_its_reason() -> None:
    nameless = {"paper": {"id": "2611.00009", "summary": "Words."}}
    silent = {"paper": {"id": "2611.00009", "title": "Words", "summary": " \n"}}
    endless = daily(4, summary="word " * 20_000)
    batch = read(daily(1), None, {"paper": []}, nameless, silent, daily(1), endless, daily(2))
    assert [paper.id for paper in batch.papers] == ["2611.00001", "2611.00002"]
    assert [(one.where, one.why) for one in batch.rejected] == [
        ("hf:2", "not a JSON object"),
        ("hf:3", "its paper is not a JSON object"),
        ("hf:4", "no title"),
        ("hf:5", "no abstract"),
        ("hf:6", "the same paper stands twice"),
        ("hf:7", "the abstract is longer than 50,000 characters"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "hf: not JSON"),
        (PAGE, "hf: a web page, not JSON"),
        (b"null", "hf: not a list of papers"),
        (b'{"error":"Invalid date <script>"}', "hf: not a list of papers"),
        (b"[" * 100_000, "hf: not JSON"),
        (b"\xff\xfe", "hf: not JSON"),
        (day(daily())[:-20], "hf: not JSON"),
    ],
)
def test_another_shape_is_a_problem(content: bytes, said: str) -> None:
    assert why(content) == said


def test_weekends_are_empty_and_that_is_no_problem() -> None:
    assert read() == Batch()


def test_half_a_surrogate_and_null_characters_cost_no_paper() -> None:
    paper = one(daily(title="A\ud800 title\0 \ud83d\ude00", summary="An abstract\0."))
    assert paper.title == "A\ufffd title 😀"
    assert "\0" not in paper.original_abstract


def test_numbers_that_are_none_are_left_out() -> None:
    text = json.dumps([daily(upvotes=-1, githubStars=True)]).replace(
        '"numComments": 3', '"numComments": ' + "9" * 5_000
    )
    found = huggingface.parse(text.replace('"isAuthorParticipating": true', '"x": NaN, "y": 1e999').encode(), "hf")
    assert isinstance(found, Batch)
    assert (found.papers[0].upvotes, found.papers[0].stars, found.papers[0].comments) == (None, None, None)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a b", "http://", "https://a/)[x](y", "//a", 5, "https://" + "a" * 600]
)
def test_addresses_that_are_none_are_left_out(link: object) -> None:
    record = daily(githubRepo=link, projectPage=link) | {"thumbnail": link, "mediaUrl": "https://a.example/film.mp4"}
    paper = one(record)
    assert (paper.code, paper.thumbnail) == ((), None)
    assert paper.links == ("https://huggingface.co/papers/2611.00001",)


@needs_samples
@pytest.mark.parametrize("file", recorded("hf_daily_papers_*.json"), ids=lambda file: str(file.stem))
def test_what_was_recorded_is_read_without_a_loss(file: Path) -> None:
    content = file.read_bytes()
    found = huggingface.parse(content, file.name)
    assert isinstance(found, Batch)
    assert found.rejected == ()
    check(found, records=len(json.loads(content)))
    assert all(paper.upvotes is not None and paper.authors and paper.date and paper.thumbnail for paper in found.papers)


@needs_samples
@given(st.data())
def test_what_was_recorded_may_be_damaged(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(recorded("hf_daily_papers_*.json"))).read_bytes()[:20_000]
    check(huggingface.parse(data.draw(damaged(content)), "hf"))


@given(damaged(day(*DOCUMENT)))
def test_damaged_bytes(content: bytes) -> None:
    check(huggingface.parse(content, "hf", DAY))


@given(misshapen(DOCUMENT))
def test_anything_may_stand_anywhere(content: bytes) -> None:
    document = json.loads(content)
    check(huggingface.parse(content, "hf"), records=len(document) if isinstance(document, list) else None)


@given(st.binary() | JUNK.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all(content: bytes) -> None:
    check(huggingface.parse(content, "hf", DAY))


def client(base: str) -> Client:
    return Client(private=[base], pace=Clock().pace())


async def test_a_day_is_fetched_and_then_unchanged() -> None:
    async def answer(request: web.Request) -> web.Response:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.json_response(DOCUMENT, headers={"ETag": 'W/"1"'})

    async with serving(answer) as site, client(site.base) as asking:
        found = await huggingface.fetch(asking, DAY, base=f"{site.base}/")
        assert isinstance(found, Fetched)
        assert [paper.date for paper in found.papers] == [DAY] * 3
        again = await huggingface.fetch(asking, DAY, base=site.base, known=found.validators)
        assert again == Unchanged()
    assert site.asked[0].path_qs == "/api/daily_papers?date=2026-11-24&limit=100"


async def test_a_day_of_more_than_a_page_is_fetched_whole() -> None:
    papers = [daily(number) for number in range(1, 251)]

    async def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("p", 0)) * 100
        return web.json_response(papers[start : start + 100], headers={"ETag": '"1"'})

    async with serving(answer) as site, client(site.base) as asking:
        found = await huggingface.fetch(asking, DAY, base=site.base)
    assert isinstance(found, Fetched)
    assert (len(found.papers), found.rejected, found.validators.etag) == (250, (), "")
    assert len(site.asked) == 3


async def test_a_server_that_has_no_pages_is_not_asked_for_ever() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response([daily(number) for number in range(1, 101)])

    async with serving(answer) as site, client(site.base) as asking:
        found = await huggingface.fetch(asking, DAY, base=site.base)
    assert isinstance(found, Fetched)
    assert (len(found.papers), len(site.asked)) == (100, 2)


async def test_a_day_of_which_a_page_is_missing_is_a_problem() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=404) if "p" in request.query else web.json_response([daily(n) for n in range(100)])

    async with serving(answer) as site, client(site.base) as asking:
        assert isinstance(await huggingface.fetch(asking, DAY, base=site.base), Problem)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web.Response(body=PAGE, content_type="text/html"), "huggingface 2026-11-24: a web page, not JSON"),
        (web.Response(text="[]", content_type="text/plain"), None),
        (web.Response(text="[{]", content_type="application/json"), "huggingface 2026-11-24: not JSON"),
    ],
)
async def test_the_body_counts_and_not_what_it_is_called(answer: web.Response, said: str | None) -> None:
    body, kind = answer.body, answer.content_type

    async def same(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind)

    async with serving(same) as site, client(site.base) as asking:
        found = await huggingface.fetch(asking, DAY, base=site.base)
    assert isinstance(found, Problem) is (said is not None)
    assert getattr(found, "message", None) == said


async def test_a_source_that_is_down_is_a_problem_and_one_that_is_busy_says_when() -> None:
    async def down(request: web.Request) -> web.Response:
        status, _, wait = request.path.strip("/").partition("/")[0].partition("-")
        return web.Response(status=int(status), headers={"Retry-After": wait} if wait else None)

    async with serving(down) as site, client(site.base) as asking:
        assert isinstance(await huggingface.fetch(asking, DAY, base=f"{site.base}/500"), Problem)
        found = await huggingface.fetch(asking, DAY, base=f"{site.base}/429-7200")
    assert isinstance(found, Later)
