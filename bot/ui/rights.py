"""What the bot may do in a channel, and whether there still is one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

if TYPE_CHECKING:
    from bot.ui.press import Interaction

log = logging.getLogger(__name__)
UNKNOWN_CHANNEL = 10003
"""What Discord answers for a channel that is gone, and for none that only may not be seen."""
NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
}


async def is_gone(interaction: Interaction, channel_id: int) -> bool:
    """Say whether a channel of the server is gone for certain: it is not known here, and Discord says so."""
    if interaction.guild is None or interaction.guild.get_channel(channel_id):
        return False
    try:
        await interaction.client.fetch_channel(channel_id)
    except discord.NotFound as error:
        return error.code == UNKNOWN_CHANNEL
    except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
        log.info("channel not asked for channel=%d why=%s", channel_id, type(error).__name__)
    return False


def missing_rights(channel: discord.TextChannel) -> list[str]:
    """Return the names of the permissions that the bot lacks to post in a channel."""
    rights = channel.permissions_for(channel.guild.me)
    return [name for flag, name in NEEDED.items() if not getattr(rights, flag)]
