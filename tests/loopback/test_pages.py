"""`/healthz` and `/metrics` of the unmodified bot, and that they end with it."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import web
from tests.loopback.edges import Edge
from tests.loopback.process import BotProcess, running, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

QUERY = [{"type": 3, "name": "query", "value": "very-private-words layer"}]
QUICK = {"COLLOQUIUM_HTTP": "0", "LOOPBACK_BEAT": "0.1", "LOOPBACK_BACKOFF": "0.5"}


async def address(bot: BotProcess) -> str:
    """Return where the pages are, once they are there."""
    await until(lambda: "pages open" in bot.text(), bot=bot)
    found = re.search(r"pages open at=127\.0\.0\.1 port=(\d+)", bot.text())
    assert found
    return f"http://127.0.0.1:{found[1]}"


async def healthz(session: aiohttp.ClientSession, base: str) -> tuple[int, dict[str, Any]]:
    async with session.get(f"{base}/healthz") as answer:
        return answer.status, await answer.json()


async def text(session: aiohttp.ClientSession, base: str) -> str:
    async with session.get(f"{base}/metrics") as answer:
        assert answer.status == 200
        return await answer.text()


async def shows(session: aiohttp.ClientSession, base: str, line: str, within: float = 20.0) -> str:
    """Wait until a line is among the metrics, and return all of them."""
    async with asyncio.timeout(within):
        while True:
            shown = await text(session, base)
            if line in shown.splitlines():
                return shown
            await asyncio.sleep(0.05)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


async def test_the_pages_tell_how_the_bot_is_and_end_with_it(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    server = DiscordServer()
    channel = server.channel(server.guild())
    async with serve(server), running(server, tmp_path / "data", **QUICK) as bot:
        base = await address(bot)
        await shows(session, base, "colloquium_healthy 1.0")
        assert await healthz(session, base) == (200, {"healthy": True, "problem": None, "problems": []})
        server.slash(channel, "search", QUERY)
        shown = await shows(session, base, 'colloquium_commands_total{command="search",outcome="answered"} 1.0')
        assert 'colloquium_first_reply_seconds_count{command="search"} 1.0' in shown
        message = next(iter(server.backend.messages[channel.id].values()))
        forged = json.dumps(message.components).replace("do:abstract:", "do:forged:")
        message.components = json.loads(forged)
        server.press(message, re.findall(r"do:forged:[\w-]+", forged)[0])
        await shows(session, base, 'colloquium_commands_total{command="button unknown",outcome="answered"} 1.0')
        late = {"code": 10062, "message": "Unknown interaction"}
        server.rest.edges.add(Edge("POST", "/interactions/*", "status", status=404, body=late))
        server.slash(channel, "about")
        shown = await shows(session, base, 'colloquium_commands_total{command="about",outcome="late"} 1.0')
        assert 'colloquium_first_reply_seconds_count{command="about"}' not in shown
        for line in ('colloquium_shard_up{shard="0"} 1.0', 'colloquium_shard_guilds{shard="0"} 1.0'):
            assert line in shown
        assert "colloquium_papers 56.0" in shown
        # No word of anybody's, and no id.
        assert "private" not in shown
        assert not re.search(r"\d{15}", re.sub(r"\d+\.\d+(?:e[+-]?\d+)?", "", shown))
        server.gateway.away = {0}
        await server.gateway.drop()
        await shows(session, base, "colloquium_healthy 0.0")
        status, said = await healthz(session, base)
        assert (status, said["problem"]) == (503, "the bot is not connected to Discord")
        for path in ("/", "/metrics/x", "/../etc/passwd"):
            assert (await session.get(base + path)).status == 404
        assert (await session.post(f"{base}/healthz", data=b"x" * 10_000)).status == 405
        # A caller that stays connected does not hold the bot up.
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
        began = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - began < 5
        writer.close()


async def test_before_discord_answers_health_says_so(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    server = DiscordServer()
    server.rest.edges.add(Edge("GET", "*", "hang", times=99))
    async with serve(server):
        bot = await start(server, tmp_path / "data", **QUICK)
        try:
            status, said = await healthz(session, await address(bot))
            assert (status, said["problem"]) == (503, "the bot is not yet connected to Discord")
        finally:
            assert await bot.stop() == 0


async def test_a_port_that_is_taken_is_one_line_and_exit_2(tmp_path: Path) -> None:
    server = DiscordServer()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with serve(server):
            bot = await start(server, tmp_path / "data", COLLOQUIUM_HTTP=str(port))
            assert await asyncio.wait_for(bot.process.wait(), 60) == 2
    told = [line for line in bot.text().splitlines() if line.startswith("colloquium: ")]
    assert told == [f"colloquium: COLLOQUIUM_HTTP: port {port} of 127.0.0.1 cannot be had: address already in use"]
    assert "Traceback" not in bot.text()


def open_files(bot: BotProcess) -> int:
    return len(list(Path(f"/proc/{bot.pid}/fd").iterdir()))


async def test_connections_that_say_nothing_take_nobody_down(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    server = DiscordServer()
    channel = server.channel(server.guild())
    async with serve(server), running(server, tmp_path / "data", **QUICK) as bot:
        base = await address(bot)
        await shows(session, base, "colloquium_healthy 1.0")
        files = open_files(bot)
        resource.prlimit(bot.pid, resource.RLIMIT_NOFILE, (256, 256))
        flood = [await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2])) for _ in range(400)]
        for _, writer in flood[::2]:
            writer.write(b"GET /metrics HTTP/1.1\r\nX: ")
        await asyncio.sleep(0.5)
        assert open_files(bot) <= files + web.MOST
        server.slash(channel, "search", QUERY)
        await shows(session, base, 'colloquium_commands_total{command="search",outcome="answered"} 1.0')
        assert (await healthz(session, base))[0] == 200
        assert "Too many open files" not in bot.text()
        assert len(bot.text()) < 20_000
        for _, writer in flood:
            writer.close()


async def test_a_connection_lasts_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def page(_accept: str) -> tuple[bytes, str]:
        return b"x 1", "text/plain"

    monkeypatch.setattr(web, "PATIENCE", 0.1)
    async with web.serving(("127.0.0.1", 0), list, page) as port:
        for said in (b"", b"GET /metrics HTTP/1.1\r\nX: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            with suppress(ConnectionError):
                async with asyncio.timeout(5):
                    assert await reader.read() == b""
            writer.close()
