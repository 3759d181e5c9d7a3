"""The bot: joins the cogs to Discord, ticks, and turns errors into sentences."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.services.lag import Lag
from bot.services.meter import Meter, Outcome
from bot.ui import response
from bot.ui.about import About
from bot.ui.answers import Answers
from bot.ui.doctor import Doctor
from bot.ui.favourites import Favourites
from bot.ui.forget import Forget
from bot.ui.heart import STUCK, Heart
from bot.ui.help import Help
from bot.ui.papers import Papers
from bot.ui.poster import ChannelPoster
from bot.ui.press import Handler, Interaction, PickedOption, PressedButton
from bot.ui.replies import trace
from bot.ui.roundups import Roundups
from bot.ui.sharing import apology, tell
from bot.ui.trending import RankingCommands
from bot.ui.trends import TrendsCommand

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)
TICK = 60.0
"""Seconds between looks at the schedules."""
CLOSING = 6.0
"""Seconds that a delivery under way may still take when the bot stops."""
BEAT = 15.0
"""Seconds between heartbeats."""
TOO_LATE = {10015, 10062}
"""Discord's codes for an interaction that is over: no answer within 3 seconds, or older than 15 minutes."""


class Tree(app_commands.CommandTree[Any]):
    """The commands, with the one place where any error ends."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let a command pass, and be acknowledged in time whatever it takes."""
        if interaction.type is discord.InteractionType.application_command:
            response.begin(interaction)
            name = interaction.command.qualified_name if interaction.command else "unknown"
            interaction.client.meter.began(interaction.id, name)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Log an error and tell the user in a sentence."""
        interaction.client.meter.ended(interaction.id, await report(interaction, error))


class Colloquium(commands.Bot):
    """The Discord client. It needs no privileged intent and pings nobody."""

    def __init__(  # noqa: PLR0913 - by name, and each has a default
        self,
        app: App,
        *,
        tick: float = TICK,
        lag: Lag | None = None,
        shards: int | None = None,
        beat: float = BEAT,
        stuck: float = STUCK,
        meter: Meter | None = None,
    ) -> None:
        """Serve an open app.

        `tick` is the seconds between looks at the schedules, `lag` a watched event loop, `beat` the seconds between
        heartbeats, `stuck` those after which a tick that gets nowhere counts as stopped. `meter` is told of commands.
        """
        self.meter = meter or Meter()
        super().__init__(
            shard_count=shards,
            http_trace=trace(self.meter.replied),
            command_prefix=commands.when_mentioned,
            # None of these is privileged: mentions, replies with a ping and direct messages carry their text.
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            tree_cls=Tree,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._app = app
        self._verbs: dict[str, Handler] = {}
        self._tick.change_interval(seconds=tick)
        self._look.change_interval(seconds=tick)
        self._beat.change_interval(seconds=beat)
        self._lag = lag or Lag()
        self.heart = Heart(app.settings.heartbeat, app.vitals, self._lag, tick + stuck)
        self._poster = ChannelPoster(self, self.heart.moved)
        self._delivering = asyncio.Lock()

    async def setup_hook(self) -> None:
        """Join the cogs, tell Discord the commands if they changed, start ticking."""
        await self.heart.stop()  # what a killed bot left behind
        library = self._app.library
        cogs = (
            Papers(library, self._app.notes, self._app.lookup),
            Answers(self._app.answers, self.meter, self.is_closed),
            Favourites(self._app.favourites, library),
            RankingCommands(self._app.trending, self._app.notes),
            TrendsCommand(self._app.trends),
            Forget(self._app.answers, self._app.favourites),
            Roundups(self._app.roundups, self._poster),
            Doctor(self._app.doctor, self._app.roundups.store, self._lag),
            Help(),
            About(self._app),
        )
        for cog in cogs:
            self._verbs |= cog.verbs
            await self.add_cog(cog)
        self.add_dynamic_items(PressedButton, PickedOption)
        await self._sync()
        self._look.start()
        self._tick.start()
        self._beat.start()
        if self._app.refresh:
            self._refresh.start()

    async def _sync(self) -> None:
        # Discord limits how often commands may be sent, so only a changed payload is.
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        if await self._app.notes.get("commands") != digest:
            await self.tree.sync()
            await self._app.notes.put("commands", digest)
            log.info("commands synced count=%d", len(payload))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no commands by prefix, and a mention must not look like one."""

    async def press(self, interaction: Interaction, verb: str, argument: str) -> None:
        """Run what a button or menu stands for."""
        response.begin(interaction)
        handler = self._verbs.get(verb)
        # Anybody can send a verb of their own making.
        self.meter.began(interaction.id, f"button {verb if handler else 'unknown'}")
        outcome: Outcome = "answered"
        try:
            if handler is None:
                await tell(interaction, "That button is from another version of me. Please run the command again.")
            else:
                await handler(interaction, argument)
        except Exception as error:  # noqa: BLE001 - the buttons' share of the tree's error handler
            outcome = await report(interaction, error)
        finally:
            response.end(interaction)
            self.meter.ended(interaction.id, outcome)

    async def on_app_command_completion(self, interaction: Interaction, _command: Any, /) -> None:
        """Count a command that did what it should."""
        self.meter.ended(interaction.id, "answered")

    @tasks.loop(seconds=TICK)
    async def _tick(self) -> None:
        try:
            async with self._delivering:
                await self._catch_up()
                now = discord.utils.utcnow()
                await self._app.roundups.deliver_due(now, self._poster, discord.utils.utcnow)
                if not now.minute:
                    await self._app.answers.forget_old(now)
            self.heart.moved()
        except Exception:
            # An error that leaves the loop would end it for good.
            log.exception("tick failed")

    @tasks.loop(seconds=TICK)
    async def _look(self) -> None:
        # Beside the tick: to look through a busy channel takes minutes, and nobody else's roundup waits for it.
        try:
            await self._app.roundups.reconcile(discord.utils.utcnow(), self._poster)
        except Exception:
            log.exception("look failed")

    async def _catch_up(self) -> None:
        try:
            await self._app.library.catch_up()
        except Exception:
            # Whatever keeps the index from new papers, a full disk or an error of mine, keeps no roundup waiting.
            log.exception("new papers not taken note of")

    @tasks.loop(seconds=BEAT)
    async def _beat(self) -> None:
        try:
            await self.heart.look(self, ticking=self._tick.is_running() and self._look.is_running())
        except Exception:
            log.exception("heartbeat failed")

    @tasks.loop(minutes=5)
    async def _refresh(self) -> None:
        try:
            if self._app.refresh:
                await self._app.refresh.once(discord.utils.utcnow())
        except Exception:
            log.exception("refresh failed")

    @_look.before_loop
    @_tick.before_loop
    async def _wait(self) -> None:
        await self.wait_until_ready()

    async def close(self) -> None:
        """Stop ticking, let a tick under way end, then leave Discord."""
        self._beat.cancel()
        self._look.cancel()
        self._refresh.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await self._delivering.acquire()
        self._tick.cancel()
        await self.heart.stop()
        await super().close()


class ShardedColloquium(Colloquium, commands.AutoShardedBot):
    """The same over several connections, for when Discord asks for that (from 2,500 servers on it insists).

    Not for one: discord.py resumes a single session however long the network was gone, but begins a shard's anew if
    its first try to come back fails, and then what was said meanwhile is lost, and every server is sent again.
    """


async def join(app: App, token: str, lag: Lag, meter: Meter | None = None) -> Colloquium:
    """Return the client for as many shards as Discord asks for, not yet connected; `meter` is told of commands.

    Raises discord.LoginFailure, discord.GatewayNotFound and what aiohttp raises.
    """
    async with discord.Client(intents=discord.Intents(guilds=True)) as asking:
        await asking.login(token)
        wanted, *_ = await asking.http.get_bot_gateway()
    log.info("shards wanted=%d", wanted)
    if wanted > 1:
        return ShardedColloquium(app, lag=lag, shards=wanted, meter=meter)
    return Colloquium(app, lag=lag, meter=meter)


async def report(interaction: Interaction, error: Exception) -> Outcome:
    """Log an error under a short reference, show the user that reference, never the error; return what it comes to."""
    command = interaction.command.qualified_name if interaction.command else "button"
    cause = getattr(error, "original", error)
    if isinstance(cause, discord.HTTPException) and cause.code in TOO_LATE:
        # There is no way left to tell anyone anything.
        log.warning("answer came too late command=%s code=%d", command, cause.code)
        return "late"
    if isinstance(error, app_commands.CheckFailure) and interaction.response.is_done():
        return "refused"
    if interaction.client.is_closed():
        log.info("not answered, for the bot is stopping command=%s", command)
        return "late"
    view = apology(command, cause)
    try:
        await response.say(interaction, view)
    except discord.HTTPException as failed:
        log.warning("error not shown command=%s why=%s", command, type(failed).__name__)
    return "failed"
