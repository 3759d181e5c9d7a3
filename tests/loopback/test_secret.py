"""The token of a running bot: in no log, no message, no file, no core dump; nor is what people write in the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.loopback.edges import Edge
from tests.loopback.process import running, start, until
from tests.loopback.server import TOKEN, DiscordServer, serve

if TYPE_CHECKING:
    from simcord.backend.models import Channel

PARTS = TOKEN.split(".")
TYPED = "xylophone7"
LONG = 12
"""Characters of a token's part that are no ordinary word's."""


def secret(text: str) -> list[str]:
    """Return the parts of the token that a text holds."""
    return [part for part in (TOKEN, *PARTS) if len(part) >= LONG and part in text]


def shown(server: DiscordServer, channel: Channel) -> str:
    return str([vars(message) for message in server.backend.messages.get(channel.id, {}).values()])


def kept(folder: Path) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file())


def largest_core(process: int) -> list[str]:
    """Return the limits of a process's core file, soft and hard; ["1", "1"] where the system does not tell."""
    file = Path(f"/proc/{process}/limits")
    lines = file.read_text().splitlines() if file.exists() else ["Max core file size 1 1"]
    return next(line.split()[4:6] for line in lines if line.startswith("Max core file size"))


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_most_talkative_log_tells_neither_the_token_nor_what_people_write(tmp_path: Path, form: str) -> None:
    server = DiscordServer()
    channel = server.channel(server.guild())
    talkative = {"COLLOQUIUM_LOG_LEVEL": "DEBUG", "COLLOQUIUM_LOG_FORMAT": form, "COLLOQUIUM_LLM_KEY": PARTS[2]}
    async with serve(server), running(server, tmp_path / "data", **talkative) as bot:
        server.rest.edges.add(Edge("POST", "/interactions/*", "status", times=1, status=400, body={"message": TYPED}))
        query = [{"type": 3, "name": "query", "value": TYPED}]
        failed = server.slash(channel, "search", query)
        await until(lambda: "failed reference=" in bot.text(), bot=bot)
        asked = [server.slash(channel, name) for name in ("about", "help", "doctor")] + [
            server.slash(channel, "search", query)
        ]
        await until(lambda: set(asked) <= set(server.rest.acknowledged), bot=bot)
        assert largest_core(bot.pid) in (["0", "0"], ["1", "1"])
        assert await bot.stop() == 0
    assert failed
    assert secret(bot.text()) == []
    assert secret(shown(server, channel)) == []
    assert secret(kept(tmp_path / "data")) == []
    told = [line for line in bot.text().splitlines() if TYPED in line]
    assert all("HTTPException" in line for line in told)  # what Discord itself said of its refusal


async def test_a_token_that_discord_refuses_is_not_repeated(tmp_path: Path) -> None:
    server = DiscordServer()
    async with serve(server):
        body: dict[str, object] = {"message": "401: Unauthorized", "code": 0}
        server.rest.edges.add(Edge("GET", "/users/@me", "status", times=9, status=401, body=body))
        bot = await start(server, tmp_path / "data", "run")
        assert await bot.process.wait() == 2
    assert "colloquium: Discord refused the token: reset it on the application's Bot page" in bot.text()
    assert "Traceback" not in bot.text()
    assert secret(bot.text()) == []
