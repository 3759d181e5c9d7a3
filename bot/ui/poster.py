"""The way roundups reach their channels."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.core.paper import Problem
from bot.services.posting import Digest, Gone, Refused
from bot.ui import render

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from discord.abc import Messageable

    from bot.core.roundup import Schedule

log = logging.getLogger(__name__)
MARGIN = timedelta(days=1)
"""How much earlier than its claim a message is looked for: Discord's clock and ours may differ."""
PATIENCE = 60.0
"""Seconds that Discord may take for one post, its rate limits included; the other channels wait meanwhile."""
_TROUBLE = (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError)


class ChannelPoster:
    """Posts digests to Discord channels and finds those already there."""

    def __init__(self, client: discord.Client, moved: Callable[[], None] = lambda: None) -> None:
        """Use a connected client; `moved` is told at every step."""
        self._client = client
        self._moved = moved

    async def send(self, digest: Digest) -> int | Problem:
        """Post a digest; nobody is pinged, and Discord drops a double within minutes by the nonce."""
        schedule = digest.schedule
        self._moved()
        try:
            channel = await self._channel(schedule)
            if channel is None:
                return _deleted(schedule)
            async with asyncio.timeout(PATIENCE):
                message = await channel.send(view=render.roundup(digest), nonce=nonce(schedule.id, digest.slot))
        except _TROUBLE as error:
            return _problem(schedule, error)
        return message.id

    async def find(self, schedule: Schedule, slot: str, claimed: datetime) -> int | Problem | None:
        """Look through the channel's own messages for the marker of a slot."""
        wanted = render.marker(schedule.id, slot)
        self._moved()
        try:
            channel = await self._channel(schedule)
            if channel is None:
                return _deleted(schedule)
            async with asyncio.timeout(PATIENCE):
                async for message in channel.history(limit=None, after=claimed - MARGIN):
                    if message.author == self._client.user and wanted in _words(message):
                        return message.id
        except _TROUBLE as error:
            return _problem(schedule, error)
        return None

    async def tell(self, schedule: Schedule) -> str | Problem:
        """Tell whoever set a schedule up that it is paused: directly, else where the server's notices go."""
        self._moved()
        guild = self._client.get_guild(schedule.guild_id)
        notice = render.paused(schedule, guild.name if guild else "")
        try:
            person = await self._client.fetch_user(schedule.creator_id)
            await person.send(view=notice, nonce=nonce(schedule.id, f"paused {schedule.note}"))
        except discord.HTTPException as error:
            if not 400 <= error.status < 500:  # noqa: PLR2004 - Discord's own trouble: to be tried again
                return _problem(schedule, error)
        except _TROUBLE as error:
            return _problem(schedule, error)
        else:
            return "directly"
        return await self._announce(guild, notice)

    async def _announce(self, guild: discord.Guild | None, notice: discord.ui.LayoutView) -> str:
        """Post a notice where a server's own notices go, if there is such a place that can be written to."""
        places = (guild.public_updates_channel, guild.system_channel) if guild else ()
        for place in places:
            if place is not None and guild and place.permissions_for(guild.me).send_messages:
                with contextlib.suppress(discord.HTTPException):
                    await place.send(view=notice)
                    return f"in #{place.name}"
        return "nowhere"

    async def _channel(self, schedule: Schedule) -> Messageable | None:
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


def _words(message: discord.Message) -> str:
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return "\n".join(item.content for item in items if isinstance(item, discord.ui.TextDisplay))


def _problem(schedule: Schedule, error: Exception) -> Problem:
    """Say what an error of Discord's means for a post: which admin must act, or whether to look again."""
    if isinstance(error, discord.Forbidden):
        return Gone(f"I may not post in <#{schedule.channel_id}>. Give me the permissions, then `/roundup resume`.")
    if isinstance(error, discord.NotFound | discord.InvalidData):
        return _deleted(schedule)
    if isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status != 429:  # noqa: PLR2004
        return Refused(f"Discord refused the message (code {error.code}). Its papers come with the next roundup.")
    log.warning("discord did not answer why=%s", type(error).__name__)
    return Problem("Discord did not answer.")


def _deleted(schedule: Schedule) -> Gone:
    return Gone(f"<#{schedule.channel_id}> is gone. `/roundup setup` names another channel, `/roundup off` ends this.")
