"""/help and /about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

import bot
from bot.ui import render, response
from bot.ui.press import Handler, Interaction

if TYPE_CHECKING:
    from bot.services.library import Library

HELP = """### What I can do
**/search** `music source separation` — papers by words, with the sentence that matches best. \
`"exact phrase"`, `-without`, `title:word` and `author:name` narrow it; so do its options for dates, source, code, \
votes and author
**/ask** `how does layer normalization work?` — an answer quoted from abstracts, or a plain “they do not say”
**/paper** — read one paper; start typing its title
**/similar** — papers like one paper
**/trending** — what stands out of the last day, week or month, and why; **/recent** — the newest papers, \
on your topics if you name some
**/trends** — a chart of the topics that rise
**/saved** — the papers you saved with 🔖, or liked; only you see them
**/forget** — delete what you asked, saved and liked
**/about** — how many papers I have, and how I am

Or just mention me, reply to me, or write to me directly.

Answers are only for you until you press **Share**. Buttons keep working after a restart.

**For admins** (Manage Server): **/roundup setup** posts new papers to a channel on the days and at the \
time you choose. **/roundup preview** shows what comes next, **/roundup show** how it went. **/doctor** looks \
at everything when something does not work."""


class Help(commands.Cog):
    """Say what the bot does and how it is."""

    def __init__(self, library: Library, *, writer: bool) -> None:
        """Use the library for its size; `writer` says whether a model rephrases answers."""
        self._writer = writer
        self._library = library
        self.verbs: dict[str, Handler] = {}

    @app_commands.command(name="help", description="What I can do")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def help(self, interaction: Interaction) -> None:
        """List the commands."""
        await response.say(interaction, render.page(HELP))

    @app_commands.command(name="about", description="How many papers I have, my version and my speed")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def about(self, interaction: Interaction) -> None:
        """Say how much is here and how fast Discord answers."""
        size = await self._library.size()
        shown = render.about(size.papers, size.last_added, bot.__version__, _latency(interaction), writer=self._writer)
        await response.say(interaction, shown)


def _latency(interaction: Interaction) -> str:
    seconds = float(interaction.client.latency)
    return f"{seconds * 1000:.0f} ms" if math.isfinite(seconds) else "not measured yet"
