"""Traces: what a roundup leaves in its channel, and the way back to it through the channel's messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.ui import render

if TYPE_CHECKING:
    from datetime import datetime


PAGE = 100
"""Most messages that Discord gives at once."""


@dataclass(slots=True)
class Search:
    """How far back a channel was read for one slot: a busy channel is not read in one go.

    It is read backwards, so what is posted meanwhile is not read: a message that is looked for was sent before.
    """

    back_to: int | None = None
    """The oldest message read so far; None before the first."""

    async def page(self, channel: discord.TextChannel, since: datetime) -> list[discord.Message]:
        """Go on where the last page ended; fewer than `PAGE` messages are the last that came `since` then."""
        before = discord.Object(self.back_to) if self.back_to else None
        wanted = channel.history(limit=PAGE, before=before, after=_sound(since), oldest_first=False)
        found = [message async for message in wanted]
        self.back_to = found[-1].id if found else self.back_to
        return found


def is_roundup(message: discord.Message, schedule_id: int, slot: str) -> bool:
    """Say whether a message of the bot's own is the roundup of a slot.

    Only what nobody can make it say counts: it quotes people elsewhere, a roundup's name among what they say.
    """
    items = list(discord.ui.LayoutView.from_message(message).walk_children())
    menu = render.menu_id(schedule_id, slot)
    if any(isinstance(item, discord.ui.Select) and item.custom_id == menu for item in items):
        return True
    match [item.content for item in items if isinstance(item, discord.ui.TextDisplay)]:
        case [render.ALL_SEEN | render.NOTHING_NEW, under]:
            return under.splitlines()[-1:] == [f"-# {render.marker(schedule_id, slot)}"]
    return False


def _sound(since: datetime) -> datetime:
    """Return a time that Discord's ids can tell: they begin with 2015, a clock that is off may not."""
    return max(since, discord.utils.snowflake_time(0))
