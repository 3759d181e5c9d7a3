"""Private answers, and making them public."""

from __future__ import annotations

import logging
import secrets

import discord

from bot.ui import render, response
from bot.ui.markdown import fit
from bot.ui.press import Interaction

log = logging.getLogger(__name__)
NO_SHARE = "You may not write in this channel, so I cannot share here for you."


def apology(place: str, error: BaseException) -> discord.ui.LayoutView:
    """Log an error under a short reference and return the sentence that names it, never the error."""
    reference = secrets.token_hex(3)
    log.error("failed reference=%s in=%s", reference, place, exc_info=error)
    return render.notice(f"Something went wrong on my side. If it happens again, tell my operator: `{reference}`.")


async def tell(interaction: Interaction, message: str) -> None:
    """Say a sentence to one person."""
    await response.say(interaction, render.notice(message))


async def turn(interaction: Interaction, shown: discord.ui.LayoutView) -> None:
    """Show another page: in place of a private one. A shared page is everybody's: who presses gets one of their own."""
    private = interaction.guild is None or bool(interaction.message and interaction.message.flags.ephemeral)
    await (response.change if private else response.say)(interaction, shown)


def shareable(interaction: Interaction) -> bool:
    """Say whether there is anybody to share with."""
    return interaction.guild is not None


async def may_share(interaction: Interaction) -> bool:
    """Say whether a person may write here, and tell them if not: the bot must not speak for them."""
    rights = interaction.permissions
    thread = isinstance(interaction.channel, discord.Thread)
    if rights.send_messages_in_threads if thread else rights.send_messages:
        return True
    await tell(interaction, NO_SHARE)
    return False


def shared_by(interaction: Interaction) -> str:
    """Return who shared, escaped."""
    return f"shared by {fit(interaction.user.display_name, 40)}"
