"""/trending and /recent: what was listed lately, each paper with the reason it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core import text
from bot.core.newest import NEWEST
from bot.core.period import Period
from bot.ui import render, response
from bot.ui.markdown import fit
from bot.ui.press import Handler, Interaction, button
from bot.ui.results import MAX_HITS, remarked
from bot.ui.sharing import may_share, shareable, shared_by, tell, turn

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.trending import Ranking, Row, Trending
    from bot.storage.notes import Notes

TOO_OLD = "That list is too old to page through. Please run `/recent` again."
NO_WORD = "There is no word to look for in “{topics}”. Try a topic, a method or a name."
_ENTRY = 600
"""Characters of one paper with its reason."""
_PERIODS = {Period.DAY: "The last day", Period.WEEK: "The last week", Period.MONTH: "The last month"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and the key that leads a button back to it: a period's name, or a token ("-": no topics)."""

    key: str
    topics: str = ""

    @property
    def period(self) -> Period | None:
        """The period of what is trending, None for what is recent."""
        return Period(self.key) if self.key in set(Period) else None

    @property
    def title(self) -> str:
        """What stands above the list, as markdown."""
        if self.period:
            return f"Trending · {_PERIODS[self.period].lower()}"
        return f"Recent · {fit(self.topics, 110)}" if self.topics else "Recent"


class RankingCommands(commands.Cog):
    """Show what is new and notable."""

    def __init__(self, service: Trending, notes: Notes) -> None:
        """Use the service; topic words behind buttons are kept in the notes."""
        self._service = service
        self._notes = notes
        self.verbs: dict[str, Handler] = {"ranking": self._page, "shareranking": self._share}

    @app_commands.command(name="trending", description="The papers of the last day, week or month that stand out")
    @app_commands.describe(period="How far to look back; a week if you do not say")
    @app_commands.choices(period=[app_commands.Choice(name=name, value=one.value) for one, name in _PERIODS.items()])
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def trending(self, interaction: Interaction, period: str = Period.WEEK.value) -> None:
        """Answer privately with the first page."""
        await response.say(interaction, await self._shown(interaction, Asked(Period(period).value)))

    @app_commands.command(name="recent", description="The newest papers, on any topic or on yours")
    @app_commands.describe(topics="Only papers with these words")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def recent(self, interaction: Interaction, topics: app_commands.Range[str, 1, 400] | None = None) -> None:
        """Answer privately with the first page."""
        if topics and not text.terms(topics):
            await tell(interaction, NO_WORD.format(topics=fit(topics, 150)))
            return
        key = await self._notes.keep_search({"topics": topics}, interaction.user.id, _now()) if topics else "-"
        await response.say(interaction, await self._shown(interaction, Asked(key, topics or "")))

    async def _shown(self, interaction: Interaction, asked: Asked, page: int = 0) -> ui.LayoutView:
        return await self._list(interaction, asked, page, share=shareable(interaction))

    async def _list(
        self, interaction: Interaction, asked: Asked, page: int, *, share: bool, public: str = ""
    ) -> ui.LayoutView:
        guild, now = interaction.guild_id or 0, _now()
        if asked.period:
            ranking = await self._service.trending(asked.period, now, MAX_HITS, guild)
        else:
            ranking = await self._service.recent(asked.topics, now, MAX_HITS, guild)
        if not ranking.found:
            read = remarked(ranking.read, found=False) if ranking.read else []
            return render.notice(render.lines(*read, ranking.why))
        page = min(page, -(-len(ranking.found) // render.PER_PAGE) - 1)
        rows = await self._service.rows(ranking, page * render.PER_PAGE, render.PER_PAGE)
        return ranking_page(asked, ranking, rows, page, share=share, public=public)

    async def _page(self, interaction: Interaction, argument: str) -> None:
        if opened := await self._opened(interaction, argument):
            await turn(interaction, await self._shown(interaction, *opened))

    async def _share(self, interaction: Interaction, argument: str) -> None:
        opened = await self._opened(interaction, argument)
        if opened and await may_share(interaction):
            asked, page = opened
            await response.change(interaction, await self._list(interaction, asked, page, share=False, public="shared"))
            public = shared_by(interaction)
            await interaction.followup.send(view=await self._list(interaction, asked, page, share=False, public=public))

    async def _opened(self, interaction: Interaction, argument: str) -> tuple[Asked, int] | None:
        key, _, page = argument.partition(":")
        number = int(page[:3]) if page.isdecimal() else 0
        if key == "-" or key in set(Period):
            return Asked(key), number
        if (note := await self._notes.search(key)) is None:
            await tell(interaction, TOO_OLD)
            return None
        return Asked(key, str(note.get("topics", ""))), number


def ranking_page(  # noqa: PLR0913 - one parameter a part of the page
    asked: Asked, ranking: Ranking, rows: list[Row], page: int, *, share: bool, public: str = ""
) -> ui.LayoutView:
    """Return a page of papers, each with its reason, and what turns the page."""
    count, pages = len(ranking.found), -(-len(ranking.found) // render.PER_PAGE)
    many = f"page {page + 1} of {pages}"
    under = " · ".join(part for part in (_counted(count, ranking.total), many, public) if part)
    read = remarked(ranking.read) if ranking.read else []
    items: list[ui.Item[Any]] = [ui.TextDisplay(render.lines(f"### {asked.title}", *read, f"-# {under}"))]
    wanted = frozenset(ranking.read.query.terms if ranking.read else ())
    for number, row in enumerate(rows, page * render.PER_PAGE + 1):
        # That they are the newest is in the heading.
        why = row.reason if row.reason != NEWEST else None
        items += render.listed(row.paper, render.entry(row.paper, number, row.sentence, wanted, _ENTRY, why=why))
    buttons = _paging(asked.key, page, pages) if pages > 1 else []
    buttons += [button("Share", "shareranking", f"{asked.key}:{page}")] if share else []
    items += [ui.Separator(), ui.ActionRow(*buttons)] if buttons else []
    return render.view(*items)


def _counted(shown: int, total: int | None) -> str:
    """Return how many papers are in the list, and of how many they are the first."""
    if shown == total:
        return render.count(shown, "paper")
    return f"the first {shown:,} of {total:,} papers" if total else f"the first {render.count(shown, 'paper')}"


def _paging(key: str, page: int, pages: int) -> list[ui.Button[Any]]:
    return [
        button("Previous", "ranking", f"{key}:{page - 1}", off=page == 0),
        button("Next", "ranking", f"{key}:{page + 1}", off=page == pages - 1),
    ]


def _now() -> datetime:
    return discord.utils.utcnow()
