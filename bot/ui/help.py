"""/help."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.ui import render, response
from bot.ui.press import Handler, Interaction

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
**/about** — how many papers I have and whose they are, and what I keep of you

Or just mention me, reply to me, or write to me directly.

Answers are only for you until you press **Share**. Buttons keep working after a restart.

**For admins** (Manage Server): **/roundup setup** posts new papers to a channel on the days and at the \
time you choose. **/roundup preview** shows what comes next, **/roundup show** how it went. **/doctor** looks \
at everything when something does not work."""


class Help(commands.Cog):
    """Say what the bot does."""

    def __init__(self) -> None:
        """Need nothing."""
        self.verbs: dict[str, Handler] = {}

    @app_commands.command(name="help", description="What I can do")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def help(self, interaction: Interaction) -> None:
        """List the commands."""
        await response.say(interaction, render.page(HELP))
