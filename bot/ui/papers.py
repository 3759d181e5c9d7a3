"""Commands about papers: /search, /paper, /similar, and the buttons under their answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.core import text
from bot.core.day import HOW, days
from bot.core.filters import Order
from bot.core.paper import Paper, Problem, arxiv_in, fold
from bot.ui import render, response, results
from bot.ui.cooldown import Cooldown
from bot.ui.markdown import clip, fit
from bot.ui.press import Handler, Interaction
from bot.ui.searches import ORDERS, Search, search_of
from bot.ui.sharing import may_share, shareable, shared_by, tell, turn

if TYPE_CHECKING:
    from bot.services.library import Library
    from bot.services.lookup import Lookup
    from bot.storage.notes import Notes

TOO_OLD = "That search is too old to page through. Please run `/search` again."
GONE = "That paper is no longer here."
SEARCHES = 10, 10.0
"""Searches, their pages and buttons among them, that one person may make in so many seconds."""
LOOKUPS = 5, 60.0
"""Papers that one person may have arXiv asked for in so many seconds: all requests to it queue, three seconds each."""
_CHOICE = 100
"""Characters of a choice; a longer name can only be typed."""


class Papers(commands.Cog):
    """Find and read papers."""

    def __init__(self, library: Library, notes: Notes, lookup: Lookup | None = None) -> None:
        """Use the library; searches behind buttons are kept in the notes; `lookup` fetches what is not here."""
        self._lookup = lookup
        self._library = library
        self._notes = notes
        self._searches, self._lookups = Cooldown(*SEARCHES), Cooldown(*LOOKUPS)
        self.verbs: dict[str, Handler] = {
            "abstract": self._abstract,
            "similar": self._similar,
            "page": self._page,
            "meant": self._meant,
            "sharesearch": self._share_search,
            "sharepaper": self._share_paper,
        }

    @app_commands.command(name="search", description="Find papers by words in their title and abstract")
    @app_commands.describe(
        query='Words; "exact phrase", -without, title:word and author:name work too',
        since="Only papers from this day on: 2024-05-01, 2024-05 or 2024",
        until="Only papers up to this day: 2024-05-01, 2024-05 or 2024",
        source="Only papers that came from here",
        code="Only papers whose abstract links to code",
        votes="Only papers with at least as many votes",
        author="Only papers by this person: all of the name, or a part",
        order="Which papers to show first",
    )
    @app_commands.choices(order=[app_commands.Choice(name=name, value=order.value) for order, name in ORDERS.items()])
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def search(  # noqa: PLR0913, PLR0917 - the signature is the command's form
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, 4000],
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
        source: app_commands.Range[str, 1, 100] | None = None,
        code: bool = False,  # noqa: FBT001, FBT002 - likewise
        votes: app_commands.Range[int, 1, 1_000_000] | None = None,
        author: app_commands.Range[str, 1, 100] | None = None,
        order: str = Order.RELEVANCE.value,
    ) -> None:
        """Answer privately with the first page."""
        if await self._hasty(interaction):
            return
        dates = read_dates(since, until)
        if isinstance(dates, Problem):
            await tell(interaction, dates.message)
            return
        if source and source not in self._library.sources():
            await tell(interaction, self._no_source(source))
            return
        asked = Search(query, *dates, source, code, votes, author, Order(order))
        await response.say(interaction, await self._first(interaction, asked))

    async def _hasty(self, interaction: Interaction) -> bool:
        """Say whether a person searches too fast, and tell them so."""
        if wait := self._searches.refusal(interaction.user.id, "your next search"):
            await tell(interaction, wait)
        return bool(wait)

    async def _first(self, interaction: Interaction, asked: Search) -> discord.ui.LayoutView:
        """Keep a search for its buttons and return its first page."""
        token = await self._notes.keep_search(asked.note(), interaction.user.id, discord.utils.utcnow())
        return await self._results(asked, 0, token, share=shareable(interaction))

    async def _results(
        self, asked: Search, page: int, token: str, *, share: bool, public: str = ""
    ) -> discord.ui.LayoutView:
        correction = await self._library.read(asked.query)
        hits = await self._library.search(correction.query, results.MAX_HITS, asked.only, asked.order)
        filters = asked.described()
        if not hits:
            return results.nothing(asked.query, correction, token, filters=filters if asked.only else "")
        return results.search_page(
            asked.query, hits, page, token, correction=correction, filters=filters, share=share, public=public
        )

    @search.autocomplete("source")
    async def _sources(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = [name for name in self._library.sources() if fold(typed.strip()) in fold(name) and len(name) <= _CHOICE]
        return [app_commands.Choice(name=name, value=name) for name in found[:25]]

    def _no_source(self, source: str) -> str:
        here = ", ".join(f"`{fit(name, 40)}`" for name in self._library.sources()[:10])
        return f"I have no papers from “{fit(source, 60)}”. I have papers from: {here or 'nowhere yet'}."

    @app_commands.command(name="paper", description="Read one paper's abstract")
    @app_commands.describe(title="Its title, or a part of it; an id or arXiv link works too")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def paper(self, interaction: Interaction, title: app_commands.Range[str, 1, 400]) -> None:
        """Answer privately with the whole abstract; an arXiv paper that is not here is fetched."""
        found = await self._library.paper(title)
        wanted = arxiv_in(title) if found is None else await self._doubted(found)
        if wanted and self._lookup:
            await self._fetch(interaction, self._lookup, wanted, found)
        elif found is not None:
            await response.say(interaction, self._card(interaction, found))
        elif wanted:
            await tell(
                interaction, f"I have no paper called “{fit(title, 150)}”, and here I ask no source for what I lack."
            )
        else:
            await self._not_found(interaction, title)

    async def _doubted(self, found: Paper) -> str | None:
        """Return the arXiv id of a paper that only feeds have spoken of: arXiv has the last word on those."""
        return await self._lookup.doubted(found) if self._lookup else None

    def _card(self, interaction: Interaction, found: Paper) -> discord.ui.LayoutView:
        return render.paper_card(found, share=shareable(interaction))

    async def _fetch(self, interaction: Interaction, lookup: Lookup, wanted: str, known: Paper | None) -> None:
        """Show what arXiv says of a paper; where it says nothing, what is known of it."""
        if wait := self._lookups.refusal(interaction.user.id, "the next paper that I have to ask arXiv for"):
            await response.say(interaction, self._card(interaction, known) if known else render.notice(wait))
            return
        await response.think(interaction)
        match await lookup.find(wanted, discord.utils.utcnow()) or known:
            case Paper() as found:
                shown = self._card(interaction, found)
            case Problem() if known:
                shown = self._card(interaction, known)
            case Problem(message):
                shown = render.notice(f"I do not have `{wanted}` yet, and could not fetch it: {fit(message, 300)}")
            case _:
                shown = render.notice(f"Neither I nor arXiv have a paper `{wanted}`.")
        await response.say(interaction, shown)

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
            await response.say(interaction, self._card(interaction, found))

    async def _similar(self, interaction: Interaction, argument: str) -> None:
        found = await self._paper_of(interaction, argument)
        if found and not await self._hasty(interaction):
            hits = await self._library.similar(found, render.PER_PAGE)
            await response.say(interaction, render.similar_list(found, hits))

    async def _share_paper(self, interaction: Interaction, argument: str) -> None:
        found = await self._paper_of(interaction, argument)
        if found and await may_share(interaction):
            await response.change(interaction, render.paper_card(found, share=False, public="shared"))
            card = render.paper_card(found, share=False, public=shared_by(interaction))
            await interaction.followup.send(view=card)

    async def _page(self, interaction: Interaction, argument: str) -> None:
        opened = await self._search_of(interaction, argument)
        if not opened or await self._hasty(interaction):
            return
        asked, token, page = opened
        await turn(interaction, await self._results(asked, page, token, share=shareable(interaction)))

    async def _meant(self, interaction: Interaction, argument: str) -> None:
        """Search for what may have been meant."""
        opened = await self._search_of(interaction, argument)
        if not opened or await self._hasty(interaction):
            return
        asked, _, _ = opened
        correction = await self._library.read(asked.query)
        shown = await self._first(interaction, asked.asking(correction.suggestion or asked.query))
        await turn(interaction, shown)

    async def _share_search(self, interaction: Interaction, argument: str) -> None:
        opened = await self._search_of(interaction, argument)
        if opened and await may_share(interaction) and not await self._hasty(interaction):
            asked, token, page = opened
            done = await self._results(asked, page, token, share=False, public="shared")
            await response.change(interaction, done)
            shown = await self._results(asked, page, token, share=False, public=shared_by(interaction))
            await interaction.followup.send(view=shown)

    async def _paper_of(self, interaction: Interaction, paper_id: str) -> Paper | None:
        found = await self._library.get([paper_id])
        if not found:
            await tell(interaction, GONE)
        return found[0] if found else None

    async def _search_of(self, interaction: Interaction, argument: str) -> tuple[Search, str, int] | None:
        token, _, page = argument.partition(":")
        note = await self._notes.search(token) if page.isdecimal() else None
        if note is None:
            await tell(interaction, TOO_OLD)
            return None
        return search_of(note), token, min(int(page[:3]), results.MAX_HITS)


def read_dates(since: str | None, until: str | None) -> tuple[date | None, date | None] | Problem:
    """Read the first and the last day to search; a problem where one is no day, or none is between them."""
    first = days(since) if since else (date.min, date.min)
    last = days(until) if until else (date.max, date.max)
    if first is None or last is None:
        return Problem(f"I cannot read “{fit((until if first else since) or '', 20)}” as a day. Write it like {HOW}.")
    if first[0] > last[1]:
        return Problem(f"No day is both since {first[0]} and until {last[1]}. Swap the two.")
    return first[0] if since else None, last[1] if until else None
