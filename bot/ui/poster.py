"""The way roundups reach their channels."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.core.paper import Problem
from bot.services.roundups import Digest, Gone
from bot.ui import render

if TYPE_CHECKING:
    from discord.abc import Messageable

    from bot.core.roundup import Schedule

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=2)
"""How far back a channel is searched for a message that a crash left unrecorded."""


class ChannelPoster:
    """Posts digests to Discord channels and finds those already there."""

    def __init__(self, client: discord.Client) -> None:
        """Use a connected client."""
        self._client = client

    async def send(self, digest: Digest) -> int | Problem:
        """Post a digest; nobody is pinged, and Discord drops a double within minutes by the nonce."""
        channel = await self._channel(digest.schedule)
        if isinstance(channel, Problem):
            return channel
        try:
            message = await channel.send(view=render.roundup(digest), nonce=nonce(digest.schedule.id, digest.slot))
        except discord.Forbidden:
            return _forbidden(digest.schedule)
        except discord.NotFound:
            return _deleted(digest.schedule)
        except (discord.HTTPException, OSError) as error:
            return _unsure(error)
        return message.id

    async def find(self, schedule: Schedule, slot: str) -> int | Problem | None:
        """Look through the channel's own messages for the marker of a slot."""
        channel = await self._channel(schedule)
        if isinstance(channel, Problem):
            return channel
        wanted = render.marker(schedule.id, slot)
        try:
            async for message in channel.history(limit=None, after=discord.utils.utcnow() - LOOK_BACK):
                if message.author == self._client.user and wanted in _words(message):
                    return message.id
        except discord.Forbidden:
            return _forbidden(schedule)
        except discord.NotFound:
            return _deleted(schedule)
        except (discord.HTTPException, OSError) as error:
            return _unsure(error)
        return None

    async def _channel(self, schedule: Schedule) -> Messageable | Problem:
        found = self._client.get_channel(schedule.channel_id)
        if found is None:
            try:
                found = await self._client.fetch_channel(schedule.channel_id)
            except discord.Forbidden:
                return _forbidden(schedule)
            except (discord.NotFound, discord.InvalidData):
                return _deleted(schedule)
            except (discord.HTTPException, OSError) as error:
                return _unsure(error)
        return found if isinstance(found, discord.TextChannel) else _deleted(schedule)


def nonce(schedule_id: int, slot: str) -> str:
    """Return the same 24 characters for the same slot: Discord takes at most 25."""
    return hashlib.sha256(f"{schedule_id} {slot}".encode()).hexdigest()[:24]


def _words(message: discord.Message) -> str:
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return "\n".join(item.content for item in items if isinstance(item, discord.ui.TextDisplay))


def _forbidden(schedule: Schedule) -> Gone:
    return Gone(f"I may not post in <#{schedule.channel_id}>. Give me the permissions, then `/roundup resume`.")


def _deleted(schedule: Schedule) -> Gone:
    return Gone(f"<#{schedule.channel_id}> is gone. `/roundup setup` names another channel, `/roundup off` ends this.")


def _unsure(error: Exception) -> Problem:
    log.warning("discord did not answer why=%s", type(error).__name__)
    return Problem("Discord did not answer. I look again in a minute.")
