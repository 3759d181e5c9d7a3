"""The way out, against real servers on loopback: patient, polite, bounded, and never where it should not go."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot import __version__
from bot.core.fetched import Later, Unchanged, Validators
from bot.core.paper import Problem
from bot.http import Client, Limits, Response
from tests.unit.misbehaving import START, Clock, saying, serving

if TYPE_CHECKING:
    from tests.unit.misbehaving import Handler

SMALL = Limits(size=100_000)
SHORT = Limits(read=0.05, total=0.2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client(clock: Clock, *private: str, limits: Limits = SMALL, **pace: object) -> Client:
    return Client(private=private, limits=limits, pace=clock.pace(**pace))


async def ask(clock: Clock, url: str, limits: Limits = SMALL) -> Response | Unchanged | Problem:
    async with client(clock, url, limits=limits) as asking:
        return await asking.get(url)


def message(found: object) -> str:
    assert isinstance(found, Problem), found
    return found.message


async def hello(request: web.Request) -> web.Response:
    return web.Response(body=b"hello")


async def test_an_answer_comes_whole_and_the_server_knows_who_asks(clock: Clock) -> None:
    async with serving(hello) as site:
        found = await ask(clock, f"{site.base}/a?b=c+d")
    assert found == Response(200, b"hello")
    [request] = site.asked
    assert request.raw_path == "/a?b=c+d"
    assert request.headers["User-Agent"].startswith(f"Colloquium/{__version__} ")
    assert clock.slept == []


async def test_bodies_packed_by_gzip_are_unpacked(clock: Clock) -> None:
    async def packed(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "gzip"
        body = gzip.compress(b"first ") + gzip.compress(b"second")
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with serving(packed) as site:
        assert await ask(clock, site.base) == Response(200, b"first second")


@pytest.mark.parametrize(("packing", "body"), [("br", b"\x0b\x02\x80abc\x03"), ("deflate", zlib.compress(b"a"))])
async def test_a_packing_that_was_not_asked_for_is_a_problem(clock: Clock, packing: str, body: bytes) -> None:
    async def packed(request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": packing})

    async with serving(packed) as site:
        assert "not asked for" in message(await ask(clock, site.base))


async def test_a_gigantic_body_ends_at_the_limit(clock: Clock) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)
            sent += 65_536

    async with serving(endless) as site, client(clock, site.base, limits=Limits(size=1_000_000)) as asking:
        assert message(await asking.get(site.base)) == f"127.0.0.1:{site.port} sent more than 0.954 MiB"
    assert len(site.asked) == 1  # asking again would bring no less
    assert sent < 20_000_000


@pytest.mark.parametrize("layers", [1, 5_000])
async def test_a_gzip_bomb_goes_off_at_the_limit(clock: Clock, layers: int) -> None:
    bomb = gzip.compress(b"\0" * (40_000_000 // layers)) * layers

    async def packed(request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async with serving(packed) as site:
        assert "sent more than" in message(await ask(clock, site.base))
    assert len(site.asked) == 1


async def slow_headers(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def slow_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"a")
    await asyncio.sleep(30)
    return response


async def trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"a")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("handler", [slow_headers, slow_body, trickle])
async def test_who_is_too_slow_is_asked_again_and_then_left(clock: Clock, handler: Handler) -> None:
    async with serving(handler) as site:
        assert message(await ask(clock, site.base, SHORT)) == f"127.0.0.1:{site.port} took too long"
    assert len(site.asked) == 3
    assert clock.slept == [2.0, 4.0]  # doubling; the wait between requests is within


HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "short body": HEAD + b"Content-Length: 100\r\n\r\nabc",
    "cut chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "no last chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "no chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "odd length": HEAD + b"Content-Length: -5\r\n\r\nabc",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
    "endless header": HEAD + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    "odd status": b"HTTP/1.1 99999 What\r\n\r\n",
    "cut gzip": HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 99)[:-12],
    "no gzip": HEAD + b"Content-Encoding: gzip\r\n\r\nhello",
    "empty gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_broken_answers_are_a_problem_and_the_next_may_be_whole(clock: Clock, broken: bytes) -> None:
    async with saying(broken) as site:
        said = message(await ask(clock, site.base))
    assert said == f"127.0.0.1:{site.port} broke off, or sent what cannot be read"
    async with saying(broken, HEAD + b"Content-Length: 5\r\n\r\nhello") as site:
        assert await ask(clock, site.base) == Response(200, b"hello")


async def test_nobody_at_home(clock: Clock) -> None:
    async with serving(hello) as site:
        pass
    assert message(await ask(clock, site.base)) == f"127.0.0.1:{site.port} cannot be reached"


async def test_a_name_that_does_not_exist(clock: Clock) -> None:
    assert message(await ask(clock, "http://nowhere.invalid/x?key=secret")) == "nowhere.invalid is not found (DNS)"


async def test_a_host_with_markup_in_its_name_is_not_named(clock: Clock) -> None:
    assert message(await ask(clock, "http://*a*_b_.invalid/")).startswith("the address ")


async def test_tls_that_is_none(clock: Clock) -> None:
    async with serving(hello) as site:
        secure = site.base.replace("http:", "https:")
        assert message(await ask(clock, secure)) == f"127.0.0.1:{site.port} does not prove who it is (TLS)"
    assert clock.slept == []


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.org/a", "file:///etc/passwd", "//example.org", "http://", "http://a:99999/", "http://[", "a",
     "http://user:secret@", "http://exa mple.org/", "http://" + "a" * 300 + ".org/", "http://.org/", "http://\0/"],
)  # fmt: skip
async def test_what_is_no_address_is_a_problem_without_its_secrets(clock: Clock, url: str) -> None:
    assert "secret" not in message(await ask(clock, url))


async def failing(request: web.Request) -> web.Response:
    return web.Response(status=int(request.path[1:]), text="Traceback: key=secret")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_failures_of_the_moment_are_tried_again(clock: Clock, status: int) -> None:
    async with serving(failing) as site:
        said = message(await ask(clock, f"{site.base}/{status}"))
    assert said == f"127.0.0.1:{site.port} answered with HTTP {status}"
    assert len(site.asked) == 3


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 401, 403, 404, 410, 501])
async def test_other_answers_are_a_problem_at_once(clock: Clock, status: int) -> None:
    async with serving(failing) as site:
        assert message(await ask(clock, f"{site.base}/{status}")).endswith(f"answered with HTTP {status}")
    assert len(site.asked) == 1


async def test_a_status_that_the_caller_understands_is_an_answer(clock: Clock) -> None:
    async with serving(failing) as site, client(clock, site.base) as asking:
        assert await asking.get(f"{site.base}/400", accept={400}) == Response(400, b"Traceback: key=secret")


async def test_a_server_that_recovers_is_waited_for(clock: Clock) -> None:
    async def recovering(request: web.Request) -> web.Response:
        return web.Response(status=200 if len(site.asked) > 2 else 500, text="well again")

    async with serving(recovering) as site:
        assert await ask(clock, site.base) == Response(200, b"well again")
    assert clock.slept == [2.0, 4.0]


def crowded(**headers: str) -> web.Response:
    return web.Response(status=429, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds_is_obeyed(clock: Clock, status: int) -> None:
    async def once(request: web.Request) -> web.Response:
        if len(site.asked) == 1:
            return web.Response(status=status, headers={"Retry-After": "17"})
        return web.Response(text="welcome")

    async with serving(once) as site:
        assert await ask(clock, site.base) == Response(200, b"welcome")
    assert clock.slept == [17.0]


async def test_retry_after_as_a_date_is_read_by_the_servers_own_clock(clock: Clock) -> None:
    theirs = START - timedelta(days=3)  # a server whose clock is three days slow

    async def once(request: web.Request) -> web.Response:
        if len(site.asked) == 1:
            until = format_datetime(theirs + timedelta(seconds=40), usegmt=True)
            return crowded(Retry_After=until, Date=format_datetime(theirs, usegmt=True))
        return web.Response(text="welcome")

    async with serving(once) as site:
        assert await ask(clock, site.base) == Response(200, b"welcome")
    assert clock.slept == [40.0]


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ("7200", "2026-11-25 14:00"),
        ("9" * 400, "2026-12-25 12:00"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "2026-12-25 12:00"),
    ],
)
async def test_retry_after_in_hours_ends_the_request_and_says_when(clock: Clock, asked: str, until: str) -> None:
    async def busy(request: web.Request) -> web.Response:
        return crowded(Retry_After=asked)

    async with serving(busy) as site, client(clock, site.base) as asking:
        found = await asking.get(site.base)
        assert isinstance(found, Later)
        assert message(found).endswith(f"answered with HTTP 429 and asks to be left in peace until {until} UTC")
        assert f"{found.until:%Y-%m-%d %H:%M}" == until
        again = await asking.get(site.base)
        assert isinstance(again, Later)
        assert until in again.message
        assert len(site.asked) == 1  # it was not asked again
        clock.passed = 40 * 86_400
        assert isinstance(await asking.get(site.base), Later)
        assert len(site.asked) == 2
    assert clock.slept == []


@pytest.mark.parametrize("said", ["soon", "", "-5", "Fri, 99 Foo 2026", "1e9"])
async def test_a_crowded_host_that_names_no_time_is_left_in_peace_for_an_hour(clock: Clock, said: str) -> None:
    async def busy(request: web.Request) -> web.Response:
        return crowded(Retry_After=said)

    async with serving(busy) as site:
        found = await ask(clock, site.base)
    assert isinstance(found, Later)
    assert found.until == clock.now() + timedelta(hours=1)
    # The hour is the bot's own rule: the host asked for none.
    until = f"{found.until:%Y-%m-%d %H:%M}"
    assert found.message.endswith(f"answered with HTTP 429 each time; I leave it in peace until {until} UTC")
    assert (len(site.asked), clock.slept) == (3, [2.0, 4.0])


async def moving(request: web.Request) -> web.StreamResponse:
    """Redirect to the address in the query, or count down along the path."""
    if target := request.query.get("to"):
        raise web.HTTPFound(target)
    left = int(request.path[1:] or 0)
    return web.Response(status=301, headers={"Location": f"/{left - 1}"}) if left else web.Response(body=b"there")


async def test_redirects_are_followed_five_times(clock: Clock) -> None:
    async with serving(moving) as site:
        assert await ask(clock, f"{site.base}/5") == Response(200, b"there")
        assert message(await ask(clock, f"{site.base}/6")).endswith("redirects more than 5 times")


async def test_a_redirect_loop_ends(clock: Clock) -> None:
    async def around(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(str(request.rel_url))

    async with serving(around) as site:
        assert message(await ask(clock, f"{site.base}/x")) == f"127.0.0.1:{site.port} redirects more than 5 times"
    assert len(site.asked) == 6


PRIVATE = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://0.0.0.0:{port}/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/", "http://[fd00::1]/", "http://100.64.0.1/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://2130706433:{port}/", "http://127.1:{port}/", "http://0x7f000001:{port}/", "//127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/", "http://user:secret@127.0.0.1:{port}/",
)  # fmt: skip


@pytest.mark.parametrize("target", PRIVATE)
async def test_redirects_into_private_networks_are_refused(clock: Clock, target: str) -> None:
    async with serving(hello) as inner, serving(moving) as outer, client(clock, outer.base) as asking:
        found = await asking.get(f"{outer.base}/?to={target.format(port=inner.port)}")
        assert "secret" not in message(found)
        if "127.1" not in target and "2130706433" not in target and "0x7f" not in target:
            assert message(found).endswith("points to a private address, which is not asked")
    assert (len(outer.asked), inner.asked) == (1, [])
    assert clock.slept == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "http://[", "http://\\"]
)
async def test_redirects_to_what_is_not_the_web_are_refused(clock: Clock, target: str) -> None:
    answer = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
    async with saying(answer) as site:
        assert "passwd" not in message(await ask(clock, site.base))


async def test_without_a_word_from_the_operator_loopback_is_private_too(clock: Clock) -> None:
    async with serving(hello) as site, client(clock) as asking:
        for url in (site.base, site.base.replace("127.0.0.1", "localhost")):
            assert message(await asking.get(url)).endswith("points to a private address, which is not asked")
    assert site.asked == []


async def test_the_operators_own_address_may_redirect_to_itself_only(clock: Clock) -> None:
    async with serving(moving) as site:
        assert await ask(clock, f"{site.base}/?to={site.base}/0") == Response(200, b"there")
        async with serving(hello) as other, client(clock, site.base, other.base) as asking:
            refused = f"127.0.0.1:{other.port} points to a private address, which is not asked"
            assert message(await asking.get(f"{site.base}/?to={other.base}/admin/delete")) == refused
            # Nor by way of itself.
            assert message(await asking.get(f"{site.base}/?to={site.base}/?to={other.base}/admin")) == refused
            assert other.asked == []
            assert await asking.get(other.base) == Response(200, b"hello")


async def test_who_was_sent_away_comes_back_to_no_private_address(clock: Clock) -> None:
    async with serving(moving) as site, serving(moving) as other, client(clock, site.base, other.base) as asking:
        named = other.base.replace("127.0.0.1", "localhost")
        found = await asking.get(f"{site.base}/?to={named}/?to={site.base}/0")
        assert message(found) == f"localhost:{other.port} points to a private address, which is not asked"
    assert (len(site.asked), other.asked) == (1, [])


async def test_conditional_requests(clock: Clock) -> None:
    modified = "Wed, 25 Nov 2026 10:00:00 GMT"

    async def tagged(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"v1"' and request.headers.get("If-Modified-Since") == modified:
            return web.Response(status=304)
        return web.Response(body=b"new", headers={"ETag": '"v1"', "Last-Modified": modified})

    async with serving(tagged) as site, client(clock, site.base) as asking:
        first = await asking.get(site.base)
        assert first == Response(200, b"new", Validators('"v1"', modified))
        assert await asking.get(site.base, known=first.validators) == Unchanged()
        assert await asking.get(site.base, known=Validators('"v0"')) == first


@pytest.mark.parametrize("etag", ["a" * 2_000, "é", "a\tb"])
async def test_validators_that_are_not_fit_to_be_sent_back_are_dropped(clock: Clock, etag: str) -> None:
    async with saying(HEAD + f"ETag: {etag}\r\nContent-Length: 0\r\n\r\n".encode()) as site:
        assert await ask(clock, site.base) == Response(200, b"")


async def test_validators_with_a_line_break_split_no_request(clock: Clock) -> None:
    async with serving(hello) as site, client(clock, site.base) as asking:
        assert isinstance(await asking.get(site.base, known=Validators("a\r\nX-Evil: 1")), Problem)
    assert site.asked == []


async def test_a_host_is_asked_by_one_at_a_time_and_slowly(clock: Clock) -> None:
    async def working(request: web.Request) -> web.Response:
        await asyncio.sleep(0.005)
        return web.Response(text=request.path)

    async with serving(working) as site, serving(working) as other, client(clock, site.base, other.base) as asking:
        urls = [f"{site.base}/{number}" for number in range(5)]
        found = await asyncio.gather(*map(asking.get, urls), asking.get(f"{other.base}/other"))
    assert [answer.content for answer in found if isinstance(answer, Response)] == [
        b"/0",
        b"/1",
        b"/2",
        b"/3",
        b"/4",
        b"/other",
    ]
    assert site.most_at_once == 1
    assert clock.slept == [1.0] * 4


async def test_the_hosts_of_a_slow_domain_share_its_pace(clock: Clock) -> None:
    async with serving(hello) as site:
        name = site.base.replace("127.0.0.1", "localhost")
        async with client(clock, site.base, name, slow={"localhost": 3.0}) as asking:
            for url in (name, site.base, name, name):
                assert isinstance(await asking.get(url), Response)
    assert clock.slept == [3.0, 3.0]


async def test_arxiv_is_asked_every_three_seconds(clock: Clock) -> None:
    pace = clock.pace()
    assert pace.slow["arxiv.org"] == 3.0
    async with client(clock) as asking:
        assert asking._lanes.of("rss.arxiv.org", 443) is asking._lanes.of("export.arxiv.org", 80)
        assert asking._lanes.of("notarxiv.org", 443) is not asking._lanes.of("arxiv.org", 443)


async def test_who_stops_waiting_leaves_the_way_free(clock: Clock) -> None:
    async with serving(slow_headers) as site, client(clock, site.base, limits=Limits()) as asking:
        waiting = asyncio.create_task(asking.get(site.base))
        await site.reached.wait()
        queued = asyncio.create_task(asking.get(site.base))
        for task in (waiting, queued):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asking.get(site.base)
    assert len(site.asked) == 2


async def test_a_client_that_is_closed_says_so(clock: Clock) -> None:
    async with serving(hello) as site:
        asking = client(clock, site.base)
        assert message(await asking.get(site.base)) == "the client is closed"
        async with asking:
            assert isinstance(await asking.get(site.base), Response)
        assert message(await asking.get(site.base)) == "the client is closed"


async def test_a_login_in_the_operators_address_is_sent_and_never_told(clock: Clock) -> None:
    async with serving(hello) as site:
        mine = site.base.replace("//", "//me:secret@")
        assert isinstance(await ask(clock, mine), Response)
        assert site.asked[0].headers["Authorization"].startswith("Basic ")
    assert message(await ask(clock, mine)) == f"127.0.0.1:{site.port} cannot be reached"
