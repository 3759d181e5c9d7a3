"""/doctor: what an admin needs to know when something does not work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

import bot
from bot.core.checks import MARKS, Check, sentence, worst
from bot.core.receipt import AWAY
from bot.services.doctor import safely
from bot.ui import render, response
from bot.ui.markdown import clip
from bot.ui.press import Handler, Interaction
from bot.ui.rights import missing_rights
from bot.ui.shards import shards
from bot.ui.sharing import tell

if TYPE_CHECKING:
    from bot.services.doctor import Doctor as Service
    from bot.services.lag import Lag
    from bot.storage.roundups import Roundups

SLOW = 2.0
"""Seconds of gateway latency from which answers feel late."""
STALL = 0.5
"""Seconds of a stalled event loop from which commands are at risk: Discord waits three."""
HEADS = {"ok": "All is well.", "warn": "I work, but look at this:", "bad": "Something is broken:"}


@app_commands.guild_only()
class Doctor(commands.Cog):
    """Looks at everything, for members who may manage the server."""

    def __init__(self, service: Service, roundups: Roundups, lag: Lag) -> None:
        """Use the doctor of the parts, the schedules, and the watch over the event loop."""
        self._service = service
        self._roundups = roundups
        self._lag = lag
        self.verbs: dict[str, Handler] = {}

    @app_commands.command(name="doctor", description="Check permissions, roundups, papers and myself (Manage Server)")
    @app_commands.default_permissions(manage_guild=True)
    async def doctor(self, interaction: Interaction) -> None:
        """Look, and say what was found, the worst first."""
        if not interaction.permissions.manage_guild:
            await tell(interaction, "Only members with **Manage Server** can use `/doctor`.")
            return
        found = await self._service.look(discord.utils.utcnow(), interaction.guild_id)
        found += [*await safely("rights", self._rights(interaction)), *self._self(interaction)]
        order = ("bad", "warn", "ok")
        lines = [_line(check) for check in sorted(found, key=lambda check: order.index(check.state))]
        head = HEADS[worst(found)]
        shown = "\n".join(_fitting([f"### {head}", *lines]))
        await response.say(interaction, render.page(shown))

    async def _rights(self, interaction: Interaction) -> list[Check]:
        found = []
        for schedule in await self._roundups.of_guild(interaction.guild_id or 0):
            place = interaction.guild.get_channel(schedule.channel_id) if interaction.guild else None
            if not isinstance(place, discord.TextChannel):
                gone = f"<#{schedule.channel_id}> is gone"
                found.append(Check("rights", "bad", gone, AWAY))
            elif missing := missing_rights(place):
                said = f"in {place.mention} I lack **{'**, **'.join(missing)}**"
                found.append(Check("rights", "bad", said, "Give me them in the channel's settings."))
            else:
                found.append(Check("rights", "ok", f"I may post in {place.mention}"))
        return found

    def _self(self, interaction: Interaction) -> list[Check]:
        latency = float(interaction.client.latency)
        known = math.isfinite(latency)
        said = f"Discord answers in {latency * 1000:.0f} ms" if known else "not measured yet"
        slow = known and latency > SLOW
        stalled = self._lag.worst > STALL
        return [
            Check("gateway", "warn" if slow else "ok", said, "My network is slow." if slow else ""),
            *_shards(interaction),
            Check(
                "pace",
                "warn" if stalled else "ok",
                f"my longest pause since I started was {self._lag.worst * 1000:.0f} ms",
                "This machine is too busy for me." if stalled else "",
            ),
            Check("version", "ok", bot.__version__),
        ]


def _shards(interaction: Interaction) -> list[Check]:
    """Return how the connections are, where there is more than the one that brought the command."""
    found = shards(interaction.client)
    if len(found) == 1:
        return []
    down = [str(shard.id) for shard in found if not shard.up]
    here = f"; this server is on {interaction.guild.shard_id}" if interaction.guild else ""
    said = f"{len(found) - len(down)} of {len(found)} are connected{here}"
    if not down:
        return [Check("shards", "ok", said)]
    return [
        Check("shards", "bad", f"{said}; down: {', '.join(down)}", "They come back by themselves; look again soon.")
    ]


def _line(check: Check) -> str:
    return clip(f"{MARKS[check.state]} **{check.name}**: {sentence(check)}", 400)


def _fitting(lines: list[str], room: int = 3600) -> list[str]:
    """Return as many lines as a message holds; how many are left out is said."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return [*kept, f"-# and {len(lines) - number} more"]
        kept.append(line)
    return kept
