"""Any feed: the dialects in use, what they often do wrong, and what would harm whoever reads them."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fetched import Fetched, Unchanged, Validators
from bot.core.hearsay import feed_name
from bot.core.paper import Batch, Paper, Problem
from bot.http import Client
from bot.sources import feeds, tree
from bot.sources.atom import split_names
from bot.sources.markup import plain
from bot.sources.streams import Feed
from tests.unit.answers import FAULT, listed, listing, search, searched
from tests.unit.damage import PAGE, check, damaged
from tests.unit.misbehaving import Clock, serving
from tests.unit.recorded import needs_samples, recorded

if TYPE_CHECKING:
    from pathlib import Path

LONG = "We make up a paper about making up papers, and show in thirteen experiments that it is made up. " * 3
RSS = f"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss-0.91.dtd">
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Made-Up Journal</title>
<item><title>Growth of &lt;i&gt;E. coli&lt;/i&gt; at 5&amp;nbsp;°C &amp;amp; below</title>
<media:title>Not this</media:title><link> https://journal.example/1 </link>
<guid>https://doi.org/10.1000/MADE.1</guid><description>A teaser &amp;hellip;</description>
<content:encoded><![CDATA[
<p>{LONG}</p><script>alert("<p>")</script><!-- no --><p>It is <b>better</b>.</p>]]></content:encoded>
<pubDate>Wed, 25 Nov 2026 23:30:00 -0500</pubDate><author>ada@journal.example (Ada Lovelace)</author>
<category>Biology</category><category><![CDATA[Growth]]></category></item>
<item><title>No text</title><link>https://journal.example/2</link></item></channel></rss>""".encode()
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<channel rdf:about="https://journal.example/"><title>Old</title>
<items><rdf:Seq><rdf:li resource="x"/></rdf:Seq></items></channel>
<item rdf:about="x"><title>Old paper</title><link>https://journal.example/3</link><description>It is old.</description>
<dc:creator>Paul Erdős</dc:creator><dc:creator>Zoë Müller</dc:creator><dc:date>2026-11-24</dc:date>
<prism:doi>10.1000/old.3</prism:doi><dc:identifier>doi:10.1000/other</dc:identifier></item></rdf:RDF>""".encode()
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Group</title><link rel="self" href="https://self.example/"/>
<entry><id>urn:uuid:1</id><title type="html">A &lt;em&gt;new&lt;/em&gt; paper</title>
<updated>2026-11-25T01:00:00Z</updated><link rel="self" href="https://group.example/1.atom"/><link href="https://group.example/1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">It is <b>x</b> &lt; y.</div></content>
<author><name>Ada Lovelace</name><email>ada@group.example</email></author></entry></feed>"""


def read(content: bytes) -> Batch:
    found = feeds.parse(content, "feed")
    assert isinstance(found, Batch)
    check(found)
    return found


def one(content: bytes) -> Paper:
    return read(content).papers[0]


def why(found: object) -> str:
    assert isinstance(found, Problem)
    return found.message


def test_rss_2() -> None:
    found = read(RSS)
    paper = found.papers[0]
    assert paper.title == "Growth of E. coli at 5 °C & below"
    assert paper.abstract == f"{LONG}It is better."
    assert (paper.url, paper.doi) == ("https://journal.example/1", "10.1000/made.1")
    assert (paper.date, paper.published) == (date(2026, 11, 25), date(2026, 11, 25))
    assert (paper.authors, paper.keywords, paper.source) == (("Ada Lovelace",), ("Biology", "Growth"), "feed")
    assert [(one.where, one.why) for one in found.rejected] == [("feed:2", "no abstract")]


def test_rss_1() -> None:
    paper = one(RDF)
    assert (paper.title, paper.abstract, paper.url) == ("Old paper", "It is old.", "https://journal.example/3")
    assert (paper.authors, paper.date, paper.doi) == (("Paul Erdős", "Zoë Müller"), date(2026, 11, 24), "10.1000/old.3")


def test_atom() -> None:
    paper = one(ATOM)
    assert (paper.title, paper.abstract, paper.url) == ("A new paper", "It is x < y.", "https://group.example/1")
    assert (paper.authors, paper.date, paper.published) == (("Ada Lovelace",), date(2026, 11, 25), None)


def test_a_feed_has_a_name_of_its_own() -> None:
    found = feeds.parse(ATOM, "group", "feed:group")
    assert isinstance(found, Batch)
    assert found.papers[0].source == "feed:group"


def test_a_feed_of_arxiv_is_read_as_one() -> None:
    found = read(listing(listed(1), listed(2, "replace", 2)))
    assert isinstance(found, Fetched)
    [paper], [revision] = found.papers, found.revisions
    assert (paper.id, paper.date, paper.version) == ("2611.00001", date(2026, 11, 25), 1)
    assert (revision.id, paper.source) == ("2611.00002", "feed")
    assert one(search(searched(1))).date == date(2026, 11, 20)
    assert "incorrect id format" in why(feeds.parse(search(FAULT), "feed"))


@pytest.mark.parametrize(
    "wrong",
    [
        RSS.replace(b"Made-Up Journal", b"Made&ndash;Up Journal&nbsp;&copy; &unknown; &#169;"),
        RSS.replace(b"Made-Up Journal", b"Made\x0bUp\x00 Journal\x1f"),
        RSS.decode().replace('version="1.0"', 'version="1.0" encoding="iso-8859-1"', 1).encode("latin-1"),
        b"\xef\xbb\xbf" + RSS,
        RSS.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"', 1).encode("utf-16"),
    ],
)
def test_what_feeds_often_do_wrong_is_repaired(wrong: bytes) -> None:
    assert read(wrong) == read(RSS)


LAUGHS = (
    b"""<!DOCTYPE lolz [<!ENTITY lol "lol">%s]><rss><channel><item><title>&lol9;</title></item></channel></rss>"""
    % b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10 if n > 1 else b"&lol;" * 10) for n in range(1, 10)
    )
)


@pytest.mark.parametrize(
    "evil",
    [
        LAUGHS,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
        b'<!DOCTYPE a [<!ENTITY %% x SYSTEM "http://127.0.0.1:1/x.dtd"> %%x;]><rss/>'.replace(b"%%", b"%"),
        b'<!DOCTYPE a [<!ENTITY x "y">]><rss/>',
        b"<rss>" + b"<a>" * 100_000,
        b"<rss>" + b"<a/>" * 200_000,
    ],
)
def test_what_would_do_harm_is_refused(evil: bytes) -> None:
    began = time.perf_counter()
    assert why(feeds.parse(evil, "feed")) in {
        "feed: XML that declares entities, which is not read",
        "feed: XML that is too large or too deep, which is not read",
    }
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    "encoding", ["hex", "utf-7", "idna", "rot13", "shift_jis", "big5", "undefined", "zlib", "../../x", "mbcs"]
)
def test_odd_encodings(encoding: str) -> None:
    check(feeds.parse(f"<?xml version='1.0' encoding='{encoding}'?><rss/>".encode(), "feed"))


@pytest.mark.parametrize("content", [b"", b"<", PAGE, b"<svg/>", b"[]", b"<?xml version='1.0'?>"])
def test_what_is_no_feed_is_a_problem(content: bytes) -> None:
    assert why(feeds.parse(content, "feed")).startswith("feed: ")


@needs_samples
@pytest.mark.parametrize(
    "file", [one for one in recorded("arxiv_*.xml") if "oai" not in one.name], ids=lambda file: str(file.stem)
)
def test_what_was_recorded_is_read(file: Path) -> None:
    found = feeds.parse(file.read_bytes(), file.name)
    check(found, records=None if isinstance(found, Problem) else file.read_bytes().count(b"<entry>"))
    assert isinstance(found, Batch) is ("error" not in file.name)


@given(damaged(RSS) | damaged(RDF) | damaged(ATOM) | st.binary())
def test_damaged_bytes(content: bytes) -> None:
    check(feeds.parse(content, "feed"))


TAGS = st.sampled_from(
    ["item", "entry", "title", "link", "description", "author", "name", "id", "pubDate", "category", "content"]
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 1) -> str:
    tag = draw(TAGS)
    inner = draw(st.lists(elements(depth - 1) if depth else st.just("&lt;p&gt;x"), max_size=3))
    text = draw(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"]), max_size=20))
    attributes = draw(st.sampled_from(["", ' type="html"', ' href="https://a.example/"', ' term="x"', ' type="é"']))
    return f"<{tag}{attributes}>{text}{''.join(inner)}</{tag}>"


@given(st.sampled_from(["<rss><channel>{}</channel></rss>", "<feed>{}</feed>"]), st.lists(elements(), max_size=4))
def test_elements_may_stand_anywhere(frame: str, inner: list[str]) -> None:
    check(feeds.parse(frame.format("".join(inner)).encode(), "feed"))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("H<sub>2</sub>O<br/>is <a href='x'>wet</a>", "H<sub>2</sub>O is wet"),
        ("a<b and c>d, p < q &lt; r", "a<b and c>d, p < q < r"),
        ("List<String> & vector<int>", "List<String> & vector<int>"),
        ("<jats:p>JATS</jats:p> <STYLE>p{}</STYLE>says", "JATS says"),
        ("<script>unclosed", ""),
        ("<!-- a -->b<!-- unclosed", "b<!-- unclosed"),
        ("5&nbsp;&micro;m &amp; &unknown;", "5 µm & &unknown;"),
    ],
)
def test_html_as_its_reader_sees_it(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<script>", "&", "-->", "</p", "<script></script", "<a\t"])
def test_html_takes_linear_time(piece: str) -> None:
    began = time.perf_counter()
    plain(piece * (400_000 // len(piece)))
    assert time.perf_counter() - began < 20


@given(st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"])))
def test_text_without_markup_is_only_put_on_a_line(text: str) -> None:
    assert plain(text) == " ".join(text.split())


def test_names_in_a_line() -> None:
    line = "Ada Lovelace (London (UK), Dept. A), Paul Erdős), Sammy Davis, Jr., , Henry, IV, (nobody)"
    assert split_names(line) == ["Ada Lovelace", "Paul Erdős", "Sammy Davis, Jr.", "Henry, IV"]


@given(st.text())
def test_any_line_of_names(line: str) -> None:
    assert all(name.strip() for name in split_names(line))


@given(st.binary())
def test_any_bytes_as_xml(content: bytes) -> None:
    assert isinstance(tree.parse(content), (tree.Node, Problem))


async def test_a_feed_is_fetched_and_then_unchanged() -> None:
    async def answer(request: web.Request) -> web.Response:
        if "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        body, modified = (listing(listed(1), listed(2, "replace", 2)), "Wed, 25 Nov 2026 10:00:00 GMT")
        return web.Response(body=body, headers={"Last-Modified": modified})

    async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as asking:
        found = await feeds.fetch(asking, f"{site.base}/feed?x=1", source="feed:x")
        assert isinstance(found, Fetched)
        assert (len(found.papers), len(found.revisions), found.papers[0].source) == (1, 1, "feed:x")
        assert await feeds.fetch(asking, f"{site.base}/feed", known=found.validators) == Unchanged()
        assert site.asked[0].path_qs == "/feed?x=1"


async def test_a_feed_that_is_a_web_page_is_a_problem() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=PAGE, content_type="text/html")

    async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as asking:
        assert why(await feeds.fetch(asking, site.base)) == "feed: a web page, not XML"


async def test_of_a_flood_the_first_are_read_and_the_rest_is_counted() -> None:
    one = "<item><title>Paper {0}</title><link>https://x.example/{0}</link><description>Text {0}.</description></item>"
    items = "".join(map(one.format, range(3_000)))

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())

    async with serving(answer) as site, Client(private=[site.base], pace=Clock().pace()) as asking:
        feed = Feed(asking, site.base)
        found = await feed.fetch(date(2026, 3, 4), Validators())
        assert isinstance(found, Fetched)
        assert [paper.title for paper in found.papers] == [f"Paper {number}" for number in range(feeds.MOST)]
        assert [(one.where, one.why) for one in found.rejected] == [
            (f"{feed.name}:501", "2,500 more: of one answer I read 500")
        ]
        # arXiv's own lists are that long on some days.
        whole = await feeds.fetch(asking, site.base, source=feed_name("https://rss.arxiv.org/rss/cs"))
        assert isinstance(whole, Fetched)
        assert (len(whole.papers), whole.rejected) == (3_000, ())
