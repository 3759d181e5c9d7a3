"""The way out: every request to a source goes through one client that is patient, polite and trusts nobody.

No exception leaves it. What can be wrong with a request, an answer or a network is a Problem in words of its own,
which name the host and never an address with what may stand in it, nor anything that the other side said.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin

import aiohttp

from bot import __version__
from bot.core.addresses import is_public, origin
from bot.core.fetched import Down, Later, Unchanged, Validators
from bot.core.paper import Problem
from bot.core.unpacking import Gunzip, Plain, TooLargeError
from bot.core.waiting import http_date, retry_after
from bot.pace import Lane, Lanes, Pace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from types import TracebackType

USER_AGENT: Final = f"Colloquium/{__version__} (a self-hosted Discord assistant for research papers; aiohttp)"

_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Answers that may be another one a little later."""
_MAX_VALIDATOR: Final = 1_000
_HOST: Final = re.compile(r"[a-z0-9.:-]{1,100}")
_NOTHING: Final = Validators()
_FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError, ValueError, EOFError)
_REASONS: Final = (
    (aiohttp.InvalidURL, "is no address to ask", False),
    (aiohttp.ClientSSLError, "does not prove who it is (TLS)", False),
    (TimeoutError, "took too long", True),
    (aiohttp.ClientConnectorDNSError, "is not found (DNS)", True),
    (aiohttp.ClientConnectorError, "cannot be reached", True),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is put up with: seconds to connect, between two reads, in all for one attempt; bytes; redirects.

    `size` is for the body both as sent and unpacked. arXiv's longest lists and a hundred papers of Hugging Face's
    are some 4 MB.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 16 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that came whole. `content` is unpacked."""

    status: int
    content: bytes
    validators: Validators = _NOTHING


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked; `inside` where the operator's own word leads, which alone may be a private address."""

    url: str
    known: Validators
    accept: Collection[int]
    inside: bool


@dataclass(frozen=True, slots=True)
class _Moved:
    to: str


@dataclass(frozen=True, slots=True)
class _Passing:
    """A failure that may pass; `wait` is what the host asked for, in seconds, `lane` the way to it."""

    why: str
    lane: Lane
    wait: float | None = None
    crowded: bool = False


class _PrivateError(OSError):
    """The address is not public."""


class Client:
    """Asks by HTTP. Use it as an async context manager.

    `private` are the base URLs that the operator wrote down: only they may point into a private network, and
    only at their own scheme, host and port, when they are asked themselves or redirect to themselves. Every other
    address is checked when a connection is made, whatever name or redirect led there.
    """

    def __init__(self, *, private: Iterable[str] = (), limits: Limits | None = None, pace: Pace | None = None) -> None:
        self._private = frozenset(filter(None, map(origin, private)))
        self._limits = limits or Limits()
        self._pace = pace or Pace()
        self._lanes = Lanes(self._pace)
        self._outside: aiohttp.ClientSession | None = None
        self._inside: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._outside = self._session(_public_socket)
        self._inside = self._session(_any_socket)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._outside, self._inside):
            if session is not None:
                await session.close()
        self._outside = self._inside = None

    async def get(
        self, url: str, *, known: Validators = _NOTHING, accept: Collection[int] = ()
    ) -> Response | Unchanged | Problem:
        """Return the answer to a GET: status 200, or one of `accept`.

        With `known`, what the server said with an earlier answer, it may be Unchanged. Failures that may pass
        are tried again; Down says that it is the host that fails, Later when it may be asked again. Takes
        `Limits.total` and the waits between for each attempt, and as long as others' requests to the same host:
        a caller in a hurry sets a timeout.
        """
        question = _Question(url, known, frozenset(accept), inside=origin(url) in self._private)
        failures = 0
        while True:
            found = await self._follow(question)
            if not isinstance(found, _Passing):
                return found
            wait = self._pace.wait(failures) if found.wait is None else found.wait
            failures += 1
            if wait > self._pace.longest_wait:
                return _asked_to_wait(found, wait)
            found.lane.rest(wait)
            if failures >= self._pace.attempts:
                crowded = found.crowded and self._pace.penalty
                return _left_alone(found, self._pace.penalty) if crowded else Down(found.why)

    async def _follow(self, question: _Question) -> Response | Unchanged | Problem | _Passing:
        """Ask, and go where the answers point."""
        step = question
        for _ in range(self._limits.redirects + 1):
            found = await self._ask(step)
            if not isinstance(found, _Moved):
                return found
            # What one of the operator's addresses may reach is no other one's to ask there.
            step = replace(step, url=found.to, inside=step.inside and origin(found.to) == origin(step.url))
        return Problem(f"{_name(question.url)} redirects more than {self._limits.redirects} times")

    async def _ask(self, question: _Question) -> Response | Unchanged | Problem | _Moved | _Passing:
        """Take a turn at the host's lane and make one request."""
        place = origin(question.url)
        if place is None:
            return Problem("an address is not http:// or https://")
        session = self._inside if question.inside else self._outside
        if session is None:
            return Problem("the client is closed")
        host = _name(question.url)
        lane = self._lanes.of(place[1], place[2])
        async with lane.turn() as closed_until:
            if closed_until is not None:
                return Later(f"{host} is left in peace until {closed_until:%Y-%m-%d %H:%M} UTC", closed_until)
            try:
                headers = _headers(question.known)
                async with session.get(question.url, headers=headers, allow_redirects=False) as response:
                    return await self._read(response, question, lane)
            except _FAILURES as error:
                why, passing = _reason(error)
        # Outside the handler: the error, with its request and all that it knows, hangs on to nothing.
        return _Passing(f"{host} {why}", lane) if passing else Down(f"{host} {why}")

    async def _read(
        self, response: aiohttp.ClientResponse, question: _Question, lane: Lane
    ) -> Response | Unchanged | Problem | _Moved | _Passing:
        status, host = response.status, _name(question.url)
        if status == 304 and question.known != _NOTHING:  # noqa: PLR2004 - Not Modified
            return Unchanged()
        if status in _MOVED and (target := response.headers.get("Location")):
            return _Moved(urljoin(str(response.url), target.strip()))
        if status == 200 or status in question.accept:  # noqa: PLR2004 - OK
            return await self._whole(response, host)
        why = f"{host} answered with HTTP {status}"
        if status in _PASSING:
            return _Passing(why, lane, self._wait(response), crowded=status == 429)  # noqa: PLR2004 - Too Many Requests
        return Problem(why)

    async def _whole(self, response: aiohttp.ClientResponse, host: str) -> Response | Problem:
        """Read the body. Raises ValueError where it cannot be unpacked."""
        body = _unpacker(response, self._limits.size)
        if body is None:
            return Problem(f"{host} sent its answer packed in a way that was not asked for")
        try:
            async for data in response.content.iter_chunked(65_536):
                body.feed(data)
        except TooLargeError:
            return Problem(f"{host} sent more than {self._limits.size / 2**20:.3g} MiB")
        said = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
        return Response(response.status, body.finish(), said)

    def _wait(self, response: aiohttp.ClientResponse) -> float | None:
        """Return the seconds that the host asks to wait. Its own clock counts: it may differ from ours."""
        sent = http_date(response.headers.get("Date", ""), self._pace.now())
        return retry_after(response.headers.get("Retry-After", ""), sent)

    def _session(self, factory: aiohttp.SocketFactoryType) -> aiohttp.ClientSession:
        limits = self._limits
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit_per_host=1, socket_factory=factory),
            timeout=aiohttp.ClientTimeout(
                total=limits.total, sock_connect=limits.connect, sock_read=limits.read, connect=None
            ),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # bounded unpacking is done here
        )


def _asked_to_wait(failure: _Passing, seconds: float) -> Later:
    until = failure.lane.close(seconds)
    return Later(f"{failure.why} and asks to be left in peace until {until:%Y-%m-%d %H:%M} UTC", until)


def _left_alone(failure: _Passing, seconds: float) -> Later:
    """Give a crowded host more time than it asked for: it is the bot's own rule, and said to be."""
    until = failure.lane.close(seconds)
    return Later(f"{failure.why} each time; I leave it in peace until {until:%Y-%m-%d %H:%M} UTC", until)


def _public_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """Open the socket for a connection, the last moment to see where it really goes."""
    if not is_public(str(info[4][0])):
        raise _PrivateError("not public")
    return _any_socket(info)


def _any_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    return socket.socket(info[0], info[1], info[2])


def _headers(known: Validators) -> dict[str, str]:
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in headers.items() if value}


def _header(response: aiohttp.ClientResponse, name: str) -> str:
    """Return a header that is to be sent back one day, or "" if it is not fit to be."""
    value = response.headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= _MAX_VALIDATOR else ""


def _name(url: str) -> str:
    """Return host and unusual port of a URL: all that a message may say of it."""
    place = origin(url)
    if place is None or not _HOST.fullmatch(place[1]):
        return "the address"
    scheme, host, port = place
    return host if (scheme, port) in {("http", 80), ("https", 443)} else f"{host}:{port}"


def _unpacker(response: aiohttp.ClientResponse, limit: int) -> Plain | Gunzip | None:
    """Return what takes the body, or None where it is packed in a way that nobody asked for."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing in {"gzip", "x-gzip"}:
        return Gunzip(limit)
    return Plain(limit) if packing in {"", "identity"} else None


def _reason(error: Exception) -> tuple[str, bool]:
    """Return why a request failed, to stand after the host's name, and whether that may pass."""
    if isinstance(getattr(error, "os_error", error), _PrivateError):
        return "points to a private address, which is not asked", False
    found = ((why, passing) for kinds, why, passing in _REASONS if isinstance(error, kinds))
    return next(found, ("broke off, or sent what cannot be read", True))
