"""Work that takes longer than Discord waits: acknowledged by itself, and answered when it is done."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.ui import client
from tests.loopback.edges import Edge
from tests.loopback.process import BotProcess, running, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from simcord.backend.models import Channel, Message

PATIENCE = 3.0
"""Seconds that Discord waits for the first answer."""
PAPER = "music-source-separation-in-the-waveform-domain"


class World:
    """A server, a channel, a bot in it, and its database."""

    def __init__(self, server: DiscordServer, channel: Channel, bot: BotProcess, data: Path) -> None:
        self.server, self.channel, self.bot = server, channel, bot
        self.database = data / "colloquium.db"

    def ask(self, command: str, **options: str) -> int:
        given = [{"type": 3, "name": name, "value": value} for name, value in options.items()]
        return self.server.slash(self.channel, command, given)

    async def answered(self, command: str, **options: str) -> Message:
        """Ask and return the message that answers."""
        asked = self.ask(command, **options)
        await until(lambda: self.text(asked), bot=self.bot)
        return self.message(asked)

    def message(self, asked: int) -> Message:
        """Return the message that answers: of its own, so not the one whose button was pressed."""
        return self._messages(asked)[0]

    def _messages(self, asked: int) -> list[Message]:
        record = self.server.backend.interactions[asked]
        here = self.server.backend.messages.get(self.channel.id, {})
        keys = [key for key in (record.message_id, *record.followup_ids) if key != record.source_message_id]
        return [here[key] for key in keys if key in here]

    def text(self, asked: int) -> str:
        """Return what was answered; nothing while it is only acknowledged."""
        return "".join(json.dumps(one.components) for one in self._messages(asked) if one.components)

    async def acknowledged(self, asked: list[int]) -> list[float]:
        """Wait until each is acknowledged and return the seconds that it took."""
        rest = self.server.rest
        await until(lambda: all(one in rest.acknowledged for one in asked), 10, self.bot)
        return [rest.acknowledged[one] - rest.asked[one] for one in asked]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the database as another process would that is writing much."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    server = DiscordServer()
    channel = server.channel(server.guild())
    async with serve(server), running(server, tmp_path / "data") as bot:
        yield World(server, channel, bot, tmp_path / "data")


def control(message: Message, verb: str) -> str:
    """Return the custom id of a message's last button for a verb."""

    def walk(found: Any) -> Iterator[str]:
        for value in found.values() if isinstance(found, dict) else found:
            if isinstance(value, str) and value.startswith(f"do:{verb}:"):
                yield value
            elif isinstance(value, dict | list):
                yield from walk(value)

    return list(walk(message.components))[-1]


async def test_slow_work_is_acknowledged_in_time_and_answered_when_it_is_done(world: World) -> None:
    results = await world.answered("search", query="network")
    asked = await world.answered("ask", question="How many languages does the GPipe translation corpus span?")
    first_page = json.dumps(results.components)
    with world.locked():
        # The search writes, so it waits for the lock, and what is read waits for the search.
        search = world.ask("search", query="music source separation")
        commands = [search, world.ask("about"), world.ask("paper", title=PAPER)]
        page = world.server.press(results, control(results, "page"))
        abstract = world.server.press(results, control(results, "abstract"))
        form = world.server.press(asked, control(asked, "followup"))
        commands.append(world.ask("forget"))
        waits = await world.acknowledged([*commands, page, abstract, form])
        assert max(waits) < PATIENCE
        # Nothing is answered yet but the form, which cannot come late.
        assert [world.text(one) for one in [*commands, abstract]] == [""] * 5
        assert json.dumps(results.components) == first_page
        assert world.server.backend.interactions[form].modal is not None
    await until(lambda: all(world.text(one) for one in [*commands, abstract]), bot=world.bot)
    await until(lambda: json.dumps(results.components) != first_page, bot=world.bot)
    assert "Music Source Separation in the Waveform Domain" in world.text(search)
    assert "I hold **56 papers**" in world.text(commands[1])
    assert '"label": "Similar"' in world.text(abstract)
    assert "page 2 of" in json.dumps(results.components)
    assert all(world.message(one).is_ephemeral for one in [*commands, abstract])
    assert "Traceback" not in world.bot.text()


async def test_a_database_that_stays_locked_is_told_as_a_fault_and_ends_nothing(world: World) -> None:
    # Discord's answer to the acknowledgement is lost: the next try is told that it is acknowledged already.
    world.server.rest.edges.add(Edge("POST", "/interactions/*", "do_then_status"))
    with world.locked():
        asked = world.ask("search", query="network")
        assert await world.acknowledged([asked]) < [PATIENCE]
        await until(lambda: world.text(asked), 15, world.bot)
    assert "Something went wrong on my side." in world.text(asked)
    assert "database is locked" in world.bot.text()
    assert "network" in json.dumps((await world.answered("search", query="network")).components)


def test_every_answer_goes_through_the_place_that_acknowledges_in_time() -> None:
    answering = re.compile(r"\.response\.(?:send|edit|defer)|send_modal")
    ui = Path(client.__file__).parent
    assert [file.name for file in ui.glob("*.py") if answering.search(file.read_text("utf-8"))] == ["response.py"]
