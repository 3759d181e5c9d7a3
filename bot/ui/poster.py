"""The way roundups reach their channels."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.core.paper import Problem
from bot.core.receipt import AWAY
from bot.services.posting import Digest, Gone, Refused
from bot.ui import render
from bot.ui.traces import PAGE, Search, is_roundup

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from bot.core.roundup import Schedule

log = logging.getLogger(__name__)
MARGIN = timedelta(days=1)
"""How much earlier than its claim a message is looked for: Discord's clock and ours may differ."""
PATIENCE = 60.0
"""Seconds that Discord may take for one post, its rate limits included; the other channels wait meanwhile."""
LOOK = 30.0
"""Seconds after which a look into a channel's messages stops at the next page; the next look goes on from there."""
FORBIDDEN = {50001, 50013}
"""Discord's codes for rights that an admin can give: access to the channel, or a permission in it."""
UNKNOWN = {10003, 10004, 50024}
"""Discord's codes for a channel, or its server, that is no more, or holds no messages of this kind."""
_READING = {"view_channel": "View Channel", "read_message_history": "Read Message History"}
_Found = int | Problem | None
_TROUBLE = (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError)


class ChannelPoster:
    """Posts digests to Discord channels and finds those already there."""

    def __init__(self, client: discord.Client, moved: Callable[[], None] = lambda: None) -> None:
        """Use a connected client; `moved` is told at every step."""
        self._client = client
        self._moved = moved
        self._searches: dict[tuple[int, str], Search] = {}
        self._told: dict[int, tuple[str, str]] = {}

    async def send(self, digest: Digest) -> int | Problem:
        """Post a digest; nobody is pinged, and Discord drops a double within minutes by the nonce."""
        schedule = digest.schedule
        self._moved()
        self._searches.pop((schedule.id, digest.slot), None)
        try:
            async with asyncio.timeout(PATIENCE):
                channel = await self._channel(schedule)
                if channel is None:
                    return _deleted(schedule)
                message = await channel.send(view=render.roundup(digest), nonce=nonce(schedule.id, digest.slot))
        except _TROUBLE as error:
            return _problem(schedule, error, _shut(schedule))
        return message.id

    async def find(self, schedule: Schedule, slot: str, claimed: datetime) -> int | Problem | None:
        """Look through the channel's own messages for those of a slot, going on where the last look stopped."""
        try:
            async with asyncio.timeout(PATIENCE):
                channel = await self._channel(schedule)
                if channel is None:
                    return _deleted(schedule)
                # Who may not read is answered with no messages at all, as if none had ever been posted.
                if missing := _unreadable(channel):
                    return _blind(schedule, missing)
                found = await self._read(channel, schedule.id, slot, claimed - MARGIN)
                # What I know of my rights may lag behind: that there is none counts only if Discord lets me read.
                if found is None and (missing := _unreadable(await self._afresh(channel))):
                    return _blind(schedule, missing)
        except _TROUBLE as error:
            return _problem(schedule, error, _blind(schedule, _READING.values()))
        if not isinstance(found, Problem):
            del self._searches[schedule.id, slot]
        return found

    async def _read(self, channel: discord.TextChannel, schedule_id: int, slot: str, since: datetime) -> _Found:
        """Read page by page. Between two it may stop: a request that is broken off would have been for nothing."""
        search = self._searches.setdefault((schedule_id, slot), Search())
        until = time.monotonic() + LOOK
        while page := await search.page(channel, since):
            for message in page:
                if message.author == self._client.user and is_roundup(message, schedule_id, slot):
                    return message.id
            if len(page) < PAGE:
                break
            if time.monotonic() > until:
                return Problem("I have not read all of the channel's messages yet.")
        return None

    async def _afresh(self, channel: discord.TextChannel) -> discord.TextChannel:
        """Ask for a channel and its rights anew: what is known of it may lag behind."""
        found = await self._client.fetch_channel(channel.id)
        if not isinstance(found, discord.TextChannel):
            raise discord.InvalidData("the channel has changed its kind")
        return found

    async def tell(self, schedule: Schedule) -> str | Problem:
        """Tell whoever set a schedule up that it is paused: directly, else where the server's notices go."""
        self._moved()
        pause = f"paused {schedule.since.isoformat()} {schedule.note}"
        if self._told.get(schedule.id, ("", ""))[0] != pause:
            where = await self._say(schedule, pause)
            if isinstance(where, Problem):
                return where
            # Where it cannot be recorded it is not said again each minute.
            self._told[schedule.id] = (pause, where)
        return self._told[schedule.id][1]

    async def _say(self, schedule: Schedule, pause: str) -> str | Problem:
        guild = self._client.get_guild(schedule.guild_id)
        notice, once = render.paused(schedule, guild.name if guild else ""), nonce(schedule.id, pause)
        try:
            async with asyncio.timeout(PATIENCE):
                if not await _refused(self._write(schedule.creator_id, notice, once)):
                    return "directly"
                return await self._announce(guild, notice, once)
        except _TROUBLE as error:
            return _problem(schedule, error, _shut(schedule))

    async def _write(self, person_id: int, notice: discord.ui.LayoutView, once: str) -> None:
        person = await self._client.fetch_user(person_id)
        await person.send(view=notice, nonce=once)

    async def _announce(self, guild: discord.Guild | None, notice: discord.ui.LayoutView, once: str) -> str:
        """Post a notice where a server's own notices go, if there is such a place that can be written to."""
        for place in (guild.public_updates_channel, guild.system_channel) if guild else ():
            writable = place is not None and place.permissions_for(place.guild.me).send_messages
            if place and writable and not await _refused(place.send(view=notice, nonce=once)):
                return f"in #{place.name}"
        return "nowhere"

    async def _channel(self, schedule: Schedule) -> discord.TextChannel | None:
        guild = self._client.get_guild(schedule.guild_id)
        if guild is not None and guild.unavailable:
            # In an outage Discord answers for its channels as if they were gone.
            raise OSError("the server is away")
        found = self._client.get_channel(schedule.channel_id)
        found = found or await self._client.fetch_channel(schedule.channel_id)
        return found if isinstance(found, discord.TextChannel) else None


def nonce(schedule_id: int, slot: str) -> str:
    """Return the same 24 characters for the same slot: Discord takes at most 25."""
    return hashlib.sha256(f"{schedule_id} {slot}".encode()).hexdigest()[:24]


async def _refused(attempt: Awaitable[object]) -> bool:
    """Say whether Discord refused a request for good. Raises whatever else goes wrong with it."""
    try:
        await attempt
    except discord.HTTPException as error:
        if error.code and 400 <= error.status < 500 and error.status != 429:  # noqa: PLR2004
            return True
        raise
    return False


def _problem(schedule: Schedule, error: Exception, shut: Gone) -> Problem:
    """Say what an error of Discord's means: an admin must act (`shut`), it is no use, or to be tried again.

    Discord's own refusals have a code. What stands before its API refuses too, with 403 and 404 as well, but has none.
    """
    if isinstance(error, discord.InvalidData):
        return _deleted(schedule)
    if isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status != 429:  # noqa: PLR2004
        if error.code in FORBIDDEN:
            return shut
        if error.code in UNKNOWN:
            return _deleted(schedule)
        if error.code and error.status not in {403, 404}:
            return Refused(f"Discord refused the message (code {error.code}). Its papers come with the next roundup.")
        log.warning("discord turned a request away status=%d code=%d", error.status, error.code)
        return Problem(f"Discord turned me away (status {error.status}, code {error.code}).")
    log.warning("discord did not answer why=%s", type(error).__name__)
    return Problem("Discord did not answer.")


def _unreadable(channel: discord.TextChannel) -> list[str]:
    """Return the names of the rights that the bot lacks to see what it has posted in a channel."""
    rights = channel.permissions_for(channel.guild.me)
    return [name for flag, name in _READING.items() if not getattr(rights, flag)]


def _shut(schedule: Schedule) -> Gone:
    return Gone(f"I may not post in <#{schedule.channel_id}>. Give me the permissions, then `/roundup resume`.")


def _blind(schedule: Schedule, missing: Iterable[str]) -> Gone:
    rights = "** and **".join(missing)
    return Gone(f"I may not read <#{schedule.channel_id}>. Give me **{rights}** there, then `/roundup resume`.")


def _deleted(schedule: Schedule) -> Gone:
    return Gone(f"<#{schedule.channel_id}> is gone. {AWAY}")
