"""/roundup: set up, look at and stop the posts of a channel. For members who may manage the server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.core import roundup as rules
from bot.core.paper import Problem
from bot.core.receipt import AWAY, receipt
from bot.ui import render, response
from bot.ui.markdown import clip, fit
from bot.ui.press import Handler, Interaction
from bot.ui.rights import is_gone, missing_rights
from bot.ui.sharing import tell
from bot.ui.zones import find_zone, match_zones

if TYPE_CHECKING:
    from bot.core.roundup import Schedule
    from bot.services.posting import Poster
    from bot.services.roundups import Roundups as Service
    from bot.storage.slots import Post

_MISSED = [
    app_commands.Choice(name="post it late, up to 12 hours", value="late"),
    app_commands.Choice(name="put its papers into the next post", value="merge"),
]
_QUIET = [
    app_commands.Choice(name="say so in one short line", value="line"),
    app_commands.Choice(name="say nothing", value="silent"),
]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Roundups(commands.GroupCog, group_name="roundup", group_description="Papers posted to a channel on a schedule"):
    """Schedules of a server."""

    def __init__(self, service: Service, poster: Poster) -> None:
        """Use the roundup service and the way to post."""
        super().__init__()
        self._service = service
        self._poster = poster
        self.verbs: dict[str, Handler] = {}

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let only members pass who may manage the server, whatever command permissions say."""
        if interaction.permissions.manage_guild:
            return True
        await tell(interaction, "Only members with **Manage Server** can use `/roundup`.")
        return False

    @app_commands.command(description="Post papers to a channel at a time of day; replaces the channel's earlier one")
    @app_commands.describe(
        channel="Where to post",
        time="Time of day, like 9:00 or 5:30 pm",
        zone="Time zone; start typing a city",
        days="Which days: daily, weekdays, or like Mon,Wed,Fri",
        papers="How many papers in one post (1 to 10)",
        topics="Words of the topics to show first; leave empty for all",
        missed="What to do about a post that I slept through",
        quiet="What to do on a day without new papers, like at weekends",
    )
    @app_commands.choices(missed=_MISSED, quiet=_QUIET)
    async def setup(  # noqa: PLR0913, PLR0917 - the signature is the command's form
        self,
        interaction: Interaction,
        channel: discord.TextChannel,
        time: app_commands.Range[str, 1, 10],
        zone: app_commands.Range[str, 1, 60] = "UTC",
        days: app_commands.Range[str, 1, 60] = "daily",
        papers: app_commands.Range[int, 1, rules.MAX_PAPERS] = 5,
        topics: app_commands.Range[str, 0, 200] = "",
        missed: app_commands.Choice[str] | None = None,
        quiet: app_commands.Choice[str] | None = None,
    ) -> None:
        """Check everything, then save."""
        at, chosen, known = rules.parse_time(time), rules.parse_days(days), find_zone(zone)
        if at is None:
            await tell(interaction, f"I cannot read “{fit(time, 20)}” as a time. Write it like `9:00` or `5:30 pm`.")
        elif known is None:
            await tell(interaction, f"I know no time zone “{fit(zone, 60)}”. Start typing a city and pick one.")
        elif chosen is None:
            await tell(
                interaction,
                f"I cannot read “{fit(days, 60)}” as days. Write `daily`, `weekdays` or `Mon,Wed,Fri`.",
            )
        elif missing := missing_rights(channel):
            await tell(
                interaction,
                f"I cannot post in {channel.mention} yet. I still need there: **{'**, **'.join(missing)}**.",
            )
        else:
            now = discord.utils.utcnow()
            saved = await self._service.save(
                rules.Schedule(
                    0,
                    channel.guild.id,
                    channel.id,
                    interaction.user.id,
                    at,
                    known,
                    chosen,
                    papers,
                    " ".join(topics.split()),
                    paused=False,
                    note="",
                    since=now,
                    missed=missed.value if missed else "late",
                    quiet=quiet.value if quiet else "line",
                )
            )
            planned = f"{await self._next(saved)}{await self._left(interaction)}"
            await tell(interaction, f"✅ Saved. {_describe(saved)}\n{planned}")

    @app_commands.command(description="Show the schedules of this server and what became of their posts")
    @app_commands.describe(channel="Show this channel's last 14 posts")
    async def show(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """List them, or the receipts of one."""
        if channel:
            if schedule := await self._chosen(interaction, channel):
                await tell(interaction, await self._receipts(schedule))
            return
        schedules = await self._all(interaction)
        lines = [await self._status(schedule) for schedule in schedules[:10]]
        if len(schedules) > len(lines):
            lines.append(f"-# and {len(schedules) - len(lines)} more")
        await tell(interaction, "\n\n".join(lines) or "No roundup is set up here. Start with `/roundup setup`.")

    @app_commands.command(description="See the next roundup, only for you; nothing is posted")
    @app_commands.describe(channel="Which channel's roundup, if there are several")
    async def preview(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Show the next digest privately."""
        if schedule := await self._chosen(interaction, channel):
            digest = await self._service.digest(schedule, "preview")
            await response.say(interaction, render.roundup(digest, preview=True))

    @app_commands.command(description="Post the next roundup right now; the schedule goes on as before")
    @app_commands.describe(channel="Which channel's roundup, if there are several")
    async def now(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Post, and say what became of it."""
        schedule = await self._chosen(interaction, channel)
        if schedule is None:
            return
        await response.think(interaction)
        now = discord.utils.utcnow()
        post = await self._service.deliver(schedule, f"now-{now:%Y-%m-%dT%H:%M:%S}", now, self._poster)
        if post:
            result = _outcome(schedule, post)
        elif await self._service.store.get(schedule.id):
            result = "That roundup is being posted already."
        else:
            result = "That roundup has just been removed: nothing was posted."
        await tell(interaction, result)

    @app_commands.command(description="Stop posting until you resume")
    @app_commands.describe(channel="Which channel's roundup, if there are several")
    async def pause(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Pause one schedule."""
        if schedule := await self._chosen(interaction, channel):
            await self._service.pause(schedule.id, discord.utils.utcnow())
            await tell(
                interaction,
                f"⏸ The roundup in <#{schedule.channel_id}> is paused. `/roundup resume` starts it again.",
            )

    @app_commands.command(description="Post again after a pause")
    @app_commands.describe(channel="Which channel's roundup, if there are several")
    async def resume(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Resume one schedule, once the bot may post there."""
        schedule = await self._chosen(interaction, channel)
        if schedule is None:
            return
        place = interaction.guild.get_channel(schedule.channel_id) if interaction.guild else None
        if not isinstance(place, discord.TextChannel):
            await tell(interaction, f"<#{schedule.channel_id}> is gone. {AWAY}")
            return
        if missing := missing_rights(place):
            await tell(
                interaction,
                f"I cannot post in <#{schedule.channel_id}> yet. I still need there: **{'**, **'.join(missing)}**.",
            )
            return
        await self._service.resume(schedule.id, discord.utils.utcnow())
        await tell(interaction, f"▶ The roundup in <#{schedule.channel_id}> goes on. {await self._next(schedule)}")

    @app_commands.command(description="Remove a channel's roundup")
    @app_commands.describe(channel="Which channel's roundup, if there are several")
    async def off(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Remove one schedule; without a name first those whose channel is gone, for such a channel cannot be named."""
        if channel is None and (dead := await self._dead(interaction)):
            for one in dead:
                await self._service.remove(one.id)
            said = [f"The roundup of <#{one.channel_id}> is removed: that channel is gone." for one in dead[:20]]
            if await self._all(interaction):
                said.append("Any other is still there. `/roundup off` once more removes one.")
            await tell(interaction, "\n".join(said))
        elif schedule := await self._chosen(interaction, channel):
            await self._service.remove(schedule.id)
            await tell(
                interaction,
                f"The roundup in <#{schedule.channel_id}> is removed. `/roundup setup` makes a new one.",
            )

    @setup.autocomplete("zone")
    async def _zones(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=zone, value=zone) for zone in match_zones(typed)]

    async def _all(self, interaction: Interaction) -> list[Schedule]:
        return await self._service.store.of_guild(interaction.guild_id or 0)

    async def _dead(self, interaction: Interaction) -> list[Schedule]:
        """Return the schedules whose channel is gone for certain: it is not known here, and Discord says so."""
        return [
            schedule for schedule in await self._all(interaction) if await is_gone(interaction, schedule.channel_id)
        ]

    async def _left(self, interaction: Interaction) -> str:
        dead = await self._dead(interaction)
        return f"\n-# <#{dead[0].channel_id}> is gone: `/roundup off` removes its roundup." if dead else ""

    async def _chosen(self, interaction: Interaction, channel: discord.TextChannel | None) -> Schedule | None:
        schedules = await self._all(interaction)
        wanted = channel.id if channel else interaction.channel_id
        found = [schedule for schedule in schedules if schedule.channel_id == wanted]
        if not found and channel is None and len(schedules) == 1:
            found = schedules
        if found:
            return found[0]
        if not schedules:
            await tell(interaction, "No roundup is set up here. Start with `/roundup setup`.")
        else:
            places = ", ".join(f"<#{schedule.channel_id}>" for schedule in schedules[:20])
            await tell(interaction, f"Which one? Name its channel: {places}.")
        return None

    async def _next(self, schedule: Schedule) -> str:
        moment = await self._service.next_post(replace(schedule, paused=False), discord.utils.utcnow())
        if isinstance(moment, Problem):
            return f"⚠️ {moment.message}"
        return (
            f"Next: {discord.utils.format_dt(moment, 'f')}, {discord.utils.format_dt(moment, 'R')}." if moment else ""
        )

    async def _status(self, schedule: Schedule) -> str:
        post = await self._service.store.newest(schedule.id)
        last = f"\nLast: {_outcome(schedule, post)}" if post else ""
        return f"{_describe(schedule, 40)}\n{await self._state(schedule)}{last}"

    async def _state(self, schedule: Schedule) -> str:
        return f"⏸ Paused. {schedule.note}".strip() if schedule.paused else await self._next(schedule)

    async def _receipts(self, schedule: Schedule) -> str:
        posts = await self._service.store.recent(schedule.id, 14)
        lines = [f"- {clip(_outcome(schedule, post), 220)}" for post in posts]
        return "\n".join([_describe(schedule, 40), await self._state(schedule), *(lines or ["Nothing was due yet."])])


def _describe(schedule: Schedule, topics: int = 200) -> str:
    about = f", best first for *{fit(schedule.topics, topics)}*" if schedule.topics else ""
    quiet = ", silent when nothing is new" if schedule.quiet == "silent" else ""
    papers = f"{schedule.size} paper{'' if schedule.size == 1 else 's'}"
    return (
        f"<#{schedule.channel_id}>: **{papers}** {rules.show_days(schedule.days)} at "
        f"**{schedule.at:%H:%M}** ({schedule.zone}){about}{quiet}."
    )


def _outcome(schedule: Schedule, post: Post) -> str:
    link = post.link(schedule) or ""
    return receipt(post.outcome, post.when, post.detail, link, papers=bool(post.papers))
