"""arXiv: its lists of the day, its API, and what people harvested; whatever is broken, over real HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fetched import Fetched, Later, Unchanged
from bot.core.paper import Paper, Problem
from bot.http import Client
from bot.sources import arxiv, oai
from tests.unit.answers import FAULT, listed, listing, search, searched
from tests.unit.damage import PAGE, check, damaged
from tests.unit.misbehaving import Clock, serving
from tests.unit.recorded import needs_samples, recorded

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 25)
LIST = listing(listed(1), listed(2, "cross"), listed(3, "replace", 4), listed(4, "replace-cross", 2))
FOUND = search(searched(1), searched(2))
EMPTY_RSS = b"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel><title>cs.LG updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.LG</link><description>cs.LG</description>
<atom:link href="http://rss.arxiv.org/rss/cs.LG" rel="self"/><skipDays><day>Sunday</day></skipDays></channel></rss>"""
RSS = b"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<item><title>Bounds when $a &lt; b$</title><link>https://arxiv.org/abs/hep-th/9901001</link>
<description>arXiv:hep-th/9901001v2 Announce Type: new
Abstract: We show that $a &lt;b$ and $c&gt;d$.</description>
<guid isPermaLink="false">oai:arXiv.org:hep-th/9901001v2</guid><category>hep-th</category>
<pubDate>Wed, 25 Nov 2026 00:00:00 -0500</pubDate><dc:creator>Ada Lovelace</dc:creator></item></channel></rss>"""
HARVEST = b"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T03:50:29Z</responseDate>
<request verb="ListRecords">http://export.arxiv.org/oai2</request><ListRecords>
<record><header><identifier>oai:arXiv.org:2611.00001</identifier></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2611.00001</id><created>2026-11-02</created><updated>2026-11-19</updated>
<authors><author><keyname>Erd\xc5\x91s</keyname><forenames>Paul</forenames></author>
<author><keyname>Davis</keyname><forenames>Sammy</forenames><suffix>Jr.</suffix></author></authors>
<title>A title
  on two lines</title><categories>math.NT cs.LG</categories><comments>Code: https://github.com/made-up/paper</comments>
<doi>10.1000/xyz</doi><abstract>  We make up a paper.
</abstract></arXiv></metadata></record>
<record><header status="deleted"><identifier>oai:arXiv.org:2611.00002</identifier></header></record>
<record><header><identifier>oai:arXiv.org:2611.00003</identifier></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2611.00003</id>
<version version="v1"><date>Thu, 05 Nov 2026 10:00:00 GMT</date></version>
<version version="v2"><date>Wed, 18 Nov 2026 10:00:00 GMT</date></version>
<title>Raw</title><authors>Ada Lovelace (London) and Paul Erd\\H{o}s</authors><categories>cs.LG</categories>
<abstract>It is raw.</abstract></arXivRaw></metadata></record>
<resumptionToken>verb%3DListRecords%26skip%3D3</resumptionToken></ListRecords></OAI-PMH>"""


def read(content: bytes, day: date | None = None) -> Fetched:
    found = arxiv.parse(content, "arxiv", day)
    assert isinstance(found, Fetched)
    check(found)
    return found


def one(content: bytes) -> Paper:
    [paper] = read(content).papers
    return paper


def why(found: object) -> str:
    assert isinstance(found, Problem)
    return found.message


def test_a_listed_paper() -> None:
    paper = one(listing(listed(1)))
    assert (paper.id, paper.version, paper.source) == ("2611.00001", 1, "arxiv")
    assert paper.url == "https://arxiv.org/abs/2611.00001"
    assert paper.abstract.startswith("We use made-up methods with")
    assert paper.abstract.endswith("< 0.05$ and are 13% better.") or "0.05 and are 13% better." in paper.abstract
    assert paper.original_abstract == r"We use \emph{made-up} methods with $p < 0.05$ and are 13\% better."
    assert paper.authors == ("Paulo André de Castro", "Ada Lovelace", "Sammy Davis, Jr.")
    assert (paper.date, paper.published) == (DAY, None)
    assert paper.categories == ("cs.LG", "cs.CL")


def test_new_and_cross_listed_papers_are_news_and_revisions_are_not() -> None:
    found = read(LIST)
    assert [(paper.id, paper.version) for paper in found.papers] == [("2611.00001", 1), ("2611.00002", 1)]
    assert [(paper.id, paper.version) for paper in found.revisions] == [("2611.00003", 4), ("2611.00004", 2)]


def test_a_paper_listed_twice_is_what_it_was_first() -> None:
    found = read(listing(listed(1), listed(1, "replace", 2), listed(2, "replace", 2), listed(2)))
    assert [paper.id for paper in found.papers] == ["2611.00001"]
    assert [paper.id for paper in found.revisions] == ["2611.00002"]
    assert [one.why for one in found.rejected] == ["the same paper stands twice"] * 2


def test_the_kind_stands_in_the_abstract_too() -> None:
    plain = LIST.replace(b"arxiv:announce_type>", b"arxiv:other>")
    assert [len(part) for part in (read(plain).papers, read(plain).revisions)] == [2, 2]


def test_the_days_list_as_rss() -> None:
    paper = one(RSS)
    assert (paper.id, paper.version, paper.date) == ("hep-th/9901001", 2, DAY)
    assert paper.original_title == "Bounds when $a < b$"
    assert paper.original_abstract == "We show that $a <b$ and $c>d$."


@pytest.mark.parametrize("content", [EMPTY_RSS, listing(), search()])
def test_weekends_and_holidays_are_empty(content: bytes) -> None:
    found = read(content)
    assert (found.papers, found.rejected, found.revisions) == ((), (), ())


def test_a_paper_from_the_api() -> None:
    paper = one(search(searched(7)))
    assert (paper.id, paper.version, paper.doi) == ("2611.00007", 3, "10.1000/made.up.1")
    assert (paper.date, paper.published) == (None, date(2026, 11, 20))
    assert paper.title == "Made-up paper 7, on two lines"
    assert paper.abstract == "We make up a paper. It has two lines and costs $5."
    assert paper.authors == ("Zoë Müller-Łuczak", "Ngô Bảo Châu")
    assert paper.categories == ("cs.RO", "cs.LG")  # the primary first, no classes of mathematics
    assert paper.code == ("https://github.com/made-up/paper",)
    assert paper.links == ("https://made-up.example/",)
    assert read(search(searched(7)), DAY).papers[0].date == DAY


def test_an_answer_says_how_many_there_are_in_all() -> None:
    assert read(search(searched(1), total=28_946)).total == 28_946
    assert read(search().replace(b">0<", b">many<")).total is None


def test_the_apis_error_is_a_problem_and_a_paper_of_that_name_is_none() -> None:
    said = "arxiv: arXiv answers with an error: incorrect id format for x"
    assert why(arxiv.parse(search(FAULT), "arxiv")) == said
    assert one(search(searched(title="Error"))).title == "Error"


def test_every_entry_that_is_refused_is_counted_with_its_reason() -> None:
    foreign = listed(5, id="tag:blog.example,2026:1").replace("https://arxiv.org/abs/", "https://blog.example/")
    found = read(listing(listed(1), foreign, listed(2, title=" "), listed(3, abstract=""), listed(4)))
    assert [paper.id for paper in found.papers] == ["2611.00001", "2611.00004"]
    assert [(one.where, one.why) for one in found.rejected] == [
        ("arxiv:2", "no arXiv id"),
        ("arxiv:3", "no title"),
        ("arxiv:4", "no abstract"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "arxiv: not XML (line 1)"),
        (PAGE, "arxiv: a web page, not XML"),
        (LIST[:-5], "arxiv: not XML (line 60)"),
        (b"<opml/>", "arxiv: XML, but no feed"),
        (b'{"papers": []}', "arxiv: not XML (line 1)"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "arxiv: a web page, not a feed"),
    ],
)
def test_another_shape_is_a_problem(content: bytes, said: str) -> None:
    assert why(arxiv.parse(content, "arxiv")) == said


def test_harvested_records() -> None:
    found = oai.parse(HARVEST, "harvest")
    assert isinstance(found, Fetched)
    check(found, records=3)
    first, raw = found.papers
    assert (first.id, first.title, first.doi) == ("2611.00001", "A title on two lines", "10.1000/xyz")
    assert first.authors == ("Paul Erdős", "Sammy Davis Jr.")
    assert (first.published, first.categories) == (date(2026, 11, 2), ("math.NT", "cs.LG"))
    assert first.code == ("https://github.com/made-up/paper",)
    assert (raw.version, raw.published, raw.authors) == (2, date(2026, 11, 5), ("Ada Lovelace", "Paul Erdős"))
    assert [(one.where, one.why) for one in found.rejected] == [("harvest:2", "deleted from the archive")]


def test_harvested_records_of_which_little_is_known() -> None:
    bare = HARVEST.replace(b"Thu, 05 Nov 2026 10:00:00 GMT", b"long ago").replace(b"<authors>Ada", b"<people>Ada")
    found = oai.parse(bare.replace(b"H{o}s</authors>", b"H{o}s</people>"), "harvest")
    assert isinstance(found, Fetched)
    assert (found.papers[1].published, found.papers[1].authors) == (None, ())
    nameless = oai.parse(HARVEST.replace(b"<id>2611.00001</id>", b"<id>x</id>"), "harvest")
    assert isinstance(nameless, Fetched)
    assert nameless.rejected[0].why == "no arXiv id"


def test_a_harvest_without_records() -> None:
    nothing = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="%s">Said</error></OAI-PMH>'
    assert oai.parse(nothing % b"noRecordsMatch", "harvest") == Fetched()
    assert why(oai.parse(nothing % b"badArgument", "harvest")) == "harvest: the archive answers with an error: Said"
    assert why(oai.parse(LIST, "harvest")) == "harvest: XML, but no records of OAI-PMH"
    assert why(oai.parse(PAGE, "harvest")) == "harvest: a web page, not XML"


@needs_samples
@pytest.mark.parametrize("file", recorded("arxiv_*.xml"), ids=lambda file: str(file.stem))
def test_what_was_recorded_is_read_without_a_loss(file: Path) -> None:
    content = file.read_bytes()
    if "error" in file.name:
        assert "incorrect id format for abc" in why(arxiv.parse(content, file.name))
        return
    harvested = "oai" in file.name
    found = oai.parse(content, file.name) if harvested else arxiv.parse(content, file.name)
    assert isinstance(found, Fetched)
    check(found, records=content.count(b"<record>" if harvested else b"<entry>"))
    assert {one.why for one in found.rejected} <= {"deleted from the archive"}
    assert all(paper.authors and paper.categories and (paper.date or paper.published) for paper in found.papers)


@needs_samples
@given(st.data())
def test_what_was_recorded_may_be_damaged(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(recorded("arxiv_*.xml"))).read_bytes()[:15_000]
    content = data.draw(damaged(content))
    check(arxiv.parse(content, "arxiv"))
    check(oai.parse(content, "harvest"))


@given(damaged(LIST) | damaged(FOUND) | damaged(RSS) | damaged(HARVEST) | st.binary())
def test_damaged_bytes(content: bytes) -> None:
    check(arxiv.parse(content, "arxiv", DAY))
    check(oai.parse(content, "harvest"))


TEXT = st.text(st.characters(exclude_characters="<&\r", exclude_categories=["Cs", "Cc"]), max_size=60)


@given(
    st.lists(
        st.builds(
            lambda number, said: listed(number, **said),
            st.integers(1, 3),
            st.fixed_dictionaries({}, optional=dict.fromkeys(("title", "abstract", "id", "creator", "day"), TEXT)),
        ),
        max_size=4,
    )
)
def test_anything_may_stand_in_the_fields(entries: list[str]) -> None:
    found = arxiv.parse(listing(*entries), "arxiv")
    check(found, records=None if isinstance(found, Problem) else len(entries))


def client(base: str) -> Client:
    return Client(private=[base], pace=Clock().pace())


async def test_the_days_list_is_fetched_in_one_request_and_then_unchanged() -> None:
    async def answer(request: web.Request) -> web.Response:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.Response(body=LIST, headers={"ETag": '"1"'}, content_type="application/atom+xml")

    async with serving(answer) as site, client(site.base) as asking:
        found = await arxiv.fetch(asking, ["cs.LG", "cs.CL"], base=f"{site.base}/")
        assert isinstance(found, Fetched)
        assert (len(found.papers), len(found.revisions)) == (2, 2)
        assert await arxiv.fetch(asking, ["cs.LG", "cs.CL"], base=site.base, known=found.validators) == Unchanged()
    assert site.asked[0].raw_path == "/atom/cs.LG+cs.CL"


async def test_papers_are_fetched_by_their_ids() -> None:
    async def answer(request: web.Request) -> web.Response:
        ids = request.query["id_list"]
        if "x" in ids:
            return web.Response(status=400, body=search(FAULT))
        if "broken" in ids:
            return web.Response(status=400, body=search())
        return web.Response(body=search(*(searched(int(one[5:])) for one in ids.split(",") if one != "2611.99999")))

    async with serving(answer) as site, client(site.base) as asking:
        found = await arxiv.fetch_ids(asking, ["2611.00001", "2611.00002"], base=site.base)
        assert isinstance(found, Fetched)
        assert [paper.id for paper in found.papers] == ["2611.00001", "2611.00002"]
        unknown = await arxiv.fetch_ids(asking, ["2611.99999"], base=site.base)
        assert isinstance(unknown, Fetched)
        assert unknown.papers == ()
        wrong = await arxiv.fetch_ids(asking, ["x"], base=site.base)
        assert why(wrong) == "arxiv API: arXiv answers with an error: incorrect id format for x"
        assert why(await arxiv.fetch_ids(asking, ["broken"], base=site.base)) == "arXiv answered with HTTP 400"


START, END = datetime(2026, 11, 20, 14, tzinfo=UTC), datetime(2026, 11, 21, 14, tzinfo=UTC)


async def test_missed_days_are_fetched_page_by_page() -> None:
    async def answer(request: web.Request) -> web.Response:
        start = int(request.query["start"])
        entries = [searched(number) for number in range(start + 1, min(start + 200, 450) + 1)]
        return web.Response(body=search(*entries, total=450))

    async with serving(answer) as site, client(site.base) as asking:
        found = await arxiv.fetch_submitted(asking, ["cs.LG", "cs.CL"], START, END, base=site.base)
    assert isinstance(found, Fetched)
    assert (len(found.papers), found.total, len(site.asked)) == (450, 450, 3)
    query = site.asked[0].query
    assert query["search_query"] == "(cat:cs.LG OR cat:cs.CL) AND submittedDate:[202611201400 TO 202611211359]"
    assert (query["sortBy"], query["sortOrder"], query["max_results"]) == ("submittedDate", "ascending", "200")


@pytest.mark.parametrize("kept", [0, 150])
async def test_a_search_that_ends_early_is_not_taken_for_the_whole(kept: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        start = int(request.query["start"])
        return web.Response(body=search(*(searched(start + n) for n in range(200 if start == 0 else kept)), total=900))

    async with serving(answer) as site, client(site.base) as asking:
        found = await arxiv.fetch_submitted(asking, ["cs.LG"], START, END, base=site.base)
    assert why(found) == "arXiv answered with a part of what it has"


async def test_a_page_that_fails_fails_the_days() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.query["start"] != "0":
            return web.Response(status=404)
        return web.Response(body=search(*map(searched, range(200)), total=900))

    async with serving(answer) as site, client(site.base) as asking:
        found = await arxiv.fetch_submitted(asking, ["cs.LG"], START, END, base=site.base)
    assert "answered with HTTP 404" in why(found)


async def test_a_crowded_arxiv_is_left_in_peace() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=429)

    async with serving(answer) as site, client(site.base) as asking:
        first = await arxiv.fetch(asking, ["cs.LG"], base=site.base)
        again = await arxiv.fetch_ids(asking, ["2611.00001"], base=site.base)
    assert isinstance(first, Later)
    assert isinstance(again, Later)
    assert len(site.asked) == 3


@pytest.mark.parametrize("body", [b"", PAGE, LIST[:300], b"\x1f\x8b" * 10])
async def test_what_is_no_feed_is_a_problem(body: bytes) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/atom+xml")

    async with serving(answer) as site, client(site.base) as asking:
        assert "arxiv list: " in why(await arxiv.fetch(asking, ["cs.LG"], base=site.base))
