"""/saved, and the buttons that save and like papers. Whatever is pressed, it acts for whoever pressed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.favourite import MOST, Kind, Outcome
from bot.ui import render, response
from bot.ui.markdown import fit
from bot.ui.papers import GONE
from bot.ui.press import Handler, Interaction, button
from bot.ui.sharing import tell

if TYPE_CHECKING:
    from bot.core.paper import Paper
    from bot.services.favourites import Favourites as Service
    from bot.services.favourites import Page
    from bot.services.library import Library

_NAMES = {Kind.SAVED: "Saved", Kind.LIKED: "Liked"}
_EMPTY = {
    Kind.SAVED: "You have saved no paper yet. Press **🔖 Save** under one, and you find it here.",
    Kind.LIKED: "You have liked no paper yet. Press **♥ Like** under one.",
}
_FULL = "You have {kind} {most} papers, as many as I keep for one person. `/saved` is where you make room."
COUNTS = "\n-# It counts when I choose what is notable in this server, as a number and without your name."
_ENTRY = 560
"""Characters of one paper of a list."""


class Favourites(commands.Cog):
    """Keep papers for people."""

    def __init__(self, service: Service, library: Library) -> None:
        """Use stored favourites, and the library for their papers."""
        self._service = service
        self._library = library
        self.verbs: dict[str, Handler] = {
            "save": self._save,
            "like": self._like,
            "unsave": self._unsave,
            "kept": self._page,
            "drop": self._drop,
        }

    @app_commands.command(name="saved", description="The papers you saved, only for you")
    @app_commands.describe(which="Those you saved, or those you liked")
    @app_commands.choices(which=[app_commands.Choice(name=name, value=kind.value) for kind, name in _NAMES.items()])
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def saved(self, interaction: Interaction, which: str = Kind.SAVED.value) -> None:
        """Show the first page of one's own list."""
        await response.say(interaction, await self._list(interaction, Kind(which), 0))

    async def _list(self, interaction: Interaction, kind: Kind, number: int) -> ui.LayoutView:
        return favourites_page(await self._service.page(interaction.user.id, kind, number, render.PER_PAGE))

    async def _save(self, interaction: Interaction, paper_id: str) -> None:
        now = discord.utils.utcnow()
        outcome = await self._service.save(interaction.user.id, paper_id, interaction.guild_id or 0, now)
        if outcome is Outcome.KEPT:
            said = "🔖 Saved: {title}. `/saved` shows your list, only to you."
        else:
            said = "You have saved {title} already. `/saved` shows your list, only to you."
        await self._say(interaction, paper_id, Kind.SAVED, outcome, said)

    async def _like(self, interaction: Interaction, paper_id: str) -> None:
        now = discord.utils.utcnow()
        outcome = await self._service.like(interaction.user.id, paper_id, interaction.guild_id or 0, now)
        said = {
            Outcome.TAKEN_BACK: "Your ♥ for {title} is taken back.",
            Outcome.ALREADY: "♥ You like {title} already, and now that counts here too.",
        }.get(outcome, "♥ You like {title}. Press ♥ again to take it back.")
        await self._say(interaction, paper_id, Kind.LIKED, outcome, said)

    async def _say(self, interaction: Interaction, paper_id: str, kind: Kind, outcome: Outcome, said: str) -> None:
        """Tell one person what became of their press."""
        found = await self._library.get([paper_id])
        if outcome is Outcome.GONE or not found:
            await tell(interaction, GONE)
        elif outcome is Outcome.FULL:
            await tell(interaction, _FULL.format(kind=kind.value, most=MOST))
        else:
            counts = COUNTS if interaction.guild_id and outcome is not Outcome.TAKEN_BACK else ""
            row = [button("Remove", "unsave", found[0].id)] if kind is Kind.SAVED else []
            items: list[ui.Item[Any]] = [ui.TextDisplay(said.format(title=_title(found[0])) + counts)]
            items += [ui.ActionRow(*row)] if row else []
            await response.say(interaction, render.view(*items, colour=render.CALM))

    async def _unsave(self, interaction: Interaction, paper_id: str) -> None:
        """Take a paper off the list, in the message that said it is on it."""
        gone = await self._service.drop(interaction.user.id, Kind.SAVED, paper_id)
        found = await self._library.get([paper_id])
        title = _title(found[0]) if found else "It"
        said = f"{title} is no longer among your saved papers." if gone else f"{title} is not among your saved papers."
        await response.change(interaction, render.notice(said))

    async def _page(self, interaction: Interaction, argument: str) -> None:
        kind, _, number = argument.partition(":")
        await self._show(interaction, kind, number)

    async def _drop(self, interaction: Interaction, argument: str) -> None:
        kind, number, paper_id = (*argument.split(":", 2), "", "")[:3]
        if kind in set(Kind):
            await self._service.drop(interaction.user.id, Kind(kind), paper_id)
        await self._show(interaction, kind, number)

    async def _show(self, interaction: Interaction, kind: str, number: str) -> None:
        """Turn to a page of the list of whoever pressed."""
        shown = await self._list(
            interaction, Kind(kind) if kind in set(Kind) else Kind.SAVED, int(number[:3]) if number.isdecimal() else 0
        )
        await response.change(interaction, shown)


def _title(paper: Paper) -> str:
    return f"“{fit(paper.title, 200)}”"


def favourites_page(page: Page) -> ui.LayoutView:
    """Return a page of one's own list, or how papers get there."""
    if not page.total:
        return render.notice(_EMPTY[page.kind])
    name = _NAMES[page.kind]
    under = f"-# {render.count(page.total, 'paper')} · page {page.number + 1} of {page.pages} · only you see this"
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {name} papers\n{under}")]
    for number, one in enumerate(page.rows, page.number * render.PER_PAGE + 1):
        remove = button("Remove", "drop", f"{page.kind}:{page.number}:{one.paper.id}")
        items += render.listed(one.paper, render.entry(one.paper, number, one.sentence, frozenset(), _ENTRY), remove)
    if page.pages > 1:
        last = page.pages - 1
        row = [
            button("Previous", "kept", f"{page.kind}:{page.number - 1}", off=page.number == 0),
            button("Next", "kept", f"{page.kind}:{page.number + 1}", off=page.number == last),
        ]
        items += [ui.Separator(), ui.ActionRow(*row)]
    return render.view(*items)
