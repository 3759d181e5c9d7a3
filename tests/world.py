"""A small Discord server to act in, and how to read what a person sees there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.ui.client import Colloquium

if TYPE_CHECKING:
    import simcord
    from simcord import ChannelHandle, GuildHandle, InteractionResult, MemberActor, ResponseMessage

    from bot.app import App


BEAT = 3600.0
"""Seconds between heartbeats: each writes to the disk, which takes real time of hours that are none."""


def hasten(env: simcord.Env, idle: float = 0.001) -> simcord.Env:
    """Let simcord look every millisecond, not every 50, whether SQLite's thread has answered the bot."""
    vars(env)["_settle_internal"] = partial(env._settle_internal, idle=idle)
    return env


@dataclass(frozen=True, slots=True)
class World:
    """One server: its admin owns it, its member has no special rights."""

    env: simcord.Env
    app: App
    guild: GuildHandle
    channel: ChannelHandle
    admin: MemberActor
    member: MemberActor

    @classmethod
    def build(cls, env: simcord.Env, app: App) -> World:
        """Make the server."""
        guild = env.create_guild("Reading Group")
        channel = guild.create_text_channel("papers")
        admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
        admin = guild.add_member(env.create_user("ada"), roles=[admins])
        return cls(env, app, guild, channel, admin, guild.add_member(env.create_user("ben")))

    async def restart(self) -> None:
        """Put a new bot over the same data in the old one's place, as a new process would be."""
        await self.env.restart_bot(Colloquium(self.app, beat=BEAT))


def answer(result: InteractionResult) -> ResponseMessage:
    """Return the message that an interaction was answered with."""
    assert result.response is not None
    return result.response


def words(message: Any) -> str:
    """Return all text of a message as a person reads it, one component a line."""
    shown = message.message if hasattr(message, "message") else message
    items = discord.ui.LayoutView.from_message(shown).walk_children()
    return "\n".join(item.content for item in items if isinstance(item, discord.ui.TextDisplay))


def controls(message: Any) -> list[Any]:
    """Return the buttons and menus of a message, in order."""
    shown = message.message if hasattr(message, "message") else message
    items = discord.ui.LayoutView.from_message(shown).walk_children()
    return [item for item in items if isinstance(item, discord.ui.Button | discord.ui.Select)]


def labels(message: Any) -> list[str]:
    """Return the labels of a message's buttons."""
    return [str(item.label) for item in controls(message) if isinstance(item, discord.ui.Button)]


def parts(message: Any) -> list[dict[str, Any]]:
    """Return every component of a message as it went over the wire, in order."""

    def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for component in components:
            nested = [*component.get("components", []), *filter(None, [component.get("accessory")])]
            found += [component, *walk(nested)]
        return found

    return walk(message.components)


def bodies(env: simcord.Env) -> list[dict[str, Any]]:
    """Return the body of every message the bot sent or edited, as it went over the wire."""
    sent = [request.json for request in env.http_requests if isinstance(request.json, dict)]
    return [found for made in sent if "components" in (found := made.get("data") or made)]


def silent(env: simcord.Env) -> bool:
    """Say whether every message forbade each mention, and none used the content that could hold one."""
    made = bodies(env)
    return bool(made) and all(
        body.get("allowed_mentions") == {"parse": []} and not body.get("content") for body in made
    )
