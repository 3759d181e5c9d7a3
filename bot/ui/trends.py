"""/trends: a chart of the topics that rise, and the same in words."""

from __future__ import annotations

import asyncio
import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.lettering import plain
from bot.core.trends import FEWEST, LATE, WEEKS
from bot.ui import render, response
from bot.ui.markdown import clip, fit
from bot.ui.press import Handler, Interaction, button
from bot.ui.sharing import may_share, shareable, shared_by, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.trends import Rising, Topic
    from bot.services.trends import Trends

log = logging.getLogger(__name__)
FILE = "trends.png"
ORDER = "-# The surest rise comes first. `/recent` with a topic shows its papers."
NO_DAY = "None of the papers here says on which day it was listed, so I cannot tell what rises."
_ALT = 1024
"""Characters of an image's description."""


class TrendsCommand(commands.Cog):
    """Show what rises."""

    def __init__(self, service: Trends) -> None:
        """Use the service."""
        self._service = service
        self.verbs: dict[str, Handler] = {"sharetrends": self._share}

    @app_commands.command(name="trends", description="A chart of the topics that rise in the last weeks")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def trends(self, interaction: Interaction) -> None:
        """Answer privately with the chart."""
        if found := await self._found(interaction):
            png = await _drawn(found)
            view = trends_page(found, chart=png is not None, share=shareable(interaction))
            await response.say(interaction, view, *_files(png, found))

    async def _found(self, interaction: Interaction) -> Rising | None:
        """Return what rises, or say why nothing can be told."""
        found = await self._service.rising(discord.utils.utcnow())
        if found is None:
            await tell(interaction, NO_DAY)
        elif not found.enough:
            await tell(interaction, _too_few(found))
        elif not found.topics:
            await tell(interaction, f"No topic stands out in the {LATE} weeks to {found.last}.")
        else:
            return found
        return None

    async def _share(self, interaction: Interaction, _argument: str) -> None:
        found = await self._found(interaction) if await may_share(interaction) else None
        if found is None:
            return
        png = await _drawn(found)
        done = trends_page(found, chart=png is not None, share=False, public="shared")
        await response.change(interaction, done)
        view = trends_page(found, chart=png is not None, share=False, public=shared_by(interaction))
        await interaction.followup.send(view=view, files=_files(png, found))


def trends_page(found: Rising, *, chart: bool, share: bool, public: str = "") -> ui.LayoutView:
    """Return the chart over what it leaves out; without one, what it would say in words."""
    items: list[ui.Item[Any]] = []
    under = " · ".join(part for part in (ORDER, public) if part)
    if chart:
        picture = discord.MediaGalleryItem(f"attachment://{FILE}", description=described(found))
        items.append(ui.MediaGallery(picture))
        also = _told(topic for topic in found.topics if not plain(topic.name))
        items.append(ui.TextDisplay(render.lines(f"and {also}" if also else "", under)))
    else:
        span = f"-# {LATE} weeks to {found.last}, against the {WEEKS - LATE} before"
        items.append(ui.TextDisplay(render.lines("### Rising topics", span, _told(found.topics), under)))
    if share:
        items.append(ui.ActionRow(button("Share", "sharetrends", "-")))
    return render.view(*items)


def described(found: Rising) -> str:
    """Return what the chart shows, for those who do not see it."""
    rows = "; ".join(
        f"{topic.name}: {render.count(topic.papers, 'paper')}, {_times(topic.times)}"
        for topic in found.topics
        if plain(topic.name)
    )
    return clip(
        f"Bar chart of rising topics in the {LATE} weeks to {found.last}, as a share of all papers. {rows}.", _ALT
    )


def _told(topics: Iterable[Topic]) -> str:
    return ", ".join(f"**{fit(topic.name, 60)}** {_times(topic.times)}" for topic in topics)


def _times(times: float | None) -> str:
    return "new" if times is None else f"×{times:.1f}"


def _too_few(found: Rising) -> str:
    return (
        f"That is too few papers to tell what rises: {render.count(found.late, 'paper')} in the {LATE} weeks to "
        f"{found.last}, {found.before:,} in the {WEEKS - LATE} before. I need {FEWEST} in each."
    )


async def _drawn(found: Rising) -> bytes | None:
    """Return the chart, or None where it cannot be drawn or would be empty: the words stand for it then."""
    if not any(plain(topic.name) for topic in found.topics):
        return None
    try:
        return await asyncio.to_thread(_draw, found)
    except (ImportError, OSError, ValueError) as error:
        log.warning("chart not drawn why=%s", error)
        return None


def _draw(found: Rising) -> bytes:
    from bot.ui import chart  # noqa: PLC0415 - Pillow: a tenth of a second, and only here

    return chart.draw(found)


def _files(png: bytes | None, found: Rising) -> list[discord.File]:
    return [discord.File(BytesIO(png), FILE, description=described(found))] if png else []
