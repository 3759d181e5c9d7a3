"""/forget: what is kept of a person, and how they have it deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.press import Handler, Interaction
from bot.ui.render import count
from bot.ui.sharing import tell

if TYPE_CHECKING:
    from bot.services.answers import Answers
    from bot.services.favourites import Favourites

QUESTIONS, KEPT, ALL = "questions", "kept", "all"
_WHAT = {QUESTIONS: "My questions and searches", KEPT: "The papers I saved and liked", ALL: "Everything of mine"}


class Forget(commands.Cog):
    """Delete what is kept of whoever asks, and of nobody else."""

    def __init__(self, answers: Answers, favourites: Favourites) -> None:
        """Use the services that keep something of people."""
        self._answers = answers
        self._favourites = favourites
        self.verbs: dict[str, Handler] = {}

    @app_commands.command(name="forget", description="Delete what I keep of you: questions, searches, saved papers")
    @app_commands.describe(what="What to delete; your questions and searches if you do not say")
    @app_commands.choices(what=[app_commands.Choice(name=name, value=value) for value, name in _WHAT.items()])
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def forget(self, interaction: Interaction, what: str = QUESTIONS) -> None:
        """Delete it, and say what is left."""
        user, parts = interaction.user.id, []
        if what in {QUESTIONS, ALL}:
            parts.append(f"{count(await self._answers.forget(user), 'question')} of yours, and your searches")
        if what in {KEPT, ALL}:
            parts.append(f"{count(await self._favourites.forget(user), 'paper')} you saved or liked")
        left = await self._favourites.count(user)
        hint = f"\n-# The {count(left, 'paper')} you saved or liked stay, until you choose them here." if left else ""
        await tell(interaction, f"Forgotten: {'; '.join(parts)}.{hint}")
