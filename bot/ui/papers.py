"""Commands about papers: /search, /paper, /similar, and the buttons under their answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.core import text
from bot.core.index import Filter
from bot.ui import render
from bot.ui.markdown import clip, fit
from bot.ui.press import Handler, Interaction
from bot.ui.sharing import may_share, shareable, shared_by, tell

if TYPE_CHECKING:
    from bot.core.paper import Paper
    from bot.services.library import Library
    from bot.storage.notes import Notes

TOO_OLD = "That search is too old to page through. Please run `/search` again."
GONE = "That paper is no longer here."


class Papers(commands.Cog):
    """Find and read papers."""

    def __init__(self, library: Library, notes: Notes) -> None:
        """Use the library; searches behind buttons are kept in the notes."""
        self._library = library
        self._notes = notes
        self.verbs: dict[str, Handler] = {
            "abstract": self._abstract,
            "similar": self._similar,
            "page": self._page,
            "sharesearch": self._share_search,
            "sharepaper": self._share_paper,
        }

    @app_commands.command(name="search", description="Find papers by words in their title and abstract")
    @app_commands.describe(
        query="What are you looking for?",
        since="Only papers from this day on: 2024-05-01, 2024-05 or 2024",
        code="Only papers whose abstract links to code",
    )
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def search(
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, 4000],
        since: app_commands.Range[str, 4, 10] | None = None,
        code: bool = False,  # noqa: FBT001, FBT002 - the signature is the command's form
    ) -> None:
        """Answer privately with the first page."""
        day = parse_since(since) if since else None
        if since and not day:
            await tell(
                interaction,
                f"I cannot read “{fit(since, 20)}” as a day. Write it like `2024-05-01`, `2024-05` or `2024`.",
            )
            return
        asked = {"query": query, "since": day.isoformat() if day else None, "code": code}
        token = await self._notes.keep_search(asked, interaction.user.id, discord.utils.utcnow())
        shown = await self._results(asked, 0, token, share=shareable(interaction))
        await interaction.response.send_message(view=shown, ephemeral=True)

    async def _results(
        self, asked: dict[str, Any], page: int, token: str, *, share: bool, public: str = ""
    ) -> discord.ui.LayoutView:
        query = str(asked["query"])
        since = date.fromisoformat(asked["since"]) if asked["since"] else None
        only = Filter(since=since, code=asked["code"]) if since or asked["code"] else None
        hits = await self._library.search(query, render.MAX_HITS, only)
        if not hits:
            return render.notice(_nothing(query, filtered=only is not None))
        filters = " · ".join(
            part for part in (f"since {since}" if since else "", "with code" if asked["code"] else "") if part
        )
        return render.search_page(query, hits, page, token, filters=filters, share=share, public=public)

    @app_commands.command(name="paper", description="Read one paper's abstract")
    @app_commands.describe(title="Its title, or a part of it; an id or arXiv link works too")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def paper(self, interaction: Interaction, title: app_commands.Range[str, 1, 400]) -> None:
        """Answer privately with the whole abstract."""
        found = await self._library.paper(title)
        if found is None:
            await self._not_found(interaction, title)
            return
        card = render.paper_card(found, share=shareable(interaction))
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(name="similar", description="Find papers like one paper")
    @app_commands.describe(title="The title of the paper to start from")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def similar(self, interaction: Interaction, title: app_commands.Range[str, 1, 400]) -> None:
        """Answer privately with related papers."""
        found = await self._library.paper(title)
        if found is None:
            await self._not_found(interaction, title)
            return
        await self._similar(interaction, found.id)

    @paper.autocomplete("title")
    @similar.autocomplete("title")
    async def _titles(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        papers = await self._library.complete(typed, 25)
        return [app_commands.Choice(name=clip(paper.title, 100), value=paper.id) for paper in papers]

    async def _not_found(self, interaction: Interaction, title: str) -> None:
        near = await self._library.complete(title, 3) if text.terms(title) else []
        hint = "".join(f"\n• {fit(paper.title, 200)}" for paper in near)
        message = f"I have no paper called “{fit(title, 150)}”."
        await tell(interaction, f"{message} The nearest:{hint}" if hint else message)

    async def _abstract(self, interaction: Interaction, argument: str) -> None:
        if found := await self._paper_of(interaction, argument):
            card = render.paper_card(found, share=shareable(interaction))
            await interaction.response.send_message(view=card, ephemeral=True)

    async def _similar(self, interaction: Interaction, argument: str) -> None:
        if found := await self._paper_of(interaction, argument):
            hits = await self._library.similar(found, render.PER_PAGE)
            await interaction.response.send_message(view=render.similar_list(found, hits), ephemeral=True)

    async def _share_paper(self, interaction: Interaction, argument: str) -> None:
        found = await self._paper_of(interaction, argument)
        if found and await may_share(interaction):
            await interaction.response.edit_message(view=render.paper_card(found, share=False, public="shared"))
            card = render.paper_card(found, share=False, public=shared_by(interaction))
            await interaction.followup.send(view=card)

    async def _page(self, interaction: Interaction, argument: str) -> None:
        if not (opened := await self._search_of(interaction, argument)):
            return
        asked, token, page = opened
        shown = await self._results(asked, page, token, share=shareable(interaction))
        if _is_private(interaction):
            await interaction.response.edit_message(view=shown)
        else:
            # A shared page belongs to everybody: whoever turns it gets a page of their own.
            await interaction.response.send_message(view=shown, ephemeral=True)

    async def _share_search(self, interaction: Interaction, argument: str) -> None:
        opened = await self._search_of(interaction, argument)
        if opened and await may_share(interaction):
            asked, token, page = opened
            await interaction.response.edit_message(
                view=await self._results(asked, page, token, share=False, public="shared")
            )
            shown = await self._results(asked, page, token, share=False, public=shared_by(interaction))
            await interaction.followup.send(view=shown)

    async def _paper_of(self, interaction: Interaction, paper_id: str) -> Paper | None:
        found = await self._library.get([paper_id])
        if not found:
            await tell(interaction, GONE)
        return found[0] if found else None

    async def _search_of(self, interaction: Interaction, argument: str) -> tuple[dict[str, Any], str, int] | None:
        token, _, page = argument.partition(":")
        asked = await self._notes.search(token) if page.isdecimal() else None
        if asked is None:
            await tell(interaction, TOO_OLD)
            return None
        return asked, token, min(int(page[:3]), render.MAX_HITS)


def parse_since(raw: str) -> date | None:
    """Read a day, month or year as the first day of it; None if it is none."""
    parts = raw.strip().split("-")
    if len(parts) > 3 or not all(part.isdecimal() and part.isascii() for part in parts):  # noqa: PLR2004
        return None
    try:
        return date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError:
        return None


def _nothing(query: str, *, filtered: bool) -> str:
    if not text.terms(query[: text.MAX_QUERY]):
        return f"“{fit(query, 150)}” has no word I can search for. Try a topic, a method or a name."
    tail = " with these filters" if filtered else ""
    return f"No paper here mentions “{fit(query, 150)}”{tail}. Try fewer or more common words."


def _is_private(interaction: Interaction) -> bool:
    return interaction.guild is None or bool(interaction.message and interaction.message.flags.ephemeral)
